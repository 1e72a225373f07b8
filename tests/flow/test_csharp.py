"""Credentials through C#: locals, members, constructors, helpers, other files, and the clients that they reach."""

# ruff: noqa: E501 - a mark stands on the line of its finding
from __future__ import annotations

import pytest
from programs import check

PROGRAMS = {
    "same method": """
// file: Client.cs
class Client
{
    async Task Run()
    {
        string pat = Environment.GetEnvironmentVariable("ADO_PAT");
        var client = new HttpClient();
        var pair = Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Format("{0}:{1}", "", pat)));
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", pair);  // <- PAT201 env:ADO_PAT <URL>
        await client.GetAsync("https://dev.azure.com/contoso/_apis/projects");
    }
}
""",
    "a field that the constructor sets": """
// file: Client.cs
class Client
{
    private readonly string _pat;
    private readonly HttpClient _client = new HttpClient();

    public Client(string adoPat)
    {
        _pat = adoPat;
    }

    public void SignIn()
    {
        var pair = Encoding.UTF8.GetBytes(":" + _pat);
        _client.DefaultRequestHeaders.Add("Authorization", "Basic " + Convert.ToBase64String(pair));  // <- PAT201 parameter:adoPat
    }
}
""",
    "a primary constructor": """
// file: Client.cs
class Client(string adoPat)
{
    private readonly VssCredentials _credentials = new VssBasicCredential(string.Empty, adoPat);  // <- PAT202 parameter:adoPat
}
""",
    "a static field that Main sets": """
// file: Program.cs
static class Program
{
    private static string token;

    static void Main()
    {
        token = Environment.GetEnvironmentVariable("ADO_PAT");
        Connect();
    }

    static void Connect()
    {
        var connection = new VssConnection(new Uri("https://dev.azure.com/contoso"), new VssBasicCredential("", token));  // <- PAT202 env:ADO_PAT
    }
}
""",
    "a property that reads, of another class": """
// file: Program.cs
static class Settings
{
    public static string Token => Environment.GetEnvironmentVariable("ADO_PAT");
}

class Client
{
    VssBasicCredential Credential() => new VssBasicCredential("", Settings.Token);  // <- PAT202 env:ADO_PAT
}
""",
    "one of two overloads": """
// file: Program.cs
class Client
{
    public Client(string url) : this(url, null) { }

    public Client(string url, string secret)
    {
        Connection = new VssConnection(new Uri(url), new VssBasicCredential("", secret));  // <- PAT202 env:ADO_PAT https://dev.azure.com/contoso
    }

    public VssConnection Connection { get; }
}

class Program
{
    static void Main()
    {
        new Client("https://dev.azure.com/contoso", Environment.GetEnvironmentVariable("ADO_PAT"));
    }
}
""",
    "a helper of another file": """
// file: src/App/App.csproj
<Project />
// file: src/App/Program.cs
var client = new HttpClient();
client.DefaultRequestHeaders.Authorization = Headers.Basic(Environment.GetEnvironmentVariable("ADO_PAT"));  // <- PAT201 env:ADO_PAT <URL>
await client.GetStringAsync("https://dev.azure.com/contoso/_apis/projects");
// file: src/App/Net/Headers.cs
namespace App.Net
{
    public static class Headers
    {
        public static AuthenticationHeaderValue Basic(string secret)
        {
            var pair = Convert.ToBase64String(Encoding.UTF8.GetBytes($":{secret}"));
            return new AuthenticationHeaderValue("Basic", pair);  // <- PAT201/note env:ADO_PAT
        }
    }
}
""",
    "an object of a class of another file": """
// file: Options.cs
public class Options
{
    public string Secret { get; set; } = Environment.GetEnvironmentVariable("ADO_PAT");
}
// file: Client.cs
class Client
{
    private readonly Options _options = new Options();

    VssBasicCredential Credential() => new VssBasicCredential("", _options.Secret);  // <- PAT202 env:ADO_PAT
}
""",
    "a builder of text": """
// file: Program.cs
var pair = new StringBuilder();
pair.Append(":").Append(Environment.GetEnvironmentVariable("ADO_PAT"));
var header = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair.ToString()));  // <- PAT201 env:ADO_PAT
""",
    "a request that is sent": """
// file: Program.cs
var request = new HttpRequestMessage(HttpMethod.Get, "_apis/projects");
request.Headers.Add("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(":" + configuration["AdoPat"]))}");  // <- PAT201 unknown:configuration.AdoPat https://dev.azure.com/contoso/_apis/projects
using var client = new HttpClient { BaseAddress = new Uri("https://dev.azure.com/contoso/") };
var response = await client.SendAsync(request);
""",
    "a local function and a lambda": """
// file: Program.cs
string Pat() => Environment.GetEnvironmentVariable("ADO_PAT");
Func<VssBasicCredential> credential = () => new VssBasicCredential("", Pat());  // <- PAT202 env:ADO_PAT
""",
    "what a dictionary holds": """
// file: Program.cs
var settings = new Dictionary<string, string> { ["secret"] = Environment.GetEnvironmentVariable("ADO_PAT") };
if (settings.TryGetValue("secret", out var secret))
{
    var credential = new VssBasicCredential("", secret);  // <- PAT202 env:ADO_PAT
}
""",
    "an extension method of another file": """
// file: Program.cs
class Program
{
    void Run(HttpClient client)
    {
        client.SignIn("", Environment.GetEnvironmentVariable("ADO_PAT"));  // <- PAT201 env:ADO_PAT
    }
}
// file: Extensions.cs
static class Extensions
{
    public static void SignIn(this HttpClient client, string user, string password)
    {
        var pair = Convert.ToBase64String(Encoding.UTF8.GetBytes(user + ":" + password));
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", pair);  // <- PAT201/note env:ADO_PAT
    }
}
""",
    "arguments that are added one by one": """
// file: Program.cs
var start = new ProcessStartInfo("curl");
start.ArgumentList.Add("-u");
start.ArgumentList.Add(":" + Environment.GetEnvironmentVariable("ADO_PAT"));
start.ArgumentList.Add("https://dev.azure.com/contoso/_apis/projects");
Process.Start(start);  // <- PAT203 env:ADO_PAT <URL>
""",
    "an option": """
// file: Program.cs
class Options
{
    [Option("pat", Required = true)]
    public string Secret { get; set; }
}

class Client
{
    VssBasicCredential Credential(Options options) => new VssBasicCredential("", options.Secret);  // <- PAT202 attribute:options.Secret
}
""",
    "branches of the preprocessor": """
// file: Program.cs
#if DEBUG
var pat = "unused";
#else
var pat = Environment.GetEnvironmentVariable("ADO_PAT");
#endif
var credential = new VssBasicCredential("", pat);  // <- PAT202 env:ADO_PAT
""",
}  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_credential_is_followed(program: str) -> None:
    check(program)


SILENT = {
    "a token of Entra": """
// file: Program.cs
var token = (await new DefaultAzureCredential().GetTokenAsync(context)).Token;
var credential = new VssBasicCredential("", token);
""",
    "an interface of the program": """
// file: Program.cs
interface IStore { string Get(string name); }
class Store : IStore { public string Get(string name) => name; }
class User(IStore store) { string Name() => "Basic " + store.Get("caption"); }
""",
    "base64 of a file": """
// file: Program.cs
class Program { string Encode(string path) => Convert.ToBase64String(File.ReadAllBytes(path)); }
""",
}


@pytest.mark.parametrize("program", SILENT.values(), ids=SILENT.keys())
def test_what_is_no_sign_in_is_silent(program: str) -> None:
    check(program)
