import os
import subprocess
import tempfile
from pathlib import Path

pat = os.environ["ADO_PAT"]

with tempfile.TemporaryDirectory() as folder:
    url = f"https://fabrikam:{pat}@dev.azure.com/fabrikam/Fiber/_git/tools"
    subprocess.run(["git", "clone", "--quiet", "--depth", "1", url, folder], check=True)
    print((Path(folder) / "README.md").read_text().strip())
