import asyncio
import os

import httpx


async def last_build(client: httpx.AsyncClient, project: str) -> str:
    response = await client.get(f"https://dev.azure.com/fabrikam/{project}/_apis/build/builds?api-version=7.1")
    response.raise_for_status()
    return f"{project}: {response.json()['value'][0]['result']}"


async def main() -> None:
    auth = httpx.BasicAuth(username="", password=os.environ["ADO_PAT"])
    async with httpx.AsyncClient(auth=auth) as client:
        for line in await asyncio.gather(last_build(client, "Fiber"), last_build(client, "Loom")):
            print(line)


asyncio.run(main())
