"""PowerShell evaluated: credentials through variables, splatting, functions, classes and files to what they sign in."""

from __future__ import annotations

import re

import pytest
from programs import check

HEADER = """\
$pair = base64(:$env:ADO_PAT)
"""
CALL = "Invoke-RestMethod -Uri https://dev.azure.com/contoso/_apis/projects -Headers $headers\n"


def written(program: str) -> str:
    """A program with what its abbreviations stand for: `base64(…)` encodes a text, `FOUND` marks a header."""
    encoded = r'[Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes("\1"))'
    marked = program.replace("# FOUND", "# <- PAT201 env:ADO_PAT <URL>")
    return re.sub(r"base64\((.+?)\)(?=[\s)}]|\Z)", encoded, marked)


PROGRAMS = {
    "a mapping filled in steps": f"""\
{HEADER}$headers = @{{}}
$headers.Add('Authorization', "Basic $pair")  # FOUND
{CALL}""",
    "mappings added": f"""\
{HEADER}$headers = @{{ Accept = 'application/json' }}
$headers += @{{ Authorization = 'Basic ' + $pair }}  # FOUND
{CALL}""",
    "a pipeline that assigns": f"""\
$pat = $env:ADO_PAT
"Basic {{0}}" -f base64(:${{pat}}) | Set-Variable value  # <- PAT201 env:ADO_PAT
$headers = @{{ Authorization = $value }}
{CALL}""",
    "parameters spread and added to": f"""\
{HEADER}$call = @{{ Uri = 'https://dev.azure.com/contoso/_apis/projects' }}
$call.Headers = @{{ Authorization = "Basic $pair" }}  # FOUND
Invoke-RestMethod @call
""",
    "a statement that gives a value": f"""\
{HEADER}$value = if ($env:BEARER) {{ "Bearer $env:BEARER" }} else {{ "Basic $pair" }}  # FOUND
$headers = @{{ Authorization = $value }}
{CALL}""",
    "a function's output": """\
function Get-Headers {
  param([string]$Pat, [string]$Kind = 'json')
  $encoded = base64(:$Pat)
  @{ Authorization = "Basic $encoded" }  # FOUND
}
Invoke-RestMethod https://dev.azure.com/contoso/_apis/projects -Headers (Get-Headers -Pat $env:ADO_PAT)
""",
    "what is piped into a function": """\
function ConvertTo-Header {
  param([Parameter(ValueFromPipeline)]$Value)
  process { "Basic " + base64(:$Value) }  # FOUND
}
$headers = @{ Authorization = ($env:ADO_PAT | ConvertTo-Header) }
Invoke-RestMethod https://dev.azure.com/contoso/_apis/projects -Headers $headers
""",
    "a block for each item": f"""\
{HEADER}'projects', 'teams' | ForEach-Object {{
  $headers = @{{ Authorization = "Basic $pair" }}  # <- PAT201 env:ADO_PAT
  Invoke-RestMethod "https://dev.azure.com/contoso/_apis/$_" -Headers $headers
}}
""",
    "an object of the program's own": """\
class Connection {
  [string]$Url
  hidden [string]$Pat
  Connection([string]$url, [string]$pat) { $this.Url = $url; $this.Pat = $pat }
  [hashtable] Headers() {
    $secret = $this.Pat
    $pair = base64(:$secret)
    return @{ Authorization = "Basic $pair" }  # FOUND
  }
}
$connection = [Connection]::new('https://dev.azure.com/contoso', $env:ADO_PAT)
Invoke-RestMethod "$($connection.Url)/_apis/projects" -Headers $connection.Headers()
""",
    "a client": """\
$client = New-Object System.Net.WebClient
$client.Headers.Add('Authorization', 'Basic ' + base64(:$env:ADO_PAT))  # FOUND
$client.DownloadString('https://dev.azure.com/contoso/_apis/projects')
""",
    "a name of the script's scope": f"""\
function Connect {{ $script:headers = @{{ Authorization = "Basic $(base64(:$env:ADO_PAT))" }} }}  # FOUND
Connect
{CALL}""",
    "text that is run": """\
$arguments = "clone https://x:$env:ADO_PAT@dev.azure.com/contoso/web/_git/web"  # <- PAT102 env:ADO_PAT
Invoke-Expression "git $arguments"
""",
    "a credential object": """\
$secure = ConvertTo-SecureString $env:ADO_PAT -AsPlainText -Force
$credential = [pscredential]::new('x', $secure)  # <- PAT202 env:ADO_PAT <URL>
Invoke-WebRequest -Uri https://dev.azure.com/contoso/_apis/projects -Credential $credential -Authentication Basic
""",
    "a token of Entra": """\
$token = (Get-AzAccessToken -ResourceUrl 499b84ac-1321-427f-aa17-267ca6975798).Token
$headers = @{ Authorization = 'Basic ' + base64(:$token) }
Invoke-RestMethod https://dev.azure.com/contoso/_apis/projects -Headers $headers
""",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_a_script(program: str) -> None:
    check(written(f"# file: sign_in.ps1\n{program}"))


FILES = {
    "read in by its path": """\
# file: lib/common.ps1
function Get-Headers([string]$Pat) {
  @{ Authorization = 'Basic ' + base64(:$Pat) }  # FOUND
}
# file: scripts/list.ps1
. "$PSScriptRoot/../lib/common.ps1"
Invoke-RestMethod https://dev.azure.com/contoso/_apis/projects -Headers (Get-Headers -Pat $env:ADO_PAT)
""",
    "read in by a path that is put together": """\
# file: common.ps1
function Get-Headers([string]$Pat) {
  @{ Authorization = 'Basic ' + base64(:$Pat) }  # FOUND
}
# file: list.ps1
. (Join-Path $PSScriptRoot common.ps1)
Invoke-RestMethod https://dev.azure.com/contoso/_apis/projects -Headers (Get-Headers -Pat $env:ADO_PAT)
""",
    "of the same module": """\
# file: Source/Private/common.ps1
function _headers {
  param([string]$Pat)
  return @{ Authorization = 'Basic ' + base64(:$Pat) }  # FOUND
}
# file: Source/Public/Get-Projects.ps1
function Get-Projects {
  $headers = _headers -Pat $env:ADO_PAT
  Invoke-RestMethod https://dev.azure.com/contoso/_apis/projects -Headers $headers
}
""",
    "kept in a variable that the module shares": """# file: Public/Connect.ps1
function Connect-Service([string]$Pat) {
  $pair = base64(:$Pat)
  Set-Variable -Name Pair -Value $pair -Scope Global
  $global:Header = "Basic $pair"  # <- PAT201 parameter:Pat
}
# file: Public/Projects.ps1
function Get-Projects($Top) {
  $headers = @{ Authorization = "Basic $Pair" }  # <- PAT201 parameter:Pat <URL>
  Invoke-RestMethod https://dev.azure.com/contoso/_apis/projects -Headers $headers
}
function Get-Teams($Top) {
  Invoke-RestMethod https://dev.azure.com/contoso/_apis/teams -Headers @{ Authorization = $Header }
}
# file: list.ps1
Get-Projects 5
Get-Teams 5
""",
}


@pytest.mark.parametrize("program", FILES.values(), ids=FILES)
def test_a_function_of_another_file(program: str) -> None:
    check(written(program))
