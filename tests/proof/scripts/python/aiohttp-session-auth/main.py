import asyncio
import os

import aiohttp


async def main():
    auth = aiohttp.BasicAuth("", os.environ["ADO_PAT"])
    async with aiohttp.ClientSession(auth=auth) as session:
        async with session.get("https://dev.azure.com/fabrikam/_apis/projects?api-version=7.1") as response:
            response.raise_for_status()
            for project in (await response.json())["value"]:
                print(project["name"])


asyncio.run(main())
