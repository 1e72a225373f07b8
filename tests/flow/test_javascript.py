"""How values flow through JavaScript and TypeScript: from where a credential is born to the request that it signs."""

from __future__ import annotations

import pytest
from programs import check

URL = "https://dev.azure.com/contoso/_apis/projects"

DIRECT = {
    "fetch": f"""
fetch("{URL}", {{ headers: {{ Authorization: "Basic " + btoa(":" + process.env.ADO_PAT) }} }}); // <- PAT201 env:ADO_PAT
""",
    "fetch with options made before": f"""
const token = Buffer.from(`:${{process.env.ADO_PAT}}`).toString('base64');
const options = {{ method: 'GET', headers: {{}} }};
options.headers['Authorization'] = `Basic ${{token}}`; // <- PAT201 env:ADO_PAT
await fetch("{URL}", options);
""",
    "headers object": f"""
const headers = new Headers({{ Accept: 'application/json' }});
headers.set('Authorization', `Basic ${{btoa(':' + process.env['ADO_PAT'])}}`); // <- PAT201 env:ADO_PAT {URL}
const response = await fetch("{URL}", {{ headers }});
""",
    "request object": f"""
const request = new Request("{URL}", {{
  headers: {{ authorization: `Basic ${{btoa(`:${{process.env.ADO_PAT}}`)}}` }}, // <- PAT201 env:ADO_PAT {URL}
}});
fetch(request).then((response) => response.json());
""",
    "headers as pairs": f"""
await fetch("{URL}", {{
  headers: [['Authorization', 'Basic ' + btoa(':' + process.env.ADO_PAT)]], // <- PAT201 env:ADO_PAT {URL}
}});
""",
    "new Buffer": f"""
const fetch = require('node-fetch');
const encoded = new Buffer('' + ':' + process.env.ADO_PAT).toString('base64');
fetch("{URL}", {{ headers: {{ 'Authorization': 'Basic ' + encoded }} }}); // <- PAT201 env:ADO_PAT {URL}
""",
    "joined": f"""
const pair = ['', process.env.ADO_PAT].join(':');
fetch("{URL}", {{ headers: {{ Authorization: ['Basic', btoa(pair)].join(' ') }} }}); // <- PAT201 env:ADO_PAT {URL}
""",
    "concatenated": f"""
let header = 'Basic ';
header += Buffer.from(':'.concat(process.env.ADO_PAT), 'utf8').toString('base64'); // <- PAT201 env:ADO_PAT
fetch("{URL}", {{ headers: {{ Authorization: header }} }});
""",
    "format": f"""
const util = require('util');
const header = util.format('Basic %s', btoa(util.format('%s:%s', '', process.env.ADO_PAT))); // <- PAT201 env:ADO_PAT
fetch("{URL}", {{ headers: {{ Authorization: header }} }});
""",
    "axios options": f"""
import axios from 'axios';
const {{ data }} = await axios.get("{URL}", {{
  auth: {{ username: '', password: process.env.ADO_PAT ?? '' }}, // <- PAT202 env:ADO_PAT {URL}
}});
""",
    "axios configuration": f"""
const axios = require('axios').default;
axios({{
  method: 'get',
  url: "{URL}",
  auth: {{ username: 'me', password: process.env.ADO_PAT }}, // <- PAT202 env:ADO_PAT {URL}
}});
""",
    "axios instance": """
import axios from 'axios';
const api = axios.create({ baseURL: 'https://dev.azure.com/contoso' });
api.defaults.headers.common['Authorization'] = `Basic ${btoa(':' + process.env.ADO_PAT)}`; // <- PAT201 env:ADO_PAT
api.post('/_apis/wit/wiql', { query: 'Select [System.Id] From WorkItems' });
""",
    "axios instance that is called": f"""
import axios from 'axios';
const api = axios.create({{ auth: {{ username: '', password: process.env.ADO_PAT }} }}); // <- PAT202 env:ADO_PAT {URL}
api("{URL}");
""",
    "got": f"""
import got from 'got';
await got("{URL}", {{ username: '', password: process.env.ADO_PAT }}).json(); // <- PAT202 env:ADO_PAT {URL}
""",
    "request": f"""
const request = require('request');
request({{ url: "{URL}", auth: {{ user: '', pass: process.env.ADO_PAT }} }}, // <- PAT202 env:ADO_PAT {URL}
  (error, response, body) => console.log(body));
""",
    "superagent": f"""
const superagent = require('superagent');
superagent.get("{URL}").set('Accept', '*/*').auth('', process.env.ADO_PAT).end(); // <- PAT202 env:ADO_PAT {URL}
""",
    "needle": f"""
const needle = require('needle');
needle('get', "{URL}", {{ username: '', password: process.env.ADO_PAT }}); // <- PAT202 env:ADO_PAT {URL}
""",
    "https with a pair": """
const https = require('https');
const request = https.request({ // <- PAT202 env:ADO_PAT dev.azure.com/contoso/_apis/projects
  hostname: 'dev.azure.com', path: '/contoso/_apis/projects', auth: ':' + process.env.ADO_PAT,
}, (response) => response.pipe(process.stdout));
request.end();
""",
    "https with headers": """
import * as https from 'node:https';
const options = {
  host: 'dev.azure.com',
  path: '/contoso/_apis/projects?api-version=7.1',
  headers: { Authorization: 'Basic ' + btoa(':' + process.env.ADO_PAT) }, // <- PAT201 env:ADO_PAT
};
https.get(options, (response) => {});
""",
    "old request object": f"""
const xhr = new XMLHttpRequest();
xhr.open('GET', "{URL}");
xhr.setRequestHeader('Authorization', 'Basic ' + btoa(':' + pat)); // <- PAT201 unknown:pat {URL}
xhr.send();
""",
    "jquery": f"""
$.ajax({{
  url: "{URL}",
  headers: {{ Authorization: 'Basic ' + btoa('' + ':' + pat) }}, // <- PAT201 unknown:pat {URL}
}});
""",
    "url with a user": """
const url = `https://${process.env.ADO_PAT}@dev.azure.com/contoso/web/_git/web`; // <- PAT102 env:ADO_PAT
execSync(`git clone ${url}`);
""",
    "url object": f"""
const url = new URL("{URL}");
url.username = 'pat';
url.password = process.env.ADO_PAT; // <- PAT202 env:ADO_PAT {URL}
fetch(url);
""",
    "client library": """
import * as azdev from 'azure-devops-node-api';
const handler = azdev.getPersonalAccessTokenHandler(process.env.ADO_PAT!); // <- PAT202 env:ADO_PAT
const connection = new azdev.WebApi('https://dev.azure.com/contoso', handler);
""",
    "client library by name": """
import { WebApi, getBasicHandler } from 'azure-devops-node-api';
const handler = getBasicHandler('', process.env.ADO_PAT); // <- PAT202 env:ADO_PAT
const api = new WebApi('https://dev.azure.com/contoso', handler);
""",
    "command line": """
import { execSync } from 'child_process';
execSync(`curl -u :${process.env.ADO_PAT} https://dev.azure.com/contoso/_apis/projects`); // <- PAT203 env:ADO_PAT
""",
    "arguments of a program": f"""
import {{ spawnSync }} from 'node:child_process';
spawnSync('curl', ['-u', `:${{process.env.ADO_PAT}}`, "{URL}"], {{ stdio: 'inherit' }}); // <- PAT203 env:ADO_PAT {URL}
""",
    "template of a shell": f"""
import {{ $ }} from 'zx';
await $`curl -u :${{process.env.ADO_PAT}} {URL}`; // <- PAT203 env:ADO_PAT {URL}
""",
    "callback of git": """
import git from 'isomorphic-git';
await git.clone({ fs, http, dir, url: 'https://dev.azure.com/contoso/web/_git/web',
  onAuth: () => ({ username: 'pat', password: process.env.ADO_PAT }) }); // <- PAT202 env:ADO_PAT
""",
    "length": """
if (!pat || pat.length !== 52) throw new Error('not a PAT'); // <- PAT602 unknown:pat
""",
}

