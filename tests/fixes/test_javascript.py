"""Fixes in JavaScript and TypeScript: exact texts before and after, and what is left to a person."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from fixes.in_memory import fixed, one, refusals

if TYPE_CHECKING:
    from pathlib import Path

PROVIDER = """\
const entraToken = getBearerTokenProvider(
  new DefaultAzureCredential(),
  "499b84ac-1321-427f-aa17-267ca6975798/.default",
);
"""
IMPORT = 'import { DefaultAzureCredential, getBearerTokenProvider } from "@azure/identity";\n'
REQUIRE = 'const { DefaultAzureCredential, getBearerTokenProvider } = require("@azure/identity");\n'
URL = "https://dev.azure.com/fabrikam/_apis/projects"


def test_a_header_in_an_async_function_of_a_module() -> None:
    before = f"""\
import axios from "axios";
import {{ log }} from "./log.js";

export async function projects() {{
  const pat = process.env.ADO_PAT;
  const encoded = Buffer.from(`:${{pat}}`).toString("base64");
  return axios.get("{URL}", {{
    headers: {{ Accept: "application/json", Authorization: `Basic ${{encoded}}` }},
  }});
}}
"""
    after = f"""\
import axios from "axios";
{IMPORT}import {{ log }} from "./log.js";

{PROVIDER}
export async function projects() {{
  return axios.get("{URL}", {{
    headers: {{ Accept: "application/json", Authorization: `Bearer ${{await entraToken()}}` }},
  }});
}}
"""
    assert one("projects.mjs", before) == after


def test_common_modules_single_quotes_and_no_semicolons() -> None:
    before = f"""\
'use strict'

const fetch = require('node-fetch')

async function main () {{
  const response = await fetch('{URL}', {{
    headers: {{ Authorization: 'Basic ' + Buffer.from(':' + process.env.ADO_PAT).toString('base64') }}
  }})
  console.log(await response.json())
}}

main()
"""
    after = f"""\
'use strict'

const fetch = require('node-fetch')
{REQUIRE.replace('"', "'").replace(";", "")}
{PROVIDER.replace('"', "'").replace(";", "")}
async function main () {{
  const response = await fetch('{URL}', {{
    headers: {{ Authorization: `Bearer ${{await entraToken()}}` }}
  }})
  console.log(await response.json())
}}

main()
"""
    assert one("main.js", before) == after


def test_a_function_that_did_not_wait_becomes_asynchronous_and_so_do_its_callers() -> None:
    before = f"""\
import axios from "axios";

function header(pat: string): string {{
  return `Basic ${{Buffer.from(":" + pat).toString("base64")}}`;
}}

const headers = (pat: string): Headers => ({{ Authorization: header(pat), Accept: "*/*" }});

export async function projects(pat: string) {{
  const {{ data }} = await axios.get("{URL}", {{ headers: headers(pat) }});
  console.log(headers(pat).A);
  return data;
}}
"""
    after = f"""\
import axios from "axios";
{IMPORT}
{PROVIDER}
async function header(pat: string): Promise<string> {{
  return `Bearer ${{await entraToken()}}`;
}}

const headers = async (pat: string): Promise<Headers> => ({{ Authorization: await header(pat), Accept: "*/*" }});

export async function projects(pat: string) {{
  const {{ data }} = await axios.get("{URL}", {{ headers: await headers(pat) }});
  console.log((await headers(pat)).A);
  return data;
}}
"""
    assert one("projects.ts", before) == after


def test_a_private_method_becomes_asynchronous() -> None:
    before = f"""\
import axios from "axios";

export class Projects {{
  constructor(private readonly pat: string) {{}}

  private authorization(): string {{
    return "Basic " + Buffer.from(":" + this.pat).toString("base64");
  }}

  async list() {{
    return axios.get("{URL}", {{ headers: {{ Authorization: this.authorization() }} }});
  }}
}}
"""
    after = one("projects.ts", before)
    assert (
        "  private async authorization(): Promise<string> {\n    return `Bearer ${await entraToken()}`;\n  }\n"
    ) in after
    assert "headers: { Authorization: await this.authorization() }" in after


def test_a_function_that_gives_a_promise_may_wait_even_where_others_call_it() -> None:
    before = f"""\
export const projects = (pat) =>
  fetch("{URL}", {{ headers: {{ Authorization: "Basic " + Buffer.from(":" + pat).toString("base64") }} }});
