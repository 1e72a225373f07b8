import asyncio
import base64
import os

import aiohttp


def headers(pat: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f":{pat}".encode()).decode()}


async def main() -> None:
    async with aiohttp.ClientSession(headers=headers(os.environ["ADO_PAT"])) as session:
        async with session.get("https://dev.azure.com/fabrikam/_apis/git/repositories") as response:
            content = await response.json()
    print(", ".join(repository["name"] for repository in content["value"]))


asyncio.run(main())
