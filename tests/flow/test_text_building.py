"""Every way to build a text builds the same header: what is in it is found, wherever it was put together."""

from __future__ import annotations

import pytest
from programs import check, notes

START = """\
import base64, binascii, codecs, os, requests
from base64 import b64encode
from string import Template
URL = "https://dev.azure.com/contoso/_apis/projects"
pat = os.environ["ADO_PAT"]
user = ""
"""

# How `user:password` is put together: the encoding and the header are always the same.
PAIRS = {
    "f-string": 'pair = f":{pat}"',
    "f-string with user": 'pair = f"{user}:{pat}"',
    "f-string with conversion": 'pair = f"{user!s}:{pat!s}"',
    "f-string with width": 'pair = f"{user}:{pat:s}"',
    "plus": 'pair = ":" + pat',
    "plus with user": 'pair = user + ":" + pat',
    "plus equals": 'pair = ":"\npair += pat',
    "percent with one value": 'pair = ":%s" % pat',
    "percent with tuple": 'pair = "%s:%s" % (user, pat)',
    "percent with mapping": 'pair = "%(user)s:%(pat)s" % {"user": user, "pat": pat}',
    "format by position": 'pair = "{}:{}".format(user, pat)',
    "format by index": 'pair = "{1}:{0}".format(pat, user)',
    "format by name": 'pair = "{user}:{pat}".format(user=user, pat=pat)',
    "format of attribute": 'class Keys: pass\nkeys = Keys()\nkeys.pat = pat\npair = ":{0.pat}".format(keys)',
    "format_map": 'pair = "{user}:{pat}".format_map({"user": user, "pat": pat})',
    "join of list": 'pair = ":".join([user, pat])',
    "join of tuple": 'pair = ":".join((user, pat))',
    "join of list in variable": 'parts = ["", pat]\npair = ":".join(parts)',
    "join of list that grows": 'parts = []\nparts.append("")\nparts.append(pat)\npair = ":".join(parts)',
    "empty join": 'pair = "".join([user, ":", pat])',
    "template": 'pair = Template(":$pat").substitute(pat=pat)',
    "template with braces": 'pair = Template("${user}:${pat}").substitute({"user": user, "pat": pat})',
    "safe template": 'pair = Template("$user:$pat").safe_substitute(user=user, pat=pat)',
    "replace": 'pair = ":PAT".replace("PAT", pat)',
    "strip": 'pair = f":{pat.strip()}".strip()',
    "adjacent literals": 'pair = "" ":" f"{pat}"',
    "str call": 'pair = str(":" + str(pat))',
    "nested f-strings": "pair = f\"{f'{user}:'}{f'{pat}'}\"",
    "literals of several lines": 'pair = (\n    user\n    + ":"\n    + pat\n)',
}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_a_pair_is_put_together(pair: str) -> None:
    check(
        f"""{START}{pair}
token = base64.b64encode(pair.encode("ascii")).decode("ascii")
headers = {{"Authorization": "Basic " + token}}  # <- PAT201 env:ADO_PAT https://dev.azure.com/contoso/_apis/projects
requests.get(URL, headers=headers)
"""
    )


# How the pair is encoded: `token` is text or bytes.
ENCODINGS = {
    "b64encode": 'token = base64.b64encode(f":{pat}".encode()).decode()',
    "b64encode by its own name": 'token = b64encode(f":{pat}".encode()).decode()',
    "standard_b64encode": 'token = base64.standard_b64encode(f":{pat}".encode()).decode()',
    "bytes call": 'token = str(base64.b64encode(bytes(":" + pat, "utf-8")), "utf-8")',
    "bytes plus bytes": 'token = base64.b64encode(b":" + pat.encode()).decode()',
    "bytes percent": 'token = base64.b64encode(b":%s" % pat.encode()).decode()',
    "bytes join": 'token = base64.b64encode(b":".join((b"", pat.encode()))).decode()',
    "bytearray": 'token = base64.b64encode(bytearray(":" + pat, "ascii")).decode()',
    "b2a_base64": 'token = binascii.b2a_base64((":" + pat).encode(), newline=False).decode()',
    "codecs.encode": 'token = codecs.encode((":" + pat).encode(), "base64").decode().strip()',
    "str.encode by codec": 'token = (":" + pat).encode("base64")',
    "replaced line ends": 'token = base64.b64encode((":" + pat).encode()).decode().replace("\\n", "")',
    "step by step": 'raw = ":" + pat\nraw = raw.encode()\nraw = base64.b64encode(raw)\ntoken = raw.decode()',
    "import under another name": 'import base64 as b\ntoken = b.b64encode((":" + pat).encode()).decode()',
    "function in a variable": 'encode = base64.b64encode\ntoken = encode((":" + pat).encode()).decode()',
}