THROUGH = {
    "function": f"""
function basic(token) {{
  return 'Basic ' + Buffer.from(':' + token).toString('base64'); // <- PAT201 env:ADO_PAT {URL}
}}
fetch("{URL}", {{ headers: {{ Authorization: basic(process.env.ADO_PAT) }} }});
""",
    "function that is called before it stands": f"""
main();
async function main() {{
  await fetch("{URL}", {{ headers: headers(process.env.ADO_PAT) }});
}}
function headers(secret) {{
  return {{ Authorization: `Basic ${{btoa(`:${{secret}}`)}}` }}; // <- PAT201 env:ADO_PAT {URL}
}}
""",
    "arrow function": f"""
const basic = (pat) => `Basic ${{btoa(`:${{pat}}`)}}`; // <- PAT201 env:ADO_PAT {URL}
await fetch("{URL}", {{ headers: {{ authorization: basic(process.env.ADO_PAT) }} }});
""",
    "taken apart in the parameters": f"""
async function projects({{ url, pat = process.env.ADO_PAT }}) {{
  return fetch(url, {{ headers: {{ Authorization: 'Basic ' + btoa(':' + pat) }} }}); // <- PAT201 env:ADO_PAT {URL}
}}
projects({{ url: "{URL}" }});
""",
    "nested patterns": f"""
const settings = {{ azure: {{ secret: process.env.ADO_PAT }}, list: ["{URL}"] }};
const {{ azure: {{ secret, ...others }}, list: [first] }} = settings;
fetch(first, {{ headers: {{ Authorization: 'Basic ' + btoa(':' + secret) }} }}); // <- PAT201 env:ADO_PAT {URL}
""",
    "spread": f"""
const auth = {{ Authorization: 'Basic ' + btoa(':' + process.env.ADO_PAT) }}; // <- PAT201 env:ADO_PAT {URL}
const options = {{ method: 'GET', headers: {{ Accept: 'application/json', ...auth }} }};
fetch("{URL}", {{ ...options }});
""",
    "assigned to another": f"""
const headers = Object.assign({{}}, defaults, {{
  Authorization: 'Basic ' + btoa(':' + process.env.ADO_PAT), // <- PAT201 env:ADO_PAT {URL}
}});
fetch("{URL}", {{ headers }});
""",
    "promise": f"""
readToken().then((pat) => {{
  return fetch("{URL}", {{ headers: {{ Authorization: 'Basic ' + btoa(':' + pat) }} }}); // <- PAT201 env:ADO_PAT {URL}
}});
async function readToken() {{ return process.env.ADO_PAT; }}
""",
    "callback": f"""
function withToken(callback) {{ return callback(process.env.ADO_PAT); }}
withToken((value) => fetch("{URL}", {{
  headers: {{ Authorization: 'Basic ' + btoa(':' + value) }}, // <- PAT201 env:ADO_PAT {URL}
}}));
""",
    "function inside": f"""
function client(url, secret) {{
  return {{
    projects: async () => fetch(url, {{
      headers: {{ Authorization: 'Basic ' + btoa(':' + secret) }}, // <- PAT201 env:ADO_PAT {URL}
    }}),
  }};
}}
client("{URL}", process.env.ADO_PAT).projects();
""",
    "retried": f"""
import retry from 'p-retry';
const load = (url, secret) => retry(() =>
  fetch(url, {{ headers: {{ Authorization: 'Basic ' + btoa(':' + secret) }} }})); // <- PAT201 env:ADO_PAT {URL}
load("{URL}", process.env.ADO_PAT);
""",
    "variable set by a function": f"""
let secret;
const setUp = () => {{ secret = process.env.ADO_PAT; }};
setUp();
const load = () => fetch("{URL}", {{
  headers: {{ Authorization: 'Basic ' + btoa(':' + secret) }}, // <- PAT201 env:ADO_PAT {URL}
}});
""",
    "items": f"""
const accounts = [{{ url: "{URL}", secret: process.env.ADO_PAT }}];
for (const {{ url, secret }} of accounts) {{
  fetch(url, {{ headers: {{ Authorization: 'Basic ' + btoa(':' + secret) }} }}); // <- PAT201 env:ADO_PAT {URL}
}}
""",
    "mapped": f"""
const urls = ["{URL}"];
await Promise.all(urls.map((url) => axios.get(url, {{
  auth: {{ username: '', password: process.env.ADO_PAT }}, // <- PAT202 env:ADO_PAT {URL}
}})));
""",
    "wrapper with options": f"""
const axios = require('axios');
const call = (url, options) => axios.get(url, {{ timeout: 1000, ...options }});
call("{URL}", {{ auth: {{ username: '', password: process.env.ADO_PAT }} }}); // <- PAT202 env:ADO_PAT {URL}
""",
}

