import os

import requests


class Dashboard:
    def __init__(self, pat, build_password):
        self.azure = requests.Session()
        self.azure.auth = ("", pat)
        self.builds = requests.Session()
        self.builds.auth = ("deploy", build_password)

    def colour(self):
        return self.builds.get("https://ci.fabrikam.example/job/loom/api/json").json()["color"]

    def projects(self):
        return self.azure.get("https://dev.azure.com/fabrikam/_apis/projects").json()["count"]


board = Dashboard(os.environ["ADO_PAT"], os.environ["BUILD_SERVER_PASSWORD"])
print(board.colour())
print(board.projects())
