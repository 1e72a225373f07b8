"""Fixes in C#: exact texts before and after, and what is left to a person."""

from __future__ import annotations

import pytest

from fixes.in_memory import fixed, one, refusals

SCOPE = '"499b84ac-1321-427f-aa17-267ca6975798/.default"'
CREDENTIAL = "private static readonly DefaultAzureCredential EntraCredential = new DefaultAzureCredential();\n"
TOKEN = f"""\
private static string EntraToken() =>
    EntraCredential.GetToken(
        new TokenRequestContext(new[] {{ {SCOPE} }})).Token;
"""
TOKEN_ASYNC = f"""\
private static async Task<string> EntraTokenAsync()
{{
    var context = new TokenRequestContext(new[] {{ {SCOPE} }});
    return (await EntraCredential.GetTokenAsync(context)).Token;
}}
"""


def _indented(text: str, by: str = "    ") -> str:
    return "".join(by + line if line.strip() else line for line in text.splitlines(keepends=True))


def test_a_header_of_a_client_in_a_constructor() -> None:
    before = """\
using System;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using Contoso.Logging;

namespace Contoso;

public class Projects
{
    private readonly HttpClient _client = new() { BaseAddress = new Uri("https://dev.azure.com/fabrikam/") };

    public Projects(string pat)
    {
        var pair = Convert.ToBase64String(Encoding.ASCII.GetBytes($":{pat}"));
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", pair);
    }
}
"""
    after = f"""\
using System;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using Azure.Core;
using Azure.Identity;
using Contoso.Logging;

namespace Contoso;

public class Projects
{{
{_indented(CREDENTIAL)}
{_indented(TOKEN)}
    private readonly HttpClient _client = new() {{ BaseAddress = new Uri("https://dev.azure.com/fabrikam/") }};

    public Projects(string pat)
    {{
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", EntraToken());
    }}
}}
"""
    assert one("Projects.cs", before) == after


def test_an_asynchronous_method_waits_in_a_file_with_tabs_line_ends_of_windows_and_a_byte_order_mark() -> None:
    before = """\
using System.Net.Http;
using System.Threading.Tasks;

namespace Contoso
{
\tinternal static class Projects
\t{
\t\tpublic static async Task<string> List(string pat)
\t\t{
\t\t\tusing var client = new HttpClient();
\t\t\tvar encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(":" + pat));
\t\t\tclient.DefaultRequestHeaders.Add("Authorization", $"Basic {encoded}");
\t\t\treturn await client.GetStringAsync("https://dev.azure.com/fabrikam/_apis/projects");
\t\t}
\t}
}
"""
    members = _indented(f"{CREDENTIAL}\n{TOKEN_ASYNC}".replace("    ", "\t"), "\t\t")
    after = f"""\
using System.Net.Http;
using System.Threading.Tasks;
using Azure.Core;
using Azure.Identity;

namespace Contoso
{{
\tinternal static class Projects
\t{{
{members}
\t\tpublic static async Task<string> List(string pat)
\t\t{{
\t\t\tusing var client = new HttpClient();
\t\t\tclient.DefaultRequestHeaders.Add("Authorization", $"Bearer {{await EntraTokenAsync()}}");
\t\t\treturn await client.GetStringAsync("https://dev.azure.com/fabrikam/_apis/projects");
\t\t}}
\t}}
}}
"""
    raw = b"\xef\xbb\xbf" + before.replace("\n", "\r\n").encode()
    assert one("Projects.cs", raw) == "\ufeff" + after.replace("\n", "\r\n")


def test_the_client_library_takes_the_identity_itself() -> None:
    before = """\
using Microsoft.VisualStudio.Services.Common;
using Microsoft.VisualStudio.Services.WebApi;

var connection = new VssConnection(new Uri("https://dev.azure.com/fabrikam"), new VssBasicCredential("", args[0]));
"""
    after = """\
using Azure.Identity;
using Microsoft.VisualStudio.Services.Client;
using Microsoft.VisualStudio.Services.Common;
using Microsoft.VisualStudio.Services.WebApi;

var connection = new VssConnection(new Uri("https://dev.azure.com/fabrikam"), new VssAzureIdentityCredential(new DefaultAzureCredential()));
"""  # noqa: E501
    assert one("Program.cs", before) == after


def test_statements_at_the_top_have_local_functions() -> None:
    before = """\
var client = new HttpClient();
client.DefaultRequestHeaders.Authorization =
    new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(":" + Environment.GetEnvironmentVariable("ADO_PAT"))));
await client.GetStringAsync("https://dev.azure.com/fabrikam/_apis/projects");
"""
    after = f"""\
using System.Threading.Tasks;
using Azure.Core;
using Azure.Identity;

{CREDENTIAL.replace("private static readonly ", "")}
{TOKEN_ASYNC.replace("private static ", "")}
var client = new HttpClient();
client.DefaultRequestHeaders.Authorization =
    new("Bearer", await EntraTokenAsync());
await client.GetStringAsync("https://dev.azure.com/fabrikam/_apis/projects");
"""
    assert one("Program.cs", before) == after


def test_two_types_have_their_own_and_two_uses_of_one_share_it() -> None:
    method = """\
    public void {name}(HttpClient client, string pat) =>
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic",
            Convert.ToBase64String(Encoding.ASCII.GetBytes($":{{pat}}"))); // dev.azure.com
"""
    one_, two = method.format(name="One"), method.format(name="Two")
    before = f"class A\n{{\n{one_}{two}}}\n\nclass B\n{{\n{one_}}}\n"
    after = one("Clients.cs", before)
    assert after.count("private static string EntraToken() =>") == 2
    assert after.count("EntraToken())") == 3
    assert "Basic" not in after


FLURL = 'class A\n{{\n    public async Task Get(string adoPat) => await "https://dev.azure.com/fabrikam/_apis/projects"{gap}.{call}.GetJsonAsync<Projects>();\n}}\n'


@pytest.mark.parametrize("gap", ["", "\n        "])
def test_flurl(gap: str) -> None:
    after = one("A.cs", FLURL.format(gap=gap, call='WithBasicAuth("", adoPat)'))
    assert after.endswith(
        FLURL.format(gap=gap, call="WithOAuthBearerToken(await EntraTokenAsync())").partition("{\n")[2]
    )


MANUAL = {
    "a server of one's own": (
        'var c = new VssConnection(new Uri("https://tfs.contoso.com/tfs/x"), new VssBasicCredential("", pat));\n',
        "a server of one's own",
    ),
    "a type in parts": (
        (
            "partial class Elsewhere\n{\n    void Sign(HttpClient client, string adoPat) =>\n"
            '        client.DefaultRequestHeaders.Authorization = new("Basic", '
            'Convert.ToBase64String(Encoding.ASCII.GetBytes(":" + adoPat)));\n}\n'
        ),
        "",
    ),
    "a text that is broken off": (
        'client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", adoPat;\n',
        "",
    ),
}


@pytest.mark.parametrize("case", MANUAL)
def test_is_left_to_a_person(case: str) -> None:
    text, reason = MANUAL[case]
    assert not fixed({"Client.cs": text})
    if reason:
        assert reason in refusals("Client.cs", text)
