"""Addresses are recognised in every spelling, unknown parts and all, and near misses are not."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pat_audit.addresses import read_address
from pat_audit.endpoints import Place, Places, recognise
from pat_audit.scopes import least_scope, operations
from pat_audit.strict_yaml import build
from pat_audit.vocabulary import Service

RULES = Path(__file__).parent.parent / "rules"


def _services() -> tuple[Service, ...]:
    found = []
    for file in sorted((RULES / "services").glob("*.yaml")):
        service, mistakes = build(file.read_text(encoding="utf-8"), Service, file.name)
        assert service is not None, mistakes
        found.append(service)
    return tuple(found)


SERVICES = _services()
PLACES = Places(SERVICES)


def _place(url: str) -> Place:
    place = PLACES.recognise(url)
    assert place is not None, url
    return place


def _service(url: str) -> str | None:
    place = PLACES.recognise(url)
    return place.service.id if place else None


def _endpoint(url: str) -> str | None:
    place = PLACES.recognise(url)
    return place.endpoint.name if place and place.endpoint else None


AZURE_DEVOPS_HOSTS = [
    "dev.azure.com",
    "{}.visualstudio.com",
    "contoso.visualstudio.com",
    "app.vssps.visualstudio.com",
    "{}.vssps.visualstudio.com",
    "vssps.dev.azure.com",
    "vsaex.dev.azure.com",
    "app.vsaex.visualstudio.com",
    "vsrm.dev.azure.com",
    "vstmr.dev.azure.com",
    "feeds.dev.azure.com",
    "pkgs.dev.azure.com",
    "{}.pkgs.visualstudio.com",
    "almsearch.dev.azure.com",
    "auditservice.dev.azure.com",
    "extmgmt.dev.azure.com",
    "artifacts.dev.azure.com",
    "advsec.dev.azure.com",
    "status.dev.azure.com",
    "analytics.dev.azure.com",
    "vsspsext.dev.azure.com",
    "{}.vsrm.visualstudio.com",
    "marketplace.visualstudio.com",
    "ssh.dev.azure.com",
    "vs-ssh.visualstudio.com",
    "{}dev.azure.com",
    "{}.dev.azure.com",
]


@pytest.mark.parametrize("host", AZURE_DEVOPS_HOSTS)
@pytest.mark.parametrize(
    "shape",
    [
        "https://{host}",
        "https://{host}/",
        "//{host}/x",
        "{host}",
        "{host}/contoso",
        "HTTPS://{upper}:443/contoso/_apis/projects?x=1",
        "https://{host}{{}}",
        "{{}}://{host}/{{}}/_apis/git",
        "ssh://git@{host}:22/v3/a/b/c",
    ],
)
def test_every_host_of_azure_devops_is_known(host: str, shape: str) -> None:
    place = _place(shape.format(host=host, upper=host.upper()))
    assert place.service.id == "azure-devops"
    assert place.sure == "host"


@pytest.mark.parametrize(
    ("url", "service", "sure"),
    [
        ("http://{}:8080/tfs/DefaultCollection/_apis/wit", "azure-devops-server", "path"),
        ("https://tfs.corp.local/tfs/Sales/_apis/projects", "azure-devops-server", "path"),
        ("https://tfs.corp.local/tfs/{}/{}/_apis/build", "azure-devops-server", "path"),
        ("https://devops.corp.local/Sales/_apis/projects", "azure-devops-server", "path"),
        ("https://fabrikam-fiber-inc:8080/DefaultCollection", "azure-devops-server", "path"),
        ("https://devops.corp.local/Sales/web/_git/web", "azure-devops-server", "path"),
        ("{}/DefaultCollection/_apis/projects", "azure-devops-server", "path"),
        ("http://{}:8080/tfs/{}", "azure-devops-server", "path"),
        ("https://{}/tfs/{}", "azure-devops-server", "guess"),
        ("https://tfs.corp.local/x", "azure-devops-server", "guess"),
        ("https://{}/_apis/projects", "azure-devops", "guess"),
        ("{}/_apis/projects", "azure-devops", "guess"),
        ("{}_apis/projects", "azure-devops", "guess"),
        ("{}{}/_apis/build/builds", "azure-devops", "guess"),
        ("/{}/_apis/git/repositories", "azure-devops", "guess"),
        ("$(System.CollectionUri)$(System.TeamProject)/_apis/build", "azure-devops", "guess"),
        ("{}/_apis/profile/profiles/me", "azure-devops", "path"),
        ("https://api.github.com/repos/{}/{}", "github", "host"),
        ("https://api.github.com{}", "github", "host"),
        ("https://{}.ghe.com/x", "github", "host"),
        ("https://code.corp.com/api/v3/repos/a/b", "github-enterprise-server", "path"),
        ("https://gitlab.corp.com/api/v4/projects/{}", "gitlab", "path"),
        ("https://git.corp.com/api/v4/projects/1", "gitlab", "path"),
        ("https://chat.corp.com/api/v4/posts", "gitlab", "guess"),
        ("https://{}.atlassian.net/rest/api/3/myself", "atlassian-cloud", "host"),
        ("https://jira-test.corp.com/rest/api/2/issue/{}", "jira-server", "path"),
        ("https://bitbucket.corp.com/rest/api/1.0/projects/{}/repos", "bitbucket-server", "path"),
        ("https://api.bitbucket.org/2.0/user", "bitbucket-cloud", "host"),
        ("https://jenkins.corp.com/job/{}/buildWithParameters", "jenkins", "path"),
        ("smtp.office365.com", "exchange-online", "host"),
        ("imaps://outlook.office365.com:993", "exchange-online", "host"),
        ("smtp.gmail.com", "google-workspace", "host"),
        ("https://graph.windows.net/{}/users", "azure-ad-graph", "host"),
        ("https://{}.scm.azurewebsites.net/api/zipdeploy", "azure-app-service-scm", "host"),
        ("https://login.example.com/oauth/token", "oauth-token-endpoint", "path"),
        ("https://sso.corp.com/realms/x/protocol/openid-connect/token", "oauth-token-endpoint", "path"),
        ("https://upload.pypi.org/legacy/", "pypi", "host"),
        ("http://db:15672/api/vhosts", "rabbitmq", "path"),
        ("http://elastic:9200", "elasticsearch", "guess"),
    ],
)
def test_services_by_host_path_port_and_name(url: str, service: str, sure: str) -> None:
    place = _place(url)
    assert (place.service.id, place.sure) == (service, sure)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "https://",
        "https://{}",
        "https://{}/{}",
        "git@github.com:contoso/web.git",
        "git@ssh.dev.azure.com:v3/contoso/web/web",
        "hello world",
        "not dev.azure.com at all",
        "https://example.com/dev.azure.com",
        "https://dev.azure.com.example.com/x",
        "https://notdev.azure.com/x",
        "https://dev.azure.example/x",
        "https://visualstudio.com.evil.example/",
        "https://{}.azure.com/x",
        "https://{}.com/x",
        "postgres://user:{}@db:5432/_apis/x",
        "v1.0/{}",
        "http://localhost:8080/health",
        "urn:ietf:params:oauth",
        "C:\\temp\\x",
        "https://" + "a" * 400 + ".visualstudio.com",
    ],
)
def test_what_is_no_service_is_none(text: str) -> None:
    assert PLACES.recognise(text) is None


ONLY_ENTRA = {
    "profiles": [
        "https://app.vssps.visualstudio.com/_apis/profile/profiles/me?api-version=7.1",
        "https://app.vssps.visualstudio.com/_apis/profile/profiles/{}",
        "https://vssps.dev.azure.com/{}/_apis/profile/profiles/me",
        "https://vssps.dev.azure.com/_apis/Profile/Profiles/me",
        "https://{}.vssps.visualstudio.com/_apis/profile/profiles/{}/attributes",
        "https://app.vssps.visualstudio.com//_apis//profile/profiles/me",
        "https://app.vssps.visualstudio.com:443/_apis/profile/profiles/me#x",
        "https://app.vssps.visualstudio.com/%5Fapis/profile/profiles/me",
        "{}/_apis/profile/profiles/me",
        "{}_apis/profile/profiles/me",
        "_apis/profile/profiles/me",
        "https://{}.visualstudio.com/DefaultCollection/_apis/profile/profiles/me",
        "https://app.vssps.visualstudio.com/_apis/profile/profiles{}",
    ],
    "organizations (accounts)": [
        "https://app.vssps.visualstudio.com/_apis/accounts",
        "https://app.vssps.visualstudio.com/_apis/accounts?memberId={}&api-version=7.1",
        "https://app.vssps.visualstudio.com/_apis/Accounts/",
        "https://app.vssps.visualstudio.com/_apis/accounts{}",
        "https://vssps.dev.azure.com/{}/_apis/accounts?ownerId={}",
        "{}/_apis/accounts",
        "https://{}/_apis/accounts",
        "//app.vssps.visualstudio.com/_apis/accounts",
    ],
    "personal access tokens (lifecycle)": [
        "https://vssps.dev.azure.com/{}/_apis/tokens/pats?api-version=7.1-preview.1",
        "https://vssps.dev.azure.com/{organization}/_apis/Tokens/Pats",
        "https://vssps.dev.azure.com/$ORG/_apis/tokens/pats",
        "https://{}.vssps.visualstudio.com/_apis/tokens/pats",
        "{}/_apis/tokens/pats?authorizationId={}",
    ],
    "OAuth application secret rotation": [
        "https://vssps.dev.azure.com/_apis/delegatedauth/registrationsecret/{}",
        "https://vssps.dev.azure.com/{}/_apis/DelegatedAuth/RegistrationSecret/{}",
    ],
}
OTHER_ENDPOINTS = {
    "token administration": [
        "https://vssps.dev.azure.com/{}/_apis/tokenadmin/personalaccesstokens/{}",
        "https://vssps.dev.azure.com/{}/_apis/TokenAdmin/revocations",
        "https://vssps.dev.azure.com/{}/_apis/tokenadmin/revocationrules",
    ],
    "SOAP client services": [
        "https://{}.visualstudio.com/DefaultCollection/Services/v3.0/LocationService.asmx",
        "https://dev.azure.com/{}/TeamFoundation/Administration/v3.0/LocationService.asmx",
    ],
    "service status": ["https://status.dev.azure.com/_apis/status/health?x=1"],
    "legacy Azure DevOps OAuth": [
        "https://app.vssps.visualstudio.com/oauth2/authorize?client_id={}",
        "https://app.vssps.visualstudio.com/oauth2/token",
        "https://APP.vssps.visualstudio.com/oauth2/token{}",
    ],
    "legacy Azure DevOps OAuth application registration": ["https://app.vsaex.visualstudio.com/app/register"],
    "VS Code Marketplace publishing": [
        "https://marketplace.visualstudio.com",
        "https://marketplace.visualstudio.com/_apis/gallery/publishers/{}",
    ],
}


@pytest.mark.parametrize(
    ("name", "url"),
    [(name, url) for table in (ONLY_ENTRA, OTHER_ENDPOINTS) for name, urls in table.items() for url in urls],
)
def test_endpoints_in_all_their_spellings(name: str, url: str) -> None:
    place = _place(url)
    assert place.service.id == "azure-devops"
    assert place.endpoint is not None
    assert place.endpoint.name == name
    assert place.sure != "guess"
    if name in ONLY_ENTRA:
        assert place.endpoint.policy == "refused"


@pytest.mark.parametrize(
    "url",
    [
        "https://dev.azure.com/{}/_apis/projects",
        "https://vssps.dev.azure.com/{}/_apis/graph/users",
        "https://vssps.dev.azure.com/{}/_apis/identities",
        "https://vssps.dev.azure.com/{}/_apis/graph/serviceprincipals",
        "https://vsaex.dev.azure.com/{}/_apis/serviceprincipalentitlements",
        "https://auditservice.dev.azure.com/{}/_apis/audit/auditlog",
        "https://dev.azure.com/{}/_apis/accountsettings",
        "https://dev.azure.com/{}/_apis/x/accounts",
        "https://dev.azure.com/{}/_apis/{}/accounts",
        "https://dev.azure.com/accounts/profile/_git/accounts",
        "https://dev.azure.com/{}/_apis/tokens",
        "https://dev.azure.com/{}/_apis/tokens/patsy",
        "https://dev.azure.com/{}/{}/_apis/{}",
        "https://dev.azure.com/{}",
        "{}/_apis/{}/{}",
        "https://dev.azure.com/{}/_apis/projects?url=https://app.vssps.visualstudio.com/_apis/accounts",
        "https://dev.azure.com/oauth2/token",
    ],
)
def test_near_misses_have_no_endpoint_of_their_own(url: str) -> None:
    assert _service(url) == "azure-devops"
    assert _endpoint(url) is None


def test_endpoints_that_a_server_lacks_are_named() -> None:
    place = _place("https://tfs.corp.local/tfs/DefaultCollection/_apis/profile/profiles/me")
    assert place.service.id == "azure-devops-server"
    assert place.endpoint is not None
    assert place.endpoint.policy == "refused"


def test_every_operation_of_the_specifications_is_azure_devops() -> None:
    refused = set()
    count = 0
    for host, path, method, scope in operations():
        count += 1
        place = _place(f"https://{host}{path}?api-version=7.2")
        assert place.service.id == "azure-devops", path
        by_path = _place("{}" + path)
        assert by_path.service.provider == "azure-devops", path
        if place.endpoint and place.endpoint.policy == "refused":
            assert by_path.endpoint is place.endpoint
            refused.add((method, path))
        found = least_scope(method, f"https://{host}{path}")
        if "/_apis/" in path:
            assert found == (None if scope == "-" else f"vso.{scope}"), path
    assert count == 1085  # 1,086, of which one differs from another only in a `$`
    assert refused == {
        ("GET", "/_apis/accounts"),
        ("GET", "/_apis/profile/profiles/{}"),
        ("POST", "/_apis/delegatedauth/registrationsecret/{}"),
        ("PUT", "/_apis/delegatedauth/registrationsecret/{}"),
        *((method, "/{}/_apis/tokens/pats") for method in ("GET", "POST", "PUT", "DELETE")),
    }


@pytest.mark.parametrize(
    ("url", "user"),
    [
        ("https://contoso@dev.azure.com/contoso/web/_git/web", "contoso"),
        ("https://{}@dev.azure.com/contoso", "{}"),
        ("https://any:{}@contoso.visualstudio.com/x", "any:{}"),
        ("https://{}:{}@{}.visualstudio.com/x", "{}:{}"),
        ("https://a@b:{}@dev.azure.com/x", "a@b:{}"),
        ("https://dev.azure.com/contoso@x", None),
        ("contoso@dev.azure.com/contoso", "contoso"),
    ],
)
def test_the_user_part_is_kept_and_not_shown(url: str, user: str | None) -> None:
    place = _place(url)
    assert place.user_part == user
    assert place.service.user_is_public
    secret = _place("https://x:hunter2@dev.azure.com/x")
    assert "hunter2" not in repr(secret)
    assert "hunter2" not in repr(read_address("https://x:hunter2@dev.azure.com/x"))


@pytest.mark.parametrize(
    ("url", "transport", "host", "path"),
    [
        ("http://tfs:8080/tfs/My%20Tools//_apis/?x", "http", "tfs", "/tfs/My Tools/_apis"),
        ("git+https://dev.azure.com/{}/{}/_git/{}", "https", "dev.azure.com", "/{}/{}/_git/{}"),
        ("dev.azure.com:443", "https", "dev.azure.com", "/"),
        ("{}://dev.azure.com/x", "unknown", "dev.azure.com", "/x"),
        ("https://DEV.azure.com./x", "https", "dev.azure.com", "/x"),
        ("https://{a}.visualstudio.com/<project>/_apis", "https", "{}.visualstudio.com", "/{}/_apis"),
    ],
)
def test_the_parts_of_a_place(url: str, transport: str, host: str, path: str) -> None:
    place = _place(url)
    assert (place.transport, place.host, place.path) == (transport, host, path)


def test_recognise_compiles_the_services_once() -> None:
    first = recognise("https://dev.azure.com", SERVICES)
    assert first is recognise("https://dev.azure.com", list(SERVICES))
    assert recognise("https://dev.azure.com", ()) is None


PIECES = st.sampled_from(
    [*"/{}:@.?#%$<>()[]\\ ", "{}", "//", "https://", "_apis", "dev.azure.com", ".visualstudio.com", "tfs"]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=30).map("".join))
def test_recognise_never_raises(text: str) -> None:
    place = PLACES.recognise(text)
    if place is not None:
        assert place.path.startswith("/")
        least_scope("GET", text)


ODD = st.sampled_from(["%41", "${", "$(", "a.", "-", "rest", "api"])


@settings(deadline=None, max_examples=40)
@given(st.lists(st.one_of(PIECES, ODD), min_size=1, max_size=6).map("".join))
def test_recognise_is_linear(piece: str) -> None:
    long = 200_000 // len(piece)
    started = time.perf_counter()
    for text in ("https://dev.azure.com/" + piece * long, piece * long, "https://" + piece * long):
        PLACES.recognise(text)
    assert time.perf_counter() - started < 3


@pytest.mark.parametrize(
    ("method", "url", "scope"),
    [
        ("GET", "https://dev.azure.com/{}/{}/_apis/build/builds?api-version=7.1", "vso.build"),
        ("post", "{}/_apis/wit/workitems/$Task", "vso.work_write"),
        ("GET", "https://{}.visualstudio.com/DefaultCollection/_apis/projects", "vso.project"),
        ("GET", "https://dev.azure.com/{}/{}/_git/{}", "vso.code"),
        ("POST", "https://dev.azure.com/{}/{}/_git/{}/git-receive-pack", "vso.code_write"),
        ("GET", "https://pkgs.dev.azure.com/{}/_packaging/{}/pypi/simple/", "vso.packaging"),
        ("PUT", "https://pkgs.dev.azure.com/{}/_packaging/{}/npm/registry/x", "vso.packaging_write"),
        ("GET", "https://dev.azure.com/{}/_apis/{}", None),
        ("GET", "https://dev.azure.com/{}", None),
        ("GET", "", None),
        ("GET", "https://status.dev.azure.com/_apis/status/health", None),
    ],
)
def test_least_scope(method: str, url: str, scope: str | None) -> None:
    assert least_scope(method, url) == scope


def test_the_operations_stay_small() -> None:
    assert (RULES / "services" / "azure-devops-operations.tsv").stat().st_size < 60_000