CLASSES = {
    "parameter property": f"""
class Api {{
  constructor(private readonly url: string, private readonly secret: string) {{}}
  get() {{
    const token = btoa(':' + this.secret);
    return fetch(this.url, {{ headers: {{ Authorization: `Basic ${{token}}` }} }}); // <- PAT201 env:ADO_PAT {URL}
  }}
}}
new Api("{URL}", process.env.ADO_PAT!).get();
""",
    "private field": f"""
class Api {{
  #secret;
  constructor(secret) {{ this.#secret = secret; }}
  get headers() {{
    return {{ Authorization: `Basic ${{btoa(`:${{this.#secret}}`)}}` }}; // <- PAT201 env:ADO_PAT {URL}
  }}
  load() {{ return fetch("{URL}", {{ headers: this.headers }}); }}
}}
new Api(process.env.ADO_PAT).load();
""",
    "field made of a field": f"""
class Api {{
  private readonly secret = process.env.ADO_PAT;
  private headers = {{ Authorization: 'Basic ' + btoa(':' + this.secret) }}; // <- PAT201 env:ADO_PAT
  load = async () => fetch("{URL}", {{ headers: this.headers }});
}}
""",
    "base class": f"""
class Base {{
  protected client: AxiosInstance;
  constructor(secret: string) {{
    this.client = axios.create({{ auth: {{ username: '', password: secret }} }}); // <- PAT202 env:ADO_PAT {URL}
  }}
}}
class Projects extends Base {{
  constructor() {{ super(process.env.ADO_PAT); }}
  list() {{ return this.client.get("{URL}"); }}
}}
""",
    "static": f"""
class Settings {{ static readonly secret = process.env.ADO_PAT; static url() {{ return "{URL}"; }} }}
fetch(Settings.url(), {{
  headers: {{ Authorization: 'Basic ' + btoa(':' + Settings.secret) }}, // <- PAT201 env:ADO_PAT {URL}
}});
""",
    "class that is a value": f"""
module.exports = class {{
  constructor(options) {{ this.secret = options.secret; }}
  load() {{
    const token = btoa(':' + this.secret);
    return fetch("{URL}", {{ headers: {{ Authorization: 'Basic ' + token }} }}); // <- PAT201 attribute:options.secret
  }}
}};
""",
    "enum": f"""
enum Hosts {{ Projects = "{URL}" }}
fetch(Hosts.Projects, {{
  headers: {{ Authorization: 'Basic ' + btoa(':' + process.env.ADO_PAT) }}, // <- PAT201 env:ADO_PAT {URL}
}});
""",
}

