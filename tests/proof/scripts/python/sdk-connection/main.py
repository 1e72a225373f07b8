import os

from azure.devops.connection import Connection
from msrest.authentication import BasicAuthentication

personal_access_token = os.environ["ADO_PAT"]
organization_url = "https://dev.azure.com/fabrikam"

# Create a connection to the org
credentials = BasicAuthentication("", personal_access_token)
connection = Connection(base_url=organization_url, creds=credentials)

core_client = connection.clients.get_core_client()
for project in core_client.get_projects():
    print(project.name)
