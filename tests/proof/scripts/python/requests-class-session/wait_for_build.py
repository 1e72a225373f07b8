"""Queues a build and waits for its end."""

from __future__ import annotations

import os
import time

import requests


class BuildClient:
    def __init__(self, organization: str, project: str, token: str) -> None:
        self._session = requests.Session()
        self._session.auth = requests.auth.HTTPBasicAuth("", token)
        self._base = f"https://dev.azure.com/{organization}/{project}/_apis/build/builds"

    def queue(self, definition: int) -> int:
        response = self._session.post(self._base, json={"definition": {"id": definition}})
        response.raise_for_status()
        return response.json()["id"]

    def status(self, build: int) -> tuple[str, str]:
        response = self._session.get(f"{self._base}/{build}")
        response.raise_for_status()
        content = response.json()
        return content["status"], content["result"]


if __name__ == "__main__":
    client = BuildClient("fabrikam", "Fiber", os.environ["ADO_PAT"])
    number = client.queue(3)
    while True:
        status, result = client.status(number)
        print(status)
        if status == "completed":
            print(result)
            break
        time.sleep(0.01)