"""
    after = f"""\
{IMPORT}
{PROVIDER}
export const projects = async (pat) =>
  fetch("{URL}", {{ headers: {{ Authorization: `Bearer ${{await entraToken()}}` }} }});
"""
    assert one("projects.js", before) == after


@pytest.mark.parametrize("quote", ["'", '"'])
def test_the_client_library_by_names(quote: str) -> None:
    before = f"""\
import {{ WebApi, getPersonalAccessTokenHandler }} from {quote}azure-devops-node-api{quote};

export async function connect(pat: string) {{
  const handler = getPersonalAccessTokenHandler(pat);
  return new WebApi({quote}https://dev.azure.com/fabrikam{quote}, handler);
}}
"""
    after = f"""\
import {{ WebApi, getBearerHandler }} from {quote}azure-devops-node-api{quote};
{IMPORT.replace('"', quote)}
{PROVIDER.replace('"', quote)}
export async function connect(pat: string) {{
  const handler = getBearerHandler(await entraToken());
  return new WebApi({quote}https://dev.azure.com/fabrikam{quote}, handler);
}}
"""
    assert one("connect.ts", before) == after


def test_the_client_library_by_its_own_name() -> None:
    before = """\
const azdev = require("azure-devops-node-api");

async function main() {
\tconst handler = azdev.getPersonalAccessTokenHandler(process.env.ADO_PAT);
\tconst api = await new azdev.WebApi("https://dev.azure.com/fabrikam", handler).getBuildApi();
}

main();
"""
    after = f"""\
const azdev = require("azure-devops-node-api");
{REQUIRE}
{PROVIDER.replace("  ", chr(9))}
async function main() {{
\tconst handler = azdev.getBearerHandler(await entraToken());
\tconst api = await new azdev.WebApi("https://dev.azure.com/fabrikam", handler).getBuildApi();
}}

main();
"""
    assert one("main.js", before) == after


def test_names_that_are_there_are_used_and_names_that_are_taken_are_not() -> None:
    before = f"""\
import {{ DefaultAzureCredential as Credential }} from "@azure/identity";

const entraToken = "of something else";

export async function projects() {{
  await fetch("{URL}", {{ headers: {{ Authorization: "Basic " + btoa(":" + process.env.ADO_PAT) }} }});
}}
"""
    after = """\
import { DefaultAzureCredential as Credential, getBearerTokenProvider } from "@azure/identity";

const entraToken2 = getBearerTokenProvider(
  new Credential(),
  "499b84ac-1321-427f-aa17-267ca6975798/.default",
);

const entraToken = "of something else";
"""
    assert one("projects.mjs", before).startswith(after)


def test_line_ends_a_byte_order_mark_and_a_licence_are_kept() -> None:
    before = f"""\
/* Copyright Fabrikam */

export async function projects() {{
  await fetch("{URL}", {{ headers: {{ Authorization: "Basic " + btoa(":" + process.env.ADO_PAT) }} }});
}}
""".replace("\n", "\r\n")
    after = f"""\
/* Copyright Fabrikam */

{IMPORT}
{PROVIDER}
export async function projects() {{
  await fetch("{URL}", {{ headers: {{ Authorization: `Bearer ${{await entraToken()}}` }} }});
}}
""".replace("\n", "\r\n")
    assert one("projects.mjs", b"\xef\xbb\xbf" + before.encode()) == "\ufeff" + after


def test_statements_at_the_top_of_a_module_wait() -> None:
    before = f'await fetch("{URL}", {{ headers: {{ Authorization: "Basic " + btoa(":" + process.env.ADO_PAT) }} }});'
    after = f'await fetch("{URL}", {{ headers: {{ Authorization: `Bearer ${{await entraToken()}}` }} }});'
    assert one("projects.mjs", before) == f"{IMPORT}\n{PROVIDER}\n{after}"


MANUAL = {
    "an exported function": (
        "header.ts",
        (
            'export const header = (pat: string) => "Basic " + Buffer.from(":" + pat).toString("base64");\n'
            f'fetch("{URL}", {{ headers: {{ Authorization: header(process.env.ADO_PAT!) }} }});\n'
        ),
        "header is exported",
    ),
    "a constructor": (
        "client.ts",
        (
            'import axios from "axios";\nexport class Client {\n  api: unknown;\n  constructor(pat: string) {\n'
            f'    this.api = axios.post("{URL}", {{}}, {{ headers: '
            '{ Authorization: `Basic ${Buffer.from(":" + pat).toString("base64")}` } });\n  }\n}\n'
        ),
        "a constructor",
    ),
    "a callback": (
        "all.js",
        (
            'const names = require("./names");\nnames.forEach((name) => {\n'
            f'  require("https").get("{URL}", {{ headers: '
            '{ Authorization: "Basic " + Buffer.from(":" + process.env.ADO_PAT).toString("base64") } });\n});\n'
        ),
        "it is not known who calls it",
    ),
    "in a browser": (
        "page.js",
        (
            'import $ from "jquery";\nasync function show() {\n'
            f'  await fetch("{URL}", {{ headers: {{ Authorization: "Basic " + btoa(":" + localStorage.pat) }} }});\n'
            "}\nshow();\n"
        ),
        "localStorage",
    ),
}


@pytest.mark.parametrize("case", MANUAL)
def test_is_left_to_a_person(case: str) -> None:
    name, text, reason = MANUAL[case]
    assert reason in refusals(name, text)


PACKAGE = """\
{
  "name": "projects",
  "type": "module",
  "dependencies": {
    "axios": "^1.7.0"
  }
}
"""


def test_the_package_is_added_where_the_project_says_what_it_needs() -> None:
    code = f"""\
import axios from "axios";

await axios.get("{URL}", {{ headers: {{ Authorization: "Basic " + btoa(":" + process.env.ADO_PAT) }} }});
"""
    new = fixed({"src/projects.js": code, "package.json": PACKAGE})
    assert new["package.json"] == PACKAGE.replace('    "axios"', '    "@azure/identity": "^4.2.0",\n    "axios"')
    there = PACKAGE.replace('"axios"', '"@azure/identity": "^4.5.0", "axios"')
    assert set(fixed({"src/projects.js": code, "package.json": there})) == {"src/projects.js"}


@pytest.mark.skipif(shutil.which("node") is None, reason="node checks the syntax")
@pytest.mark.parametrize("name", ["main.mjs", "main.cjs"])
def test_node_reads_what_is_written(tmp_path: Path, name: str) -> None:
    text = f"""\
async function main() {{
  const pat = process.env.ADO_PAT;
  await fetch("{URL}", {{ headers: {{ Authorization: "Basic " + Buffer.from(`:${{pat}}`).toString("base64") }} }});
}}
main();
"""
    (tmp_path / name).write_text(one(name, text))
    done = subprocess.run(["node", "--check", name], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr


def test_an_instance_of_axios_gets_an_interceptor() -> None:
    before = f"""\
import axios from "axios";

export const api = axios.create({{
  baseURL: "{URL}",
  auth: {{ username: "", password: process.env.ADO_PAT }},
}});
"""
    after = f"""\
import axios from "axios";
{IMPORT}
{PROVIDER}
export const api = axios.create({{
  baseURL: "{URL}",
}});
api.interceptors.request.use(async (config) => {{
  config.headers.Authorization = `Bearer ${{await entraToken()}}`;
  return config;
}});
"""
    assert one("api.mjs", before) == after
    assert one("api.mjs", before.replace("\n", "\r\n")) == after.replace("\n", "\r\n")


OPTIONS = {
    "alone": ("AUTH", "BEARER"),
    "beside others": ("timeout: 5000, AUTH", "timeout: 5000, BEARER"),
    "beside headers": (
        'headers: { Accept: "*/*" }, AUTH',
        'headers: { AUTHORIZATION, Accept: "*/*" }',
    ),
    "beside headers from elsewhere": ("AUTH, headers: given", "headers: { ...given, AUTHORIZATION }"),
}


@pytest.mark.parametrize("case", OPTIONS)
def test_a_pair_for_axios_becomes_a_header(case: str) -> None:
    before, after = OPTIONS[case]
    text = f'import axios from "axios";\n\nexport const get = async (given) => axios.get("{URL}", {{ OPTIONS }});\n'
    before = before.replace("AUTH", 'auth: { username: "", password: process.env.ADO_PAT }')
    header = "Authorization: `Bearer ${await entraToken()}`"
    after = after.replace("BEARER", f"headers: {{ {header} }}").replace("AUTHORIZATION", header)
    assert one("get.mjs", text.replace("OPTIONS", before)).endswith(
        text.replace("OPTIONS", after).splitlines()[-1] + "\n"
    )
