#!/usr/bin/env python3
"""Counts projects and repositories."""
import os
import sys

import requests
from requests.auth import HTTPBasicAuth

BASE = 'https://dev.azure.com/fabrikam'


def main():
    pat = os.getenv('ADO_PAT')
    if not pat:
        print('set ADO_PAT', file=sys.stderr)
        return 1
    auth = HTTPBasicAuth('', pat)
    projects = requests.get(BASE + '/_apis/projects', auth=auth)
    repositories = requests.get(BASE + '/Fiber/_apis/git/repositories', auth=auth)
    print('projects:', projects.json()['count'])
    print('repositories:', repositories.json()['count'])
    return 0


if __name__ == '__main__':
    sys.exit(main())
