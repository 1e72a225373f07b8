"""How the report signs in."""

import base64

from .settings import PERSONAL_ACCESS_TOKEN


def auth_headers():
    raw = f":{PERSONAL_ACCESS_TOKEN}"
    return {"Authorization": "Basic " + base64.b64encode(raw.encode("utf-8")).decode("utf-8")}
