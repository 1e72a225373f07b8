import asyncio
import os

from aiohttp import BasicAuth, ClientSession

PAT = os.environ["ADO_PAT"]
BASE = "https://dev.azure.com/fabrikam/Fiber/_apis/wit/workitems"


async def work_item(session, number):
    async with session.get(f"{BASE}/{number}", auth=BasicAuth("", PAT)) as response:
        if response.status != 200:
            raise RuntimeError(f"{response.status} for {number}")
        return await response.json()


async def main():
    async with ClientSession() as session:
        for number in (7, 8):
            item = await work_item(session, number)
            print(item["id"], item["fields"]["System.Title"])


if __name__ == "__main__":
    asyncio.run(main())
