import base64
import os

import requests

API_VERSION = "7.1"
BASE = "https://dev.azure.com/fabrikam"


def _auth_header():
    pat = os.environ["ADO_PAT"]
    return "Basic " + str(base64.b64encode(bytes(":" + pat, "ascii")), "ascii")


def call(method, path, content_type="application/json", **options):
    headers = {"Authorization": _auth_header(), "Content-Type": content_type}
    response = requests.request(
        method, f"{BASE}/{path}", headers=headers, params={"api-version": API_VERSION}, timeout=60, **options
    )
    response.raise_for_status()
    return response.json()


def create_task(title):
    change = [{"op": "add", "path": "/fields/System.Title", "value": title}]
    return call("POST", "Fiber/_apis/wit/workitems/$Task", "application/json-patch+json", json=change)


if __name__ == "__main__":
    item = create_task("Weave")
    print("created", item["id"], item["fields"]["System.Title"])
    print(call("GET", "_apis/projects")["count"], "projects")
