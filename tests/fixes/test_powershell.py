"""Fixes in PowerShell scripts: exact texts before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fixes.mended import TOKEN, mended

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://dev.azure.com/fabrikam/_apis/projects"
BEARER = f'"Bearer $({TOKEN})"'
_ENCODED = '[Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes(":$env:AZDO_PAT"))'
SEND = f"Invoke-RestMethod -Uri {URL} -Headers $headers\n"
HEADERS = {
    "in a table": (
        f'$b64 = {_ENCODED}\n$headers = @{{ Authorization = "Basic $b64" }}\n{SEND}',
        f"$headers = @{{ Authorization = {BEARER} }}\n{SEND}",
    ),
    "formatted, in parentheses": (
        f"$b64 = {_ENCODED}\n$headers = @{{Authorization=('Basic {{0}}' -f $B64)}}\n{SEND}",
        f"$headers = @{{Authorization={BEARER}}}\n{SEND}",
    ),
    "put together": (
        f"$headers = @{{\n  'Accept' = 'application/json'\n  'Authorization' = 'Basic ' + {_ENCODED}\n}}\n{SEND}",
        f"$headers = @{{\n  'Accept' = 'application/json'\n  'Authorization' = {BEARER}\n}}\n{SEND}",
    ),
    "by key": (
        f'$headers = @{{}}\n$headers["Authorization"] = "Basic $({_ENCODED})"\n{SEND}',
        f'$headers = @{{}}\n$headers["Authorization"] = {BEARER}\n{SEND}',
    ),
    "added": (
        f'$headers = @{{}}\n$headers.Add("Authorization", ("Basic {{0}}" -f {_ENCODED}))\n{SEND}',
        f'$headers = @{{}}\n$headers.Add("Authorization", ({BEARER}))\n{SEND}',
    ),
    "by way of a variable": (
        f'$auth = "Basic " + {_ENCODED}\n$headers = @{{ Authorization = $auth }}\n{SEND}',
        f"$auth = {BEARER}\n$headers = @{{ Authorization = $auth }}\n{SEND}",
    ),
    "piped": (
        f'"Basic {{0}}" -f {_ENCODED} `\n  | Set-Variable auth\n$headers = @{{ Authorization = $auth }}\n{SEND}',
        f"{BEARER} `\n  | Set-Variable auth\n$headers = @{{ Authorization = $auth }}\n{SEND}",
    ),
    "of a web client": (
        (
            '$client = New-Object System.Net.WebClient\n$client.Headers.Add("Authorization: Basic " + '
            f'{_ENCODED})\n$client.DownloadString("{URL}")\n'
        ),
        (
            '$client = New-Object System.Net.WebClient\n$client.Headers.Add("Authorization: Bearer '
            f'$({TOKEN})")\n$client.DownloadString("{URL}")\n'
        ),
    ),
    "of an HttpClient": (
        (
            "$http = [System.Net.Http.HttpClient]::new()\n$http.DefaultRequestHeaders.Authorization = "
            f'[System.Net.Http.Headers.AuthenticationHeaderValue]::new("Basic", {_ENCODED})\n$http.GetAsync("{URL}")\n'
        ),
        (
            "$http = [System.Net.Http.HttpClient]::new()\n$http.DefaultRequestHeaders.Authorization = "
            f'[System.Net.Http.Headers.AuthenticationHeaderValue]::new("Bearer", "$({TOKEN})")\n'
            f'$http.GetAsync("{URL}")\n'
        ),
    ),
    "in a here-string": (
        f'$b64 = {_ENCODED}\n$headers = @{{ Authorization = @"\nBasic $b64\n"@ }}\n{SEND}',
        f"$headers = @{{ Authorization = {BEARER} }}\n{SEND}",
    ),
}


@pytest.mark.parametrize("case", HEADERS)
def test_header(tmp_path: Path, case: str) -> None:
    before, after = HEADERS[case]
    assert mended(tmp_path, "x.ps1", before).decode() == after


COMMANDS = {
    "curl": (f'curl.exe -s -u ":$env:AZDO_PAT" {URL}', f'curl.exe -s -H "Authorization: Bearer $({TOKEN})" {URL}'),
    "git's header": (
        f'git -c http.extraheader="AUTHORIZATION: Basic $({_ENCODED})" fetch https://dev.azure.com/fabrikam/w/_git/w',
        f'git -c http.extraheader="AUTHORIZATION: Bearer $({TOKEN})" fetch https://dev.azure.com/fabrikam/w/_git/w',
    ),
    "a URL": (
        'git clone "https://user:$($env:AZDO_PAT)@dev.azure.com/fabrikam/w/_git/w"',
        f'git -c "http.extraheader=AUTHORIZATION: bearer $({TOKEN})" clone "https://dev.azure.com/fabrikam/w/_git/w"',
    ),
    "VSTeam": (
        "Set-VSTeamAccount -Account fabrikam -PersonalAccessToken $env:AZDO_PAT",
        f"Set-VSTeamAccount -Account fabrikam -PersonalAccessToken ({TOKEN}) -UseBearerToken",
    ),
}


@pytest.mark.parametrize("case", COMMANDS)
def test_command(tmp_path: Path, case: str) -> None:
    before, after = COMMANDS[case]
    assert mended(tmp_path, "x.ps1", before + "\n").decode() == after + "\n"


def test_a_credential_of_a_request(tmp_path: Path) -> None:
    before = f"""\
$secret = Read-Host 'PAT' -AsSecureString
$cred = New-Object System.Management.Automation.PSCredential("", $secret)
Invoke-RestMethod -Uri {URL} -Authentication Basic -Credential $cred
"""
    after = f"""\
