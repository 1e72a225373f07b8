"""Where a credential was born: the report's label for it, and the inventory of what a program reads."""

from __future__ import annotations

import pytest
from programs import check, findings, notes

# How `secret` is read, and the label that it must have at the request.
ORIGINS = {
    "environ": ('secret = os.environ["ADO_PAT"]', "env:ADO_PAT"),
    "environ get": ('secret = os.environ.get("ADO_PAT")', "env:ADO_PAT"),
    "environ get with default": ('secret = os.environ.get("ADO_PAT", "")', "env:ADO_PAT"),
    "getenv": ('secret = os.getenv("ADO_PAT", None)', "env:ADO_PAT"),
    "imported environ": ('from os import environ as e\nsecret = e["ADO_PAT"]', "env:ADO_PAT"),
    "imported getenv": ('from os import getenv\nsecret = getenv("ADO_PAT")', "env:ADO_PAT"),
    "name in a constant": ('NAME = "ADO_PAT"\nsecret = os.environ[NAME]', "env:ADO_PAT"),
    "name put together": ('PREFIX = "ADO"\nsecret = os.environ[f"{PREFIX}_PAT"]', "env:ADO_PAT"),
    "dotenv": ('from dotenv import load_dotenv\nload_dotenv()\nsecret = os.getenv("ADO_PAT")', "env:ADO_PAT"),
    "argparse": (
        (
            "import argparse\nparser = argparse.ArgumentParser()\n"
            'parser.add_argument("-p", "--ado-pat", required=True)\n'
            "arguments = parser.parse_args()\nsecret = arguments.ado_pat"
        ),
        "option:ado_pat",
    ),
    "argparse in a function": (
        (
            "import argparse\ndef options():\n    parser = argparse.ArgumentParser()\n"
            '    parser.add_argument("--pat")\n    return parser.parse_args()\nsecret = options().pat'
        ),
        "option:pat",
    ),
    "argparse with dest": (
        (
            "import argparse\nparser = argparse.ArgumentParser()\n"
            'parser.add_argument("--token", dest="ado_pat")\nsecret = parser.parse_args().ado_pat'
        ),
        "option:ado_pat",
    ),
    "argparse as mapping": (
        (
            'import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument("--pat")\n'
            'secret = vars(parser.parse_args())["pat"]'
        ),
        "option:pat",
    ),
    "argparse by getattr": (
        (
            'import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument("--pat")\n'
            'secret = getattr(parser.parse_args(), "pat")'
        ),
        "option:pat",
    ),
    "input": ('secret = input("PAT: ")', "prompt:PAT: "),
    "getpass": ('import getpass\nsecret = getpass.getpass("PAT: ")', "prompt:PAT: "),
    "getpass by its own name": ('from getpass import getpass\nsecret = getpass("PAT: ")', "prompt:PAT: "),
    "keyring": ('import keyring\nsecret = keyring.get_password("ado_pat", "me")', "keyring:ado_pat"),
    "configparser": (
        (
            'import configparser\nconfig = configparser.ConfigParser()\nconfig.read("x.ini")\n'
            'secret = config["ado"]["pat"]'
        ),
        "config:ado.pat",
    ),
    "configparser get": (
        (
            'import configparser\nconfig = configparser.ConfigParser()\nconfig.read("x.ini")\n'
            'secret = config.get("ado", "pat")'
        ),
        "config:pat",
    ),
    "json": ('import json\nwith open("x.json") as f:\n    secret = json.load(f)["pat"]', "config:pat"),
    "json text": ('import json\nsecret = json.loads(open("x.json").read())["ado"]["pat"]', "file:ado.pat"),
    "yaml": ('import yaml\nconfig = yaml.safe_load(open("x.yaml"))\nsecret = config["pat"]', "config:pat"),
    "yaml got": ('import yaml\nconfig = yaml.safe_load(open("x.yaml"))\nsecret = config.get("pat")', "config:pat"),
    "toml": ('import tomllib\nsecret = tomllib.load(open("x.toml", "rb"))["pat"]', "config:pat"),
    "key vault": (
        (
            "from azure.identity import DefaultAzureCredential\nfrom azure.keyvault.secrets import SecretClient\n"
            'client = SecretClient("https://x.vault.azure.net", DefaultAzureCredential())\n'
            'secret = client.get_secret("ado-pat").value'
        ),
        "vault:ado-pat",
    ),
    "key vault step by step": (
        (
            "from azure.identity import DefaultAzureCredential\nfrom azure.keyvault.secrets import SecretClient\n"
            'client = SecretClient(vault_url="https://x.vault.azure.net", credential=DefaultAzureCredential())\n'
            'bundle = client.get_secret(name="ado-pat")\nsecret = bundle.value'
        ),
        "vault:ado-pat",
    ),
    "secrets manager": (
        'import boto3\nsecret = boto3.client("secretsmanager").get_secret_value(SecretId="ado-pat")["SecretString"]',
        "secret-store:ado-pat",
    ),
    "file": ('secret = open("pat.txt").read().strip()', "file"),
    "pathlib": ('from pathlib import Path\nsecret = Path("pat.txt").read_text().strip()', "file:pat.txt"),
}


