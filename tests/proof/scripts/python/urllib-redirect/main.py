import base64
import os
import urllib.request


def download(url):
    credentials = base64.b64encode((":" + os.environ["ADO_PAT"]).encode("ascii"))
    request = urllib.request.Request(url)
    request.add_unredirected_header("Authorization", "Basic " + credentials.decode("ascii"))
    with urllib.request.urlopen(request) as response:
        return response.read()


print(download("https://dev.azure.com/fabrikam/Fiber/_apis/wit/attachments/1").decode())
