import os
import subprocess

environment = {**os.environ, "AZURE_DEVOPS_EXT_PAT": os.environ["ADO_PAT"]}
command = [
    "az", "devops", "project", "list",
    "--organization", "https://dev.azure.com/fabrikam",
    "--query", "value[].name", "--output", "tsv",
]
result = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
print(result.stdout.strip())
