import os

ORGANIZATION = os.environ.get("ADO_ORGANIZATION", "fabrikam")
BASE_URL = f"https://dev.azure.com/{ORGANIZATION}"
PERSONAL_ACCESS_TOKEN = os.environ["ADO_PAT"]
API_VERSION = "7.1"
