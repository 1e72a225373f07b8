import os

import requests


def fetch(url, token):
    reply = requests.get(url, auth=("", token))
    reply.raise_for_status()
    return reply.json()


def title(organization, project, number, token):
    item = fetch(f"https://dev.azure.com/{organization}/{project}/_apis/wit/workitems/{number}", token)
    return item["fields"]["System.Title"]


def main():
    token = os.environ["ADO_PAT"]
    print(title("fabrikam", "Fiber", 8, token))


if __name__ == "__main__":
    main()
