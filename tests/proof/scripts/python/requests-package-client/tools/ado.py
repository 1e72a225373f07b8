import requests


class Graph:
    """The organization's users."""

    url = "https://vssps.dev.azure.com/fabrikam/_apis/graph/users"

    def __init__(self, personal_access_token):
        self.personal_access_token = personal_access_token

    def users(self):
        response = requests.get(self.url, auth=("", self.personal_access_token), timeout=10)
        response.raise_for_status()
        return [user["principalName"] for user in response.json()["value"]]
