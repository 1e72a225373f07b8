"""What the fixer writes into Python: exact texts, in every encoding and shape a file may have."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from fixes.in_memory import one
from pat_audit.tokens.samples import sample

if TYPE_CHECKING:
    from pathlib import Path

CODE = """\
import os
import requests

PAT = os.environ["ADO_PAT"]
print(requests.get("https://dev.azure.com/fabrikam/_apis/projects", auth=("", PAT)).text)
"""
HELPER = '''\
entra_token = get_bearer_token_provider(
    DefaultAzureCredential(), "499b84ac-1321-427f-aa17-267ca6975798/.default"
)


def entra_auth(request):
    """Sign a request in to Azure DevOps with a Microsoft Entra token that is refreshed in time."""
    request.headers["Authorization"] = f"Bearer {entra_token()}"
    return request
'''
FIXED = f"""\
import requests
from azure.identity import DefaultAzureCredential, get_bearer_token_provider

{HELPER}

print(requests.get("https://dev.azure.com/fabrikam/_apis/projects", auth=entra_auth).text)
"""


def run(folder: Path, *arguments: str, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "pat_audit", "check", "--isolated", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, input=stdin, check=False)


def fixed(folder: Path, raw: bytes, name: str = "a.py", *, changes: bool = True) -> bytes:
    """What `--fix --unsafe-fixes` makes of a file, once; a second run must leave it."""
    file = folder / name
    file.write_bytes(raw)
    done = run(folder, "--fix", "--unsafe-fixes", name)
    assert done.returncode in (0, 1), done.stderr.decode()
    text = file.read_bytes()
    assert (text != raw) == changes, done.stderr.decode()
    run(folder, "--fix", "--unsafe-fixes", name)
    assert file.read_bytes() == text, "a second run changed it again"
    return text


def test_the_whole_text(tmp_path: Path) -> None:
    assert fixed(tmp_path, CODE.encode()).decode() == FIXED


@pytest.mark.parametrize(
    ("encode", "decode"),
    [
        (lambda text: text.replace("\n", "\r\n").encode(), lambda raw: raw.decode().replace("\r\n", "\n")),
        (lambda text: b"\xef\xbb\xbf" + text.encode(), lambda raw: raw.removeprefix(b"\xef\xbb\xbf").decode()),
        (
            lambda text: ("# -*- coding: latin-1 -*-\n# café\n" + text).encode("latin-1"),
            lambda raw: raw.decode("latin-1").removeprefix("# -*- coding: latin-1 -*-\n# café\n"),
        ),
        (lambda text: text.removesuffix("\n").encode(), lambda raw: raw.decode() + "\n"),
    ],
    ids=["CRLF", "BOM", "latin-1", "no final newline"],
)
def test_encodings_and_line_ends_are_kept(tmp_path: Path, encode, decode) -> None:  # type: ignore[no-untyped-def]
    raw = fixed(tmp_path, encode(CODE))
    assert decode(raw) == FIXED
    assert (b"\r\n" in raw) == (b"\r\n" in encode(CODE))
    assert raw.count(b"\n") == raw.count(b"\r\n") or b"\r\n" not in raw
    assert raw.startswith(b"\xef\xbb\xbf") == encode(CODE).startswith(b"\xef\xbb\xbf")


def test_a_form_feed_is_kept(tmp_path: Path) -> None:
    text = CODE.replace("PAT = ", "\x0c\nPAT = ").replace("print", "pat = PAT\nprint")
    assert b"\x0c\n" in fixed(tmp_path, text.encode())


def test_names_that_are_taken(tmp_path: Path) -> None:
    code = (
        CODE + "\n\nclass DefaultAzureCredential:\n    pass\n\n\ndef entra_auth():\n    return DefaultAzureCredential\n"
    )
    text = fixed(tmp_path, code.encode()).decode()
    assert "from azure.identity import DefaultAzureCredential as DefaultAzureCredential2" in text
    assert "DefaultAzureCredential2(), " in text
    assert "def entra_auth_2(request):" in text
    assert "auth=entra_auth_2)" in text
    compile(text, "a.py", "exec")


def test_star_imports_and_type_checking(tmp_path: Path) -> None:
    code = CODE.replace(
        "import requests\n",
        "from typing import TYPE_CHECKING\nfrom os.path import *\nimport requests\n"
        "if TYPE_CHECKING:\n    from azure.identity import DefaultAzureCredential\n",
    )
    text = fixed(tmp_path, code.encode()).decode()
    compile(text, "a.py", "exec")
    head, _, rest = text.partition("\nif TYPE_CHECKING:\n")
    assert "azure.identity import" in head
    assert "    from azure.identity import DefaultAzureCredential\n" in rest


def test_code_under_type_checking_is_left_alone(tmp_path: Path) -> None:
    code = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import requests\n"
    fixed(tmp_path, code.encode(), changes=False)


def test_docstring_and_future_import_stay_first(tmp_path: Path) -> None:
    code = '"""What it does."""\n\nfrom __future__ import annotations\n\n' + CODE
    text = fixed(tmp_path, code.encode()).decode()
    assert text.startswith(
        '"""What it does."""\n\nfrom __future__ import annotations\n\nimport requests\nfrom azure.identity'
    )
    compile(text, "a.py", "exec")


def test_single_quotes_and_own_lines(tmp_path: Path) -> None:
    code = (
        "import os\nimport base64\nimport requests\n\n"
        "def get(path):\n"
        "    token = base64.b64encode((':' + os.environ['ADO_PAT']).encode()).decode()\n"
        "    return requests.get(\n"
        "        'https://dev.azure.com/fabrikam/_apis/' + path,\n"
        "        headers={\n"
        "            'Accept': 'application/json',  # what we want\n"
        "            'Authorization': 'Basic ' + token,\n"
        "        },\n"
        "    )\n"
    )
    text = fixed(tmp_path, code.encode()).decode()
    assert text.endswith(
        "def get(path):\n"
        "    return requests.get(\n"
        "        'https://dev.azure.com/fabrikam/_apis/' + path,\n"
        "        headers={\n"
        "            'Accept': 'application/json',  # what we want\n"
        "        },\n"
        "        auth=entra_auth,\n"
        "    )\n"
    ), text
    assert "import base64" not in text
    assert "import os" not in text


def test_what_else_uses_it_stays(tmp_path: Path) -> None:
    code = CODE + "print(len(PAT), os.sep)\n"
    text = fixed(tmp_path, code.encode()).decode()
    assert 'PAT = os.environ["ADO_PAT"]' in text
    assert "import os" in text


def test_a_helper_that_another_file_calls_stays(tmp_path: Path) -> None:
    code = (
        "import base64\nimport os\n\nimport requests\n\n\n"
        "def encode(pat):\n    return base64.b64encode(f':{pat}'.encode()).decode()\n\n\n"
        "def get(url):\n"
        "    head = {'Authorization': 'Basic ' + encode(os.environ['ADO_PAT']), 'Accept': '*/*'}\n"
        "    return requests.get('https://dev.azure.com/fabrikam', headers=head)\n"
    )
    (tmp_path / "other.py").write_text("from a import encode\n")
    assert "def encode" in fixed(tmp_path, code.encode()).decode()
    (tmp_path / "other.py").unlink()
    assert "def encode" not in fixed(tmp_path, code.encode()).decode()


SCRIPT = (
    "import base64\nimport os\n\nimport requests\n\n"
    "pair = base64.b64encode((':' + os.environ['ADO_PAT']).encode()).decode()\n"
    "head = {\n    'Authorization': 'Basic ' + pair,\n}\n"
    "print(requests.get('https://dev.azure.com/fabrikam', headers=head).text)\n"
)


def test_scripts_side_by_side_share_no_names() -> None:
    alone = one("01_builds.py", SCRIPT, **{"02_runs.py": "pair = 1\nprint(pair)\n"})
    assert "pair" not in alone
    assert "import base64" not in alone
    assert "head = {}\n" in alone
    assert "pair = base64" in one("builds.py", SCRIPT, **{"runs.py": "from builds import pair\nprint(pair)\n"})


def test_one_helper_for_two_services_is_left_to_a_person(tmp_path: Path) -> None:
    code = (
        "import os\nimport requests\n\n\n"
        "def get(url, user, password):\n    return requests.get(url, auth=(user, password))\n\n\n"
        "get('https://dev.azure.com/fabrikam/_apis/projects', '', os.environ['ADO_PAT'])\n"
        "get('https://jenkins.fabrikam.com/api', 'me', os.environ['JENKINS_PASSWORD'])\n"
    )
    fixed(tmp_path, code.encode(), changes=False)


def test_servers_get_no_entra(tmp_path: Path) -> None:
    code = CODE.replace("https://dev.azure.com/fabrikam", "https://tfs.fabrikam.com/tfs/DefaultCollection")
    fixed(tmp_path, code.encode(), changes=False)


def test_safe_fixes_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(CODE)
    run(tmp_path, "--fix", "a.py")
    assert file.read_text() == CODE, "where a credential comes from changes with --unsafe-fixes only"


def test_diff_writes_nothing_and_applies(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(CODE)
    done = run(tmp_path, "--diff", "--unsafe-fixes", ".")
    assert done.returncode == 1
    assert file.read_text() == CODE
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply"], cwd=tmp_path, input=done.stdout, check=True)
    assert file.read_text() == FIXED
    assert run(tmp_path, "--diff", "--unsafe-fixes", ".").returncode == 0


def test_standard_input_is_fixed_to_standard_output(tmp_path: Path) -> None:
    done = run(tmp_path, "--fix", "--unsafe-fixes", "--stdin-filename", "a.py", "-", stdin=CODE.encode())
    assert done.stdout.decode() == FIXED
    assert not list(tmp_path.iterdir())


def test_edits_in_json_are_the_fix(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(CODE)
    report = json.loads(run(tmp_path, "--output-format", "json", ".").stdout)
    (finding,) = [each for each in report["findings"] if each["rule"] == "PAT202"]
    fix = finding["fixes"][0]
    assert fix["safety"] == "unsafe"
    raw = file.read_bytes()
    for edit in sorted(fix["edits"], key=lambda edit: -edit["start"]):
        assert edit["path"] == "a.py"
        raw = raw[: edit["start"]] + edit["text"].encode() + raw[edit["end"] :]
    assert raw.decode() == FIXED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("requests==2.32\n", "azure-identity>=1.15\nrequests==2.32\n"),
        ("requests\nazure.identity\n", "requests\nazure.identity\n"),
        ("# what we need\nzope\nrequests", "# what we need\nzope\nrequests\nazure-identity>=1.15\n"),
    ],
)
def test_requirements_txt(tmp_path: Path, before: str, after: str) -> None:
    (tmp_path / "requirements.txt").write_text(before)
    (tmp_path / "tools").mkdir()
    fixed(tmp_path, CODE.encode(), "tools/a.py")
    assert (tmp_path / "requirements.txt").read_text() == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '[project]\nname = "a"\ndependencies = [\n  "requests[socks]>=2",  # http\n]\n',
            '[project]\nname = "a"\ndependencies = [\n  "requests[socks]>=2",  # http\n  "azure-identity>=1.15",\n]\n',
        ),
        (
            '[project]\ndependencies = ["requests"]\n',
            '[project]\ndependencies = ["requests", "azure-identity>=1.15"]\n',
        ),
        ("[project]\ndependencies = []\n", '[project]\ndependencies = ["azure-identity>=1.15"]\n'),
        (
            '[tool.poetry.dependencies]\npython = "^3.11"\n',
            '[tool.poetry.dependencies]\nazure-identity = ">=1.15"\npython = "^3.11"\n',
        ),
    ],
)
def test_pyproject_toml(tmp_path: Path, before: str, after: str) -> None:
    (tmp_path / "pyproject.toml").write_text(before)
    fixed(tmp_path, CODE.encode())
    assert (tmp_path / "pyproject.toml").read_text() == after


def test_what_is_to_install_is_said_where_no_file_says_it(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(CODE)
    done = run(tmp_path, "--fix", "--unsafe-fixes", "a.py")
    assert b"the fixed code needs azure-identity>=1.15: install it" in done.stderr


def test_notebooks_and_prose_stay_what_they_are(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "source": CODE.splitlines(keepends=True), "metadata": {}, "outputs": []}
    notebook = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)
    fixed(tmp_path, notebook.encode(), "a.ipynb", changes=False)
    fixed(tmp_path, f"# How to\n\n```python\n{CODE}```\n".encode(), "README.md", changes=False)


def test_a_refused_endpoint_of_the_person_stays_manual(tmp_path: Path) -> None:
    code = CODE.replace("dev.azure.com/fabrikam/_apis/projects", "vssps.dev.azure.com/fabrikam/_apis/tokens/pats")
    fixed(tmp_path, code.encode(), changes=False)
    report = json.loads(run(tmp_path, "--output-format", "json", "a.py").stdout)
    (finding,) = [each for each in report["findings"] if each["rule"] == "PAT301"]
    assert all(fix["safety"] == "manual" and not fix["edits"] for fix in finding["fixes"])
    assert any("steps" in fix and fix["steps"] for fix in finding["fixes"])


def test_what_is_known_of_one_carries_over_to_its_siblings(tmp_path: Path) -> None:
    one = (
        "def {}(url, pat):\n"
        "    head = {{'Authorization': f'Basic {{pat}}', 'Accept': '*/*'}}\n"
        "    return requests.get(url, headers=head)\n"
    )
    (tmp_path / "calls.py").write_text("import requests\n\n\n" + one.format("get") + "\n\n" + one.format("page"))
    (tmp_path / "main.py").write_text(
        "import os\n\nfrom calls import get\n\n"
        "print(get('https://dev.azure.com/fabrikam/_apis/projects', os.environ['ADO_PAT']))\n"
    )
    report = json.loads(run(tmp_path, "--output-format", "json", ".").stdout)
    found = [each for each in report["findings"] if each["rule"] == "PAT201" and each["path"] == "calls.py"]
    assert {each["service"] for each in found} == {"azure-devops", None}
    assert all(each["fixes"] and each["fixes"][0]["edits"] for each in found)


def test_samples_in_tests_stay_as_they_are(tmp_path: Path) -> None:
    token = sample("github-pat")
    (tmp_path / "tests").mkdir()
    fixed(tmp_path, f'SAMPLE_TOKEN = "{token}"\n'.encode(), "tests/test_samples.py", changes=False)
    assert b"os.environ" in fixed(tmp_path, f'GITHUB_TOKEN = "{token}"\n'.encode(), "settings.py")