FILES = {
    "named import": f"""
// file: src/auth.ts
export const secret = process.env.ADO_PAT;
export function header() {{ return `Basic ${{btoa(`:${{secret}}`)}}`; }} // <- PAT201 env:ADO_PAT
// file: src/index.ts
import {{ header as sign }} from './auth.js';
fetch("{URL}", {{ headers: {{ Authorization: sign() }} }});
""",
    "default import and index": f"""
// file: src/settings/index.ts
export default {{ url: "{URL}", secret: process.env.ADO_PAT }};
// file: src/main.ts
import settings from './settings';
fetch(settings.url, {{
  headers: {{ Authorization: 'Basic ' + btoa(':' + settings.secret) }}, // <- PAT201 env:ADO_PAT {URL}
}});
""",
    "exported again": f"""
// file: lib/auth.ts
export const secret = process.env.ADO_PAT;
// file: lib/index.ts
export * from './auth';
export {{ URL_OF as address }} from './address';
// file: lib/address.ts
export const URL_OF = "{URL}";
// file: main.ts
import * as lib from './lib';
fetch(lib.address, {{
  headers: {{ Authorization: 'Basic ' + btoa(':' + lib.secret) }}, // <- PAT201 env:ADO_PAT {URL}
}});
""",
    "required": f"""
// file: settings.js
module.exports = {{ address: "{URL}", secret: process.env.ADO_PAT }};
// file: auth.js
const settings = require('./settings');
exports.header = () => 'Basic ' + btoa(':' + settings.secret); // <- PAT201 env:ADO_PAT
// file: main.js
const {{ header }} = require('./auth');
fetch(require('./settings').address, {{ headers: {{ Authorization: header() }} }});
""",
    "alias of the settings": f"""
// file: tsconfig.json
{{ "compilerOptions": {{ "baseUrl": ".", "paths": {{ "@/*": ["src/*"] }} }} }} // a comment
// file: src/auth/header.ts
export const header = (secret: string) => 'Basic ' + btoa(':' + secret); // <- PAT201/note env:ADO_PAT {URL}
// file: src/pages/projects.ts
import {{ header }} from '@/auth/header';
fetch("{URL}", {{ headers: {{ Authorization: header(process.env.ADO_PAT) }} }}); // <- PAT201 env:ADO_PAT {URL}
""",
    "package of the repository": f"""
// file: packages/auth/package.json
{{ "name": "@contoso/auth" }}
// file: packages/auth/src/index.ts
export class Auth {{
  constructor(private secret: string) {{}}
  header() {{ return 'Basic ' + btoa(':' + this.secret); }} // <- PAT201/note env:ADO_PAT {URL}
}}
// file: packages/app/src/index.ts
import {{ Auth }} from '@contoso/auth';
const auth = new Auth(process.env.ADO_PAT);
fetch("{URL}", {{ headers: {{ Authorization: auth.header() }} }}); // <- PAT201 env:ADO_PAT {URL}
""",
    "class of another file": f"""
// file: base.js
class Base {{
  constructor(options) {{ this.secret = options.secret; }}
  header() {{ return 'Basic ' + btoa(':' + this.secret); }} // <- PAT201/note attribute:options.secret
}}
module.exports = Base;
// file: client.js
const Base = require('./base');
class Client extends Base {{
  load() {{
    return fetch("{URL}", {{ headers: {{ Authorization: this.header() }} }}); // <- PAT201 attribute:options.secret
  }}
}}
new Client({{ secret: process.env.ADO_PAT }}).load();
""",
    "component": f"""
// file: src/Projects.vue
<template><p v-if="loaded">{{{{ projects }}}}</p></template>
<script setup lang="ts">
const response = await fetch("{URL}", {{
  headers: {{ Authorization: 'Basic ' + btoa(':' + import.meta.env.VITE_ADO_PAT) }}, // <- PAT201 env:VITE_ADO_PAT {URL}
}});
</script>
""",
}

