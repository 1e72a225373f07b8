import asyncio
import os

import aiohttp

ATTACHMENT = "https://dev.azure.com/fabrikam/Fiber/_apis/wit/attachments/1"


async def download(pat):
    async with aiohttp.ClientSession() as session:
        async with session.get(ATTACHMENT, auth=aiohttp.BasicAuth("", pat)) as response:
            response.raise_for_status()
            return await response.text()


print(asyncio.run(download(os.environ["ADO_PAT"])))
