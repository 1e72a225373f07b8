import argparse
import os

import requests


def parse_arguments():
    parser = argparse.ArgumentParser(description="Lists projects")
    parser.add_argument("--organization", required=True)
    parser.add_argument("--pat", default=os.environ.get("ADO_PAT"), help="personal access token")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    session = requests.Session()
    session.auth = ("", arguments.pat)
    response = session.get(f"https://dev.azure.com/{arguments.organization}/_apis/projects?api-version=7.1")
    for project in response.json()["value"]:
        print(project["name"])


if __name__ == "__main__":
    main()
