import os

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry


def make_session(pat):
    session = requests.Session()
    retry = Retry(total=3, backoff_factor=0.1, status_forcelist=[429, 500, 502, 503])
    session.mount("https://", HTTPAdapter(max_retries=retry))
    session.auth = ("", pat)
    return session


def main():
    session = make_session(os.environ["ADO_PAT"])
    base = "https://dev.azure.com/fabrikam"
    counts = {}
    for project in session.get(f"{base}/_apis/projects?api-version=7.1").json()["value"]:
        name = project["name"]
        counts[name] = session.get(f"{base}/{name}/_apis/git/repositories?api-version=7.1").json()["count"]
    print(counts)


main()