SILENT = {
    "entra": f"""
import {{ DefaultAzureCredential }} from '@azure/identity';
const token = await new DefaultAzureCredential().getToken('499b84ac-1321-427f-aa17-267ca6975798/.default');
fetch("{URL}", {{ headers: {{ Authorization: 'Basic ' + btoa(':' + token.token) }} }});
""",
    "bearer handler": """
import { WebApi, getBearerHandler } from 'azure-devops-node-api';
const api = new WebApi('https://dev.azure.com/contoso', getBearerHandler(await token()));
""",
    "job token": """
import tl = require('azure-pipelines-task-lib/task');
import * as vsts from 'azure-devops-node-api';
const token = tl.getEndpointAuthorizationParameter('SYSTEMVSSCONNECTION', 'AccessToken', false);
const handler = vsts.getPersonalAccessTokenHandler(token);
const other = vsts.getPersonalAccessTokenHandler(tl.getVariable('System.AccessToken'));
""",
    "service of one's own": """
const basic = btoa(`${user}:${password}`);
fetch('https://reports.contoso.example/api', { headers: { Authorization: `Basic ${basic}` } });
axios.get('https://reports.contoso.example/api', { auth: { username, password } });
""",
    "wrapper that nobody calls": """
export const get = (url, config) => axios.get(url, config);
export const send = (options) => http.request(options);
""",
    "scheme to compare with": """
if (header.startsWith('Basic ')) user = atob(header.slice(6)).split(':')[0];
""",
}


