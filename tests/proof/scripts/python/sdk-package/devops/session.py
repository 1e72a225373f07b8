from azure.devops.connection import Connection
from msrest.authentication import BasicAuthentication


class Session:
    """Makes clients when they are asked for."""

    def __init__(self, organization: str, token: str) -> None:
        self._credentials = BasicAuthentication("", token)
        self._connection = Connection(base_url=f"https://dev.azure.com/{organization}", creds=self._credentials)

    @property
    def builds(self):
        return self._connection.clients.get_build_client()
