"""The recipes can be followed: they parse, name what exists, and hold no credential."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from pat_audit.strict_yaml import build
from pat_audit.vocabulary import Recipe

FOLDER = Path(__file__).parent.parent / "rules" / "recipes"


def _recipes() -> dict[str, Recipe]:
    found = {}
    for file in sorted(FOLDER.glob("*.yaml")):
        recipe, mistakes = build(file.read_text(encoding="utf-8"), Recipe, file.name)
        assert recipe is not None, mistakes
        assert recipe.id == file.stem
        found[recipe.id] = recipe
    return found


RECIPES = _recipes()
LANGUAGES = {
    "python",
    "bash",
    "powershell",
    "csharp",
    "javascript",
    "go",
    "java",
    "ruby",
    "yaml",
    "terraform",
    "json",
}
PYTHON = [(recipe.id, recipe.code["python"]) for recipe in RECIPES.values() if "python" in recipe.code]
# what the snippets may take from packages that the tests do not install; azure-identity 1.15 and later
NAMES = {
    "azure.identity": {
        "CertificateCredential",
        "DefaultAzureCredential",
        "InteractiveBrowserCredential",
        "ManagedIdentityCredential",
        "get_bearer_token_provider",
    },
    "azure.identity.aio": {"DefaultAzureCredential", "get_bearer_token_provider"},
    "azure.devops.connection": {"Connection"},
    "msrest.authentication": {"BasicTokenAuthentication"},
    "requests_gssapi": {"HTTPSPNEGOAuth"},
    "simple_salesforce": {"Salesforce"},
}
PACKAGE_OF = {
    "aiohttp": "aiohttp",
    "azure": "azure-",
    "google": "google-auth",
    "keyring": "keyring",
    "msal": "msal",
    "msrest": "msrest",
    "requests_gssapi": "requests-gssapi",
    "simple_salesforce": "simple-salesforce",
}
EXPECTED = """
    entra-token entra-token-requests entra-token-httpx entra-token-aiohttp entra-token-urllib
    entra-token-urllib3 azure-devops-sdk entra-token-command-line git-credential-manager keyring
    environment-variable url-without-credential feeds pipeline-job-token pipeline-service-connection
    on-premises-negotiate on-premises-pat-over-https pat-lifecycle-user-token github-app-or-token
    bitbucket-api-token npm-trusted-publishing pypi-trusted-publishing exchange-oauth graph-send-mail
    microsoft-graph entra-client-credentials azure-devops-oauth-to-entra revoke-leaked-token
    unwrapped-base64 pat-either-length https-only
"""


def test_the_recipes_that_the_rules_count_on_are_there() -> None:
    assert set(EXPECTED.split()) <= set(RECIPES)


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda recipe: recipe.id)
def test_a_recipe_is_complete(recipe: Recipe) -> None:
    assert recipe.title
    assert not recipe.title.endswith(".")
    assert recipe.steps
    assert all(step[0].isupper() or step.startswith(("./", "az ", "tfx", "pip", "npm")) for step in recipe.steps)
    assert set(recipe.code) <= LANGUAGES
    assert all(reference.startswith("https://") for reference in recipe.references)
    for requirements in recipe.packages.values():
        assert all(re.match(r"[@A-Za-z0-9]", requirement) for requirement in requirements)


@pytest.mark.parametrize(("recipe", "code"), PYTHON)
def test_python_parses_and_imports_what_exists(recipe: str, code: str) -> None:
    packages = " ".join(RECIPES[recipe].packages.get("python", ()))
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module in NAMES:
            assert {name.name for name in node.names} <= NAMES[node.module]
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [name.name for name in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            needed = PACKAGE_OF.get(name.partition(".")[0])
            assert not needed or needed in packages, f"{recipe} imports {name}"


def test_requests_gets_its_token_through_auth() -> None:
    for recipe, code in PYTHON:
        if "import requests" in code and "Bearer" in code:
            assert "auth=" in code, f"{recipe}: a bare header is replaced by ~/.netrc"
            assert not re.search(r"headers=.*Bearer", code), recipe


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
@pytest.mark.parametrize("recipe", [recipe for recipe in RECIPES.values() if "bash" in recipe.code])
def test_bash_parses(recipe: Recipe) -> None:
    code = re.sub(r"<[a-z ]+>", "x", recipe.code["bash"])
    subprocess.run(["bash", "-n", "-c", code], check=True)


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda recipe: recipe.id)
def test_yaml_and_json_parse(recipe: Recipe) -> None:
    if "yaml" in recipe.code:
        assert isinstance(yaml.safe_load(recipe.code["yaml"]), dict)
    if "json" in recipe.code:
        json.loads(recipe.code["json"])


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda recipe: recipe.id)
def test_no_recipe_holds_a_token(recipe: Recipe) -> None:
    text = (FOLDER / f"{recipe.id}.yaml").read_text(encoding="utf-8")
    assert not re.search(r"[A-Za-z0-9]{40,}", text)


def test_on_premises_recipes_do_not_send_people_to_entra() -> None:
    for recipe in RECIPES.values():
        if recipe.id.startswith("on-premises"):
            assert not any("azure" in name for names in recipe.packages.values() for name in names)
            assert all("az account" not in step for step in recipe.steps)


def test_a_pat_lifecycle_fix_is_left_to_a_person() -> None:
    assert RECIPES["pat-lifecycle-user-token"].safety == "manual"
    assert "DefaultAzureCredential" not in RECIPES["pat-lifecycle-user-token"].code["python"]
