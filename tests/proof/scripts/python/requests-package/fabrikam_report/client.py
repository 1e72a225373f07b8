import requests

from .auth import auth_headers
from .settings import API_VERSION, BASE_URL


def get(path):
    response = requests.get(f"{BASE_URL}/{path}?api-version={API_VERSION}", headers=auth_headers(), timeout=30)
    response.raise_for_status()
    return response.json()


def projects():
    return [project["name"] for project in get("_apis/projects")["value"]]


def repositories(project):
    return get(f"{project}/_apis/git/repositories")["value"]
