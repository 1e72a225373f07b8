import os

import httpx

PAT = os.environ["ADO_PAT"]
url = "https://dev.azure.com/fabrikam/Fiber/_apis/wit/attachments/1"
with httpx.Client(follow_redirects=True, auth=("", PAT)) as client:
    response = client.get(url)
    response.raise_for_status()
    print(response.text)
