"""Walks through the pages of a listing."""

import base64
import os
from typing import Iterator

import requests


def pages(url: str, pat: str) -> Iterator[dict]:
    """Each item of each page."""
    authorization = "Basic " + base64.b64encode(f":{pat}".encode()).decode()
    headers = {"Authorization": authorization}
    params = {"$top": "1", "api-version": "7.1"}
    while True:
        response = requests.get(url, headers=headers, params=params)
        response.raise_for_status()
        yield from response.json()["value"]
        token = response.headers.get("x-ms-continuationtoken")
        if not token:
            return
        params["continuationToken"] = token


if __name__ == "__main__":
    for project in pages("https://dev.azure.com/fabrikam/_apis/projects", os.environ["ADO_PAT"]):
        print(project["name"])
