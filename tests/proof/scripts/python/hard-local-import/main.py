"""A task of a scheduler: what it needs is imported when it runs."""


def task():
    import base64
    import os

    import requests

    credentials = base64.b64encode(f"user:{os.environ['ADO_PAT']}".encode()).decode()
    response = requests.get(
        "https://dev.azure.com/fabrikam/_apis/projects/Fiber",
        headers={"Authorization": f"Basic {credentials}"},
    )
    print(response.json()["name"])


def main():
    task()
    print("done")


if __name__ == "__main__":
    main()