READS = {
    "environment": """
const { ADO_PAT, ORG } = process.env; // <- PAT501/note env:ADO_PAT
const settings = z.object({ AZDO_PAT: z.string() }).parse(process.env);
console.log(settings.AZDO_PAT, ORG); // <- PAT501/note env:AZDO_PAT
""",
    "through a function": """
function required(name) { return process.env[name] || fail(name); }
const token = required('AZURE_DEVOPS_EXT_PAT'); // <- PAT501/note env:AZURE_DEVOPS_EXT_PAT
""",
    "options": """
import { program } from 'commander';
program.name('sync').option('-p, --ado-pat <token>', 'a token').option('--tfs-pat <token>').parse();
console.log(program.opts().adoPat); // <- PAT502/note option:adoPat
""",
    "configuration": """
const settings = JSON.parse(fs.readFileSync('settings.json', 'utf8'));
login(settings.azureDevOpsPat); // <- PAT503/note file:azureDevOpsPat
const editor = vscode.workspace.getConfiguration('contoso');
login(editor.get('azureDevOpsPat')); // <- PAT503/note config:azureDevOpsPat
""",
    "what is set or taken away is not read": """
process.env.ADO_PAT = 'x';
delete process.env.ADO_PAT;
""",
}


@pytest.mark.parametrize("program", READS.values(), ids=READS.keys())
def test_what_comes_from_outside(program: str) -> None:
    check("// file: sign_in.ts\n" + program.lstrip("\n"), inventory=True)


@pytest.mark.parametrize("program", DIRECT.values(), ids=DIRECT.keys())
def test_where_it_is_written(program: str) -> None:
    check("// file: sign_in.ts\n" + program.lstrip("\n"))


@pytest.mark.parametrize("program", THROUGH.values(), ids=THROUGH.keys())
def test_through_functions(program: str) -> None:
    check("// file: sign_in.ts\n" + program.lstrip("\n"))


@pytest.mark.parametrize("program", CLASSES.values(), ids=CLASSES.keys())
def test_through_classes(program: str) -> None:
    check("// file: sign_in.ts\n" + program.lstrip("\n"))


@pytest.mark.parametrize("program", FILES.values(), ids=FILES.keys())
def test_through_files(program: str) -> None:
    check(program.lstrip("\n"))


@pytest.mark.parametrize("program", SILENT.values(), ids=SILENT.keys())
def test_says_nothing(program: str) -> None:
    check("// file: sign_in.ts\n" + program.lstrip("\n"))
