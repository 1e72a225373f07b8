import os
import time

from azure.devops.connection import Connection
from msrest.authentication import BasicAuthentication

connection = Connection(
    base_url="https://dev.azure.com/fabrikam", creds=BasicAuthentication("", os.environ["ADO_PAT"])
)
builds = connection.clients.get_build_client()
while True:
    build = builds.get_build("Fiber", 40)
    print(build.status)
    if build.status == "completed":
        break
    time.sleep(0.01)
