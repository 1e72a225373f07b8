import os

from azure.devops.connection import Connection
from msrest.authentication import BasicAuthentication


def get_connection(organization, pat):
    """A connection to an organization."""
    return Connection(base_url=f"https://dev.azure.com/{organization}", creds=BasicAuthentication("", pat))


def main():
    connection = get_connection("fabrikam", os.environ["ADO_PAT"])
    items = connection.clients.get_work_item_tracking_client()
    print(items.get_work_item(7).fields["System.Title"])
    repositories = connection.clients.get_git_client().get_repositories("Fiber")
    print(", ".join(repository.name for repository in repositories))


if __name__ == "__main__":
    main()
