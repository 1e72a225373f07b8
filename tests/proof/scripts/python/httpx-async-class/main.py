from __future__ import annotations

import asyncio
import base64
import os

import httpx


class Builds:
    """Looks at builds of one project."""

    def __init__(self, project: str, pat: str) -> None:
        credentials = base64.b64encode(f":{pat}".encode()).decode()
        self._client = httpx.AsyncClient(
            base_url=f"https://dev.azure.com/fabrikam/{project}/_apis/build/",
            headers={"Authorization": f"Basic {credentials}"},
        )

    async def __aenter__(self) -> Builds:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def status(self, number: int) -> str:
        response = await self._client.get(f"builds/{number}")
        response.raise_for_status()
        return response.json()["status"]


async def main() -> None:
    async with Builds("Fiber", os.environ["ADO_PAT"]) as builds:
        status = ""
        while status != "completed":
            status = await builds.status(41)
            print(status)


if __name__ == "__main__":
    asyncio.run(main())
