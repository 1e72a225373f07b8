"""The code that recipes show people signs in where Basic is refused, and shows no other host the token."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pat_audit.catalogue import load_catalogue
from proof import answers

if TYPE_CHECKING:
    from pathlib import Path

    from proof.ground import Ground

PROJECTS = "https://dev.azure.com/contoso/_apis/projects?api-version=7.1"
ATTACHMENT = f"{answers.BASE}/Fiber/_apis/wit/attachments/1"
USES = {
    "entra-token-requests": "print(response.text)",
    "entra-token-httpx": f"print(client.get({ATTACHMENT!r}, follow_redirects=True).text)",
    "entra-token-aiohttp": "import asyncio\nprint(asyncio.run(projects()))",
    "entra-token-urllib": "print(body.decode())",
    "entra-token-urllib3": "print(response.data.decode())",
}


@pytest.mark.parametrize("id", USES)
def test_the_code_of_a_recipe_keeps_the_token_to_the_service(id: str, ground: Ground, tmp_path: Path) -> None:
    code = load_catalogue(plugins=False).recipe_by_id[id].code["python"]
    code = (
        code.replace(PROJECTS, ATTACHMENT).replace("contoso", "fabrikam").replace("response.json()", "response.text()")
    )
    (tmp_path / "program.py").write_text(f"{code}\n{USES[id]}\n")
    ran = ground.run(("python", "program.py"), tmp_path, tmp_path / "home", with_pat=False)
    assert ran.done.output == f"{answers.ATTACHMENT}\n", ran.done.errors[-800:]
    assert any(seen.sign_in == "entra" for seen in ran.service.seen)
    assert not ran.service.leaks
