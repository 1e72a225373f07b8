"""A header that a condition sets, an authenticator puts in, or a helper makes for several services."""

from __future__ import annotations

import pytest

from fixes.in_memory import fixed
from pat_audit.tokens.samples import expand

START = "import base64\nimport os\n\nimport requests\n\nURL = 'https://dev.azure.com/fabrikam/_apis/projects'\n\n\n"
ENCODED = "base64.b64encode(f\":{os.environ['ADO_PAT']}\".encode()).decode()"


def test_a_condition_goes_with_the_header_that_it_was_there_for() -> None:
    code = (
        "def get(signed=True):\n    headers = {}\n    if signed:\n"
        f"        headers['Authorization'] = 'Basic ' + {ENCODED}\n    return requests.get(URL, headers=headers)\n"
    )
    text = fixed({"a.py": START + code})["a.py"]
    assert "if signed" not in text
    assert text.endswith("    headers = {}\n    return requests.get(URL, headers=headers, auth=entra_auth)\n")


@pytest.mark.parametrize(
    "block",
    [
        "    if signed:\n        {}\n    else:\n        print('nobody')\n",
        "    if signed():\n        {}\n",
        "    for name in signed:\n        {}\n",
    ],
    ids=["it has another branch", "it calls something", "it is a loop"],
)
def test_a_block_that_would_be_empty_is_left_to_a_person(block: str) -> None:
    code = block.format(f"headers['Authorization'] = 'Basic ' + {ENCODED}")
    assert not fixed(
        {"a.py": f"{START}def get(signed):\n    headers = {{}}\n{code}    return requests.get(URL, headers=headers)\n"}
    )


AUTHENTICATOR = """\
class Pat(requests.auth.AuthBase):
    def __call__(self, request):
        {}
        return request


session = requests.Session()
session.auth = Pat()
print(session.get(URL).text)
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            f"request.headers['Authorization'] = 'Basic ' + {ENCODED}",
            "request.headers['Authorization'] = f'Bearer {entra_token()}'",
        ),
        (
            f"request.headers.update({{'Authorization': 'Basic ' + {ENCODED}}})",
            "request.headers.update({'Authorization': f'Bearer {entra_token()}'})",
        ),
        (
            f"value = 'Basic ' + {ENCODED}\n        request.headers['Authorization'] = value",
            "value = f'Bearer {entra_token()}'\n        request.headers['Authorization'] = value",
        ),
    ],
)
def test_an_authenticator_puts_the_token_where_the_header_was(before: str, after: str) -> None:
    text = fixed({"a.py": START + AUTHENTICATOR.format(before)})["a.py"]
    assert text.endswith(AUTHENTICATOR.format(after))
    assert "entra_auth" not in text


def test_a_header_that_another_service_gets_too_is_left_to_a_person() -> None:
    code = (
        "def basic(user, password):\n"
        "    return {'Authorization': 'Basic ' + base64.b64encode(f'{user}:{password}'.encode()).decode()}\n\n\n"
        "requests.get('https://jenkins.fabrikam.com/api', headers=basic('me', os.environ['JENKINS_PASSWORD']))\n"
        "requests.get(URL, headers=basic('', os.environ['ADO_PAT']))\n"
    )
    assert not fixed({"a.py": START + code})


def test_a_written_token_goes_with_its_name_where_nothing_uses_it_any_more() -> None:
    code = 'import requests\n\nPAT = "<<azure-devops-pat>>"\nrequests.get({}, auth=("", PAT))\n'
    text = fixed({"a.py": expand(code.format("'https://dev.azure.com/fabrikam/_apis/projects'"))})["a.py"]
    assert "PAT" not in text
    assert "import os" not in text


def test_the_library_is_known_by_what_made_the_sign_in() -> None:
    code = (
        "import os\nfrom aiohttp import BasicAuth\n\n\nasync def get(session):\n"
        "    return await session.get('https://dev.azure.com/fabrikam', auth=BasicAuth('', os.environ['ADO_PAT']))\n"
    )
    assert "auth=EntraAuth())" in fixed({"a.py": code})["a.py"]
