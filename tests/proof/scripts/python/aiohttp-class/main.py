import asyncio
import os

import aiohttp


class DevOpsClient:
    """Holds one session for its life."""

    def __init__(self, organization: str, pat: str):
        self._organization = organization
        self._auth = aiohttp.BasicAuth(login="", password=pat)
        self._session = None

    async def connect(self):
        self._session = aiohttp.ClientSession(auth=self._auth)

    async def close(self):
        await self._session.close()

    async def build_status(self, project: str, number: int) -> str:
        url = f"https://dev.azure.com/{self._organization}/{project}/_apis/build/builds/{number}"
        async with self._session.get(url) as response:
            response.raise_for_status()
            return (await response.json())["status"]


async def main():
    client = DevOpsClient("fabrikam", os.environ["ADO_PAT"])
    await client.connect()
    try:
        status = None
        while status != "completed":
            status = await client.build_status("Fiber", 40)
            print(status)
    finally:
        await client.close()


asyncio.run(main())
