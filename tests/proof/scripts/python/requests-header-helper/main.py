"""Shows a work item and counts repositories."""

import base64
import os

import requests

ORGANIZATION_URL = "https://dev.azure.com/fabrikam"
PROJECT = "Fiber"
PAT = os.environ.get("ADO_PAT", "")


def get_headers():
    """Headers for every call."""
    encoded = base64.b64encode(f":{PAT}".encode()).decode()
    return {
        "Authorization": f"Basic {encoded}",
        "Accept": "application/json",
    }


def get_work_item(number):
    url = f"{ORGANIZATION_URL}/{PROJECT}/_apis/wit/workitems/{number}?api-version=7.1"
    response = requests.get(url, headers=get_headers(), timeout=30)
    response.raise_for_status()
    return response.json()


def count_repositories():
    url = f"{ORGANIZATION_URL}/{PROJECT}/_apis/git/repositories?api-version=7.1"
    response = requests.get(url, headers=get_headers(), timeout=30)
    response.raise_for_status()
    return response.json()["count"]


if __name__ == "__main__":
    print("work item 7:", get_work_item(7)["fields"]["System.Title"])
    print(count_repositories(), "repositories")