@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=ENCODINGS)
def test_a_pair_is_encoded(encoding: str) -> None:
    check(
        f"""{START}{encoding}
headers = {{"Authorization": f"Basic {{token}}"}}  # <- PAT201 env:ADO_PAT
requests.get(URL, headers=headers)
"""
    )


def test_an_alphabet_for_urls_breaks_the_header() -> None:
    (found,) = check(
        f"""{START}token = base64.urlsafe_b64encode(f":{{pat}}".encode()).decode()
requests.get(URL, headers={{"Authorization": f"Basic {{token}}"}})  # <- PAT201 env:ADO_PAT
"""
    )
    assert found.also == ("PAT601",)


# How the header is put together.
HEADERS = {
    "plus": '"Basic " + token',
    "f-string": 'f"Basic {token}"',
    "percent": '"Basic %s" % token',
    "percent with tuple": '"%s %s" % ("Basic", token)',
    "format": '"Basic {}".format(token)',
    "format with scheme": '"{} {}".format("Basic", token)',
    "format by name": '"Basic {token}".format(token=token)',
    "join": '" ".join(["Basic", token])',
    "bytes": 'b"Basic " + token.encode()',
    "template": 'Template("Basic $token").substitute(token=token)',
    "replace": '"Basic TOKEN".replace("TOKEN", token)',
    "lower case": '"basic " + token',
    "two spaces apart": 'f"Basic  {token}"',
    "pieces": '"Bas" + "ic" + " " + token',
    "constant scheme": 'SCHEME + " " + token',
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_a_header_is_put_together(header: str) -> None:
    check(
        f"""{START}SCHEME = "Basic"
token = base64.b64encode(f":{{pat}}".encode()).decode()
header = {header}  # <- PAT201 env:ADO_PAT
requests.get(URL, headers={{"Authorization": header}})
"""
    )


WHOLE = {
    "f-string": 'f"Basic {base64.b64encode((user + chr(58) + pat).encode()).decode()}"',
    "nested quotes": """f'Basic {b64encode(f":{pat}".encode()).decode()}'""",
    "bytes": 'b"Basic " + base64.b64encode(f":{pat}".encode())',
    "format inside": '"Basic " + base64.b64encode(":{}".format(pat).encode("utf-8")).decode("utf-8")',
    "percent inside percent": '"Basic %s" % base64.b64encode(("%s:%s" % (user, pat)).encode()).decode()',
}


@pytest.mark.parametrize("header", WHOLE.values(), ids=WHOLE)
def test_pair_and_header_in_one_expression_are_one_finding(header: str) -> None:
    check(
        f"""{START}requests.get(
    URL,
    headers={{"Authorization": {header}}},  # <- PAT201 env:ADO_PAT
)
"""
    )


LOOK_ALIKES = {
    "bearer": 'requests.get(URL, headers={"Authorization": "Bearer " + token})',
    "prose": 'title = "Basic " + os.environ["TITLE"]',
    "starts with": 'ok = header.startswith("Basic ")',
    "an image": 'src = "data:image/png;base64," + base64.b64encode(open("x.png", "rb").read()).decode()',
    "placeholder": 'headers = {"Authorization": "Basic <your token>"}',
    "template": 'headers = {"Authorization": "Basic {token}"}',
    "encoded without colon": 'payload = base64.b64encode(os.environ["NAME"].encode()).decode()',
    "negotiate": 'headers = {"Authorization": "Negotiate " + base64.b64encode(ticket).decode()}',
}


@pytest.mark.parametrize("program", LOOK_ALIKES.values(), ids=LOOK_ALIKES)
def test_what_only_looks_like_a_header_is_silent(program: str) -> None:
    check(f'import base64, os, requests\nURL = "https://example.com/contoso"\n{program}\n')


def test_the_trail_tells_each_step() -> None:
    (found,) = check(
        """import base64, os, requests
pat = os.environ["ADO_PAT"]
pair = f":{pat}".encode()
token = base64.b64encode(pair).decode()
headers = {"Authorization": f"Basic {token}"}  # <- PAT201 env:ADO_PAT https://dev.azure.com/contoso
requests.get("https://dev.azure.com/contoso", headers=headers)
"""
    )
    assert notes(found) == [
        (2, "read from environment variable ADO_PAT"),
        (4, "base64-encoded"),
        (5, "put into a Basic header"),
        (6, "sent to https://dev.azure.com/contoso"),
    ]
    assert found.confidence == "high"
    assert (found.provider, found.service) == ("azure-devops", "azure-devops")
