import base64
import os

import requests


class AzureDevOpsClient:
    """A small client for the REST API."""

    def __init__(self, organization, pat):
        self.base_url = f"https://dev.azure.com/{organization}"
        credentials = base64.b64encode(f":{pat}".encode("utf-8")).decode("utf-8")
        self.headers = {
            "Authorization": f"Basic {credentials}",
            "Content-Type": "application/json",
        }

    def get_projects(self):
        response = requests.get(f"{self.base_url}/_apis/projects", headers=self.headers)
        response.raise_for_status()
        return response.json()["value"]

    def get_builds(self, project):
        response = requests.get(f"{self.base_url}/{project}/_apis/build/builds", headers=self.headers)
        response.raise_for_status()
        return response.json()["value"]


def main():
    client = AzureDevOpsClient("fabrikam", os.environ["ADO_PAT"])
    print("projects:", ", ".join(project["name"] for project in client.get_projects()))
    print("last build:", client.get_builds("Fiber")[0]["result"])


if __name__ == "__main__":
    main()
