"""Fields that a class declares: of dataclasses, named tuples, models and settings."""

from __future__ import annotations

import pytest
from programs import check

START = """\
import base64, os, requests
from dataclasses import dataclass, field
from functools import cached_property
from requests.auth import AuthBase, HTTPBasicAuth
URL = "https://dev.azure.com/contoso/_apis/projects"
"""

FIELDS = {
    "dataclass": """
@dataclass
class Settings:
    url: str
    pat: str
settings = Settings(URL, os.environ["ADO_PAT"])
requests.get(settings.url, auth=("", settings.pat))  # <- PAT202 env:ADO_PAT <URL>
""",
    "dataclass by keyword": """
@dataclass
class Settings:
    secret: str
    url: str = URL
settings = Settings(secret=os.environ["ADO_PAT"])
requests.get(settings.url, auth=("", settings.secret))  # <- PAT202 env:ADO_PAT <URL>
""",
    "dataclass default": """
@dataclass(frozen=True)
class Settings:
    secret: str = os.environ["ADO_PAT"]
requests.get(URL, auth=("", Settings().secret))  # <- PAT202 env:ADO_PAT
""",
    "dataclass default factory": """
@dataclass
class Settings:
    secret: str = field(default_factory=lambda: os.environ["ADO_PAT"])
requests.get(URL, auth=("", Settings().secret))  # <- PAT202 env:ADO_PAT
""",
    "dataclass method": """
@dataclass
class Settings:
    pat: str
    def auth(self):
        return HTTPBasicAuth("", self.pat)  # <- PAT202 env:ADO_PAT
requests.get(URL, auth=Settings(os.environ["ADO_PAT"]).auth())
""",
    "dataclass computed after": """
@dataclass
class Settings:
    pat: str
    header: str = field(init=False)
    def __post_init__(self):
        self.header = "Basic " + base64.b64encode(f":{self.pat}".encode()).decode()  # <- PAT201 attribute:pat
""",
    "attrs": """
import attr
@attr.s
class Settings:
    secret = attr.ib(default=os.environ["ADO_PAT"])
requests.get(URL, auth=("", Settings().secret))  # <- PAT202 env:ADO_PAT
""",
    "named tuple": """
from typing import NamedTuple
class Settings(NamedTuple):
    url: str
    secret: str
settings = Settings(URL, os.environ["ADO_PAT"])
requests.get(settings.url, auth=("", settings.secret))  # <- PAT202 env:ADO_PAT
""",
    "model": """
from pydantic import BaseModel, SecretStr
class Settings(BaseModel):
    secret: SecretStr
settings = Settings(secret=os.environ["ADO_PAT"])
requests.get(URL, auth=("", settings.secret.get_secret_value()))  # <- PAT202 env:ADO_PAT
""",
    "settings from the environment": """
from pydantic_settings import BaseSettings
class Settings(BaseSettings):
    ado_pat: str
settings = Settings()
requests.get(URL, auth=("", settings.ado_pat))  # <- PAT202 env:ado_pat
""",
    "settings under another name": """
from pydantic import Field
from pydantic_settings import BaseSettings
class Settings(BaseSettings):
    secret: str = Field(validation_alias="ADO_PAT")
requests.get(URL, auth=("", Settings().secret))  # <- PAT202 env:ADO_PAT
""",
}


@pytest.mark.parametrize("program", FIELDS.values(), ids=FIELDS)
def test_declared_fields(program: str) -> None:
    check(START + program)
