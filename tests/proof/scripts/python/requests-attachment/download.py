import os

import requests

URL = "https://dev.azure.com/fabrikam/Fiber/_apis/wit/attachments/1?api-version=7.1"


def download(url, pat):
    with requests.get(url, auth=("", pat), stream=True) as response:
        response.raise_for_status()
        return b"".join(response.iter_content(1024))


print(download(URL, os.environ["ADO_PAT"]).decode())