Invoke-RestMethod -Uri {URL} -Authentication Bearer -Token (ConvertTo-SecureString ({TOKEN}) -AsPlainText -Force)
"""
    assert mended(tmp_path, "x.ps1", before).decode() == after


def test_a_script_that_uses_az_modules_goes_on_to(tmp_path: Path) -> None:
    before = f'Connect-AzAccount -Identity\n$headers = @{{ Authorization = "Basic $({_ENCODED})" }}\n{SEND}'
    after = mended(tmp_path, "x.ps1", before).decode()
    assert (
        "\"Bearer $([Net.NetworkCredential]::new('', (Get-AzAccessToken -ResourceUrl "
        '499b84ac-1321-427f-aa17-267ca6975798 -AsSecureString).Token).Password)"'
    ) in after


SCRIPT = f"""\
#Requires -Version 5
<#
.SYNOPSIS
  Lists projects
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true)][string] $Pat,  # of a person
    [string] $Organization = "fabrikam"
)
$ErrorActionPreference = 'Stop'

function Get-Headers($token) {{
    $base64AuthInfo = [Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes(":$token"))
    return @{{ Authorization = "Basic $base64AuthInfo" }}
}}

function Get-OtherHeaders {{
    $base64AuthInfo = [Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes(":$Pat"))

    @{{ Authorization = "Basic $Base64AuthInfo" }}
}}

Invoke-RestMethod -Uri {URL} -Headers (Get-Headers $Pat)
Invoke-RestMethod -Uri {URL} -Headers (Get-OtherHeaders)
"""
FIXED = f"""\
#Requires -Version 5
<#
.SYNOPSIS
  Lists projects
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true)][string] $Pat,  # of a person
    [string] $Organization = "fabrikam"
)
$ErrorActionPreference = 'Stop'

# A Microsoft Entra token for Azure DevOps, of whoever az is signed in as
function Get-EntraToken {{
    {TOKEN}
}}

function Get-Headers($token) {{
    return @{{ Authorization = "Bearer $(Get-EntraToken)" }}
}}

function Get-OtherHeaders {{

    @{{ Authorization = "Bearer $(Get-EntraToken)" }}
}}

Invoke-RestMethod -Uri {URL} -Headers (Get-Headers $Pat)
Invoke-RestMethod -Uri {URL} -Headers (Get-OtherHeaders)
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_whole_script_in_any_encoding(tmp_path: Path, newline: str, encoding: str) -> None:
    before = SCRIPT.replace("\n", newline).encode(encoding)
    assert mended(tmp_path, "x.ps1", before) == FIXED.replace("\n", newline).encode(encoding)


def test_no_definition_stands_in_a_comment(tmp_path: Path) -> None:
    helped = "<#\n  .SYNOPSIS\n    Lists\n\n  .NOTES\n    # none\n#>\n"
    twice = f'$headers = @{{ Authorization = "Basic $({_ENCODED})" }}\n{SEND}' * 2
    for head in (helped, "# Ours\n\n" + helped, helped + "\n"):
        after = mended(tmp_path, "x.ps1", head + twice).decode()
        at = after.index("\nfunction Get-EntraToken")
        assert after[:at].count("<#") == after[:at].count("#>"), head
        assert helped in after


def test_parameters_stay(tmp_path: Path) -> None:
    before = "param([string]$Pat)\nSet-VSTeamAccount -Account fabrikam -PersonalAccessToken $Pat\n"
    assert mended(tmp_path, "x.ps1", before).decode().startswith("param([string]$Pat)\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("$pat = '<<azure-devops-pat>>'", "$pat = $env:PAT"),
        ('param([string]$Token = "<<azure-devops-pat>>")', "param([string]$Token = $env:TOKEN)"),
        ('$pair = "me:<<azure-devops-pat>>"', '$pair = "me:$($env:AZURE_DEVOPS_EXT_PAT)"'),
        ("Connect-It -AccessToken <<azure-devops-pat>>", "Connect-It -AccessToken $env:ACCESS_TOKEN"),
        ('$text = @"\ntoken=<<azure-devops-pat>>\n"@', '$text = @"\ntoken=$($env:AZURE_DEVOPS_EXT_PAT)\n"@'),
    ],
)
def test_a_written_token_comes_from_the_environment(tmp_path: Path, before: str, after: str) -> None:
    assert mended(tmp_path, "x.ps1", before + "\n", unsafe=False).decode() == after + "\n"


@pytest.mark.parametrize("text", ["$pair = 'me:<<azure-devops-pat>>'\n", "$t = @'\n<<azure-devops-pat>>\n'@\n"])
def test_a_token_where_nothing_is_filled_in_is_left(tmp_path: Path, text: str) -> None:
    from pat_audit.tokens.samples import expand

    assert mended(tmp_path, "x.ps1", text).decode() == expand(text)


def test_a_helper_of_several_servers_is_left_to_a_person(tmp_path: Path) -> None:
    text = """\
param([string]$From, [string]$To, [string]$User, [securestring]$Password, [securestring]$AzureDevOpsPat)

function Get-Index([string]$Url, [pscredential]$Credential) {
    return (Invoke-RestMethod -Uri $Url -Credential $Credential).resources
}

$there = New-Object -TypeName pscredential -ArgumentList $User, $Password
$here = New-Object -TypeName pscredential -ArgumentList 'x', $AzureDevOpsPat
Get-Index -Url $From -Credential $there
Get-Index -Url $To -Credential $here
"""
    assert mended(tmp_path, "x.ps1", text).decode() == text