@pytest.mark.parametrize(("read", "label"), ORIGINS.values(), ids=ORIGINS)
def test_the_label_tells_the_origin(read: str, label: str) -> None:
    found = findings(f'import os, requests\n{read}\nrequests.get("https://dev.azure.com/contoso", auth=("", secret))\n')
    assert [(each.rule, each.credential) for each in found] == [("PAT202", label)]


INVENTORY = {
    "environment": """
pat = os.environ["ADO_PAT"]  # <- PAT501/note env:ADO_PAT
""",
    "environment, in a function nobody calls": """
def load():
    return os.getenv("AZURE_DEVOPS_EXT_PAT")  # <- PAT501/note env:AZURE_DEVOPS_EXT_PAT
""",
    "environment, in a class": """
class Settings:
    pat = os.environ.get("ADO_PAT")  # <- PAT501/note env:ADO_PAT
    def __init__(self):
        self.other = os.environ["GITHUB_PAT"]  # <- PAT501/note env:GITHUB_PAT
""",
    "environment, name by default": """
def load(name="ADO_PAT"):
    return os.environ.get(name)  # <- PAT501/note env:ADO_PAT
""",
    "environment, name handed in": """
def load(name):
    return os.environ[name]
load("ADO_PAT")  # <- PAT501/note env:ADO_PAT
load("HOME")
""",
    "argparse": """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--ado-pat")  # <- PAT502/note option:ado-pat
parser.add_argument("--path")
""",
    "click": """
import click
@click.command()
@click.option("--ado-pat", envvar="ADO_PAT")  # <- PAT501/note env:ADO_PAT
@click.option("--path")
def main(ado_pat, path):
    print(path)
""",
    "click without variable": """
import click
@click.command()
@click.option("--pat", required=True)  # <- PAT502/note option:pat
def main(pat):
    print("x")
""",
    "getpass": """
import getpass
token = getpass.getpass("PAT:")  # <- PAT502/note prompt:PAT:
""",
    "configuration": """
import json
config = json.load(open("x.json"))
token = config["personal_access_token"]  # <- PAT503/note config:personal_access_token
""",
    "keyring": """
import keyring
token = keyring.get_password("azure-devops-pat", "me")  # <- PAT503/note keyring:azure-devops-pat
""",
    "settings class": """
from pydantic_settings import BaseSettings
class Settings(BaseSettings):
    ado_pat: str  # <- PAT501/note env:ado_pat
    path: str
""",
    "not a credential": """
path = os.environ["PATH"]
home = os.getenv("HOME")
pattern = os.environ["PATTERN"]
""",
}


@pytest.mark.parametrize("program", INVENTORY.values(), ids=INVENTORY)
def test_the_inventory_of_what_is_read(program: str) -> None:
    check("import os\n" + program, inventory=True)


CLICK = {
    "option": (
        'import click\n@click.command()\n@click.option("--pat")\ndef main(pat):\n    call(pat)',
        "option:pat",
    ),
    "option with variable": (
        'import click\n@click.command()\n@click.option("--pat", envvar="ADO_PAT")\ndef main(pat):\n    call(pat)',
        "env:ADO_PAT",
    ),
    "typer annotated": (
        (
            "import typer\nfrom typing import Annotated\n"
            'def main(pat: Annotated[str, typer.Option(envvar="ADO_PAT")]):\n    call(pat)'
        ),
        "env:ADO_PAT",
    ),
    "typer default": (
        'import typer\ndef main(pat: str = typer.Option(..., "--pat", envvar="ADO_PAT")):\n    call(pat)',
        "env:ADO_PAT",
    ),
}


@pytest.mark.parametrize(("program", "label"), CLICK.values(), ids=CLICK)
def test_options_that_are_parameters(program: str, label: str) -> None:
    found = findings(
        "import requests\ndef call(secret):\n"
        f'    requests.get("https://dev.azure.com/contoso", auth=("", secret))\n{program}\n'
    )
    assert [(each.rule, each.location.line, each.credential) for each in found] == [("PAT202", 3, label)]


def test_the_first_of_several_origins_is_named_and_all_are_on_the_trail() -> None:
    (found,) = check(
        """import argparse, os, requests
parser = argparse.ArgumentParser()
parser.add_argument("--pat", default=os.environ.get("ADO_PAT"))
pat = parser.parse_args().pat
requests.get("https://dev.azure.com/contoso", auth=("", pat))  # <- PAT202 option:pat
"""
    )
    assert (3, "read from environment variable ADO_PAT") in notes(found)
