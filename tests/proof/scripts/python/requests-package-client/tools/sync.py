import os

from ado import Graph


def main():
    users = Graph(os.environ["ADO_PAT"]).users()
    print(len(users), "users")
    print(users[0])


if __name__ == "__main__":
    main()
