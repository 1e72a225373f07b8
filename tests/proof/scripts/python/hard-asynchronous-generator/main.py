import asyncio
import os
from base64 import b64encode

import aiohttp


class Client:
    def __init__(self, pat: str) -> None:
        self._headers = {"Authorization": "Basic " + b64encode(f":{pat}".encode()).decode()}

    async def __aenter__(self):
        self._session = aiohttp.ClientSession("https://dev.azure.com", headers=self._headers)
        return self

    async def __aexit__(self, *details):
        await self._session.close()

    async def projects(self):
        params = {"$top": "1"}
        while True:
            async with self._session.get("/fabrikam/_apis/projects", params=params) as response:
                response.raise_for_status()
                for project in (await response.json())["value"]:
                    yield project["name"]
                if "x-ms-continuationtoken" not in response.headers:
                    return
                params["continuationToken"] = response.headers["x-ms-continuationtoken"]


async def main():
    async with Client(os.environ["ADO_PAT"]) as client:
        async for name in client.projects():
            print(name)


asyncio.run(main())
