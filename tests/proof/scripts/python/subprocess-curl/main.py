import json
import os
import subprocess

output = subprocess.check_output(
    ["curl", "-sS", "--fail", "-u", ":" + os.environ["ADO_PAT"], "https://dev.azure.com/fabrikam/_apis/projects"]
)
print(json.loads(output)["count"])
