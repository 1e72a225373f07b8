"""What the services' files say: complete, sourced, dated, and right about the ways to sign in."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pat_audit.endpoints import Places, as_of, endpoint_policy, policy_for
from pat_audit.strict_yaml import build
from pat_audit.vocabulary import Endpoint, Scheme, Service

RULES = Path(__file__).parent.parent / "rules"
TODAY = date(2026, 11, 23)


def _services() -> dict[str, Service]:
    found = {}
    for file in sorted((RULES / "services").glob("*.yaml")):
        service, mistakes = build(file.read_text(encoding="utf-8"), Service, file.name)
        assert service is not None, mistakes
        assert service.id == file.stem
        found[service.id] = service
    return found


SERVICES = _services()
PLACES = Places(SERVICES.values())


def _parts(service: Service) -> list[Scheme | Endpoint]:
    return [*service.schemes, *service.endpoints]


PARTS = [(service.id, part) for service in SERVICES.values() for part in _parts(service)]


@pytest.mark.parametrize(("service", "part"), PARTS)
def test_every_judgement_is_sourced_and_says_what_to_do(service: str, part: Scheme | Endpoint) -> None:
    if part.policy != "right":
        assert part.why, service
        assert part.source, service
        assert part.instead, service
    if part.policy in ("retired", "retiring"):
        assert part.date
    if part.date:
        assert date.fromisoformat(part.date).year >= 2019
    for recipe in part.recipes:
        assert (RULES / "recipes" / f"{recipe}.yaml").is_file(), recipe


def test_retiring_and_retired_agree_with_their_dates() -> None:
    for service, part in PARTS:
        assert as_of(part.policy, part.date, TODAY) == part.policy, service


@pytest.mark.parametrize("service", SERVICES.values(), ids=lambda service: service.id)
def test_every_service_can_be_known_by_something(service: Service) -> None:
    assert service.hosts or service.paths or service.weak_paths or service.words
    assert service.schemes, "a service without schemes has nothing to say"
    for path in (*service.paths, *service.weak_paths):
        assert path.startswith("/"), path
        assert path.endswith("/"), path
        assert not path.startswith("/{}"), "a tell starts with literal text"
    for word in (*service.words, *service.weak_words):
        assert word == word.lower()
        assert "_" not in word
    for host in service.hosts:
        place = PLACES.recognise("https://" + host.replace("*", "x"))
        assert place is not None
        assert place.service is service


def test_no_two_services_claim_a_host_or_a_word() -> None:
    hosts = Counter(host for service in SERVICES.values() for host in service.hosts)
    assert [host for host, times in hosts.items() if times > 1] == []
    words = Counter(word for service in SERVICES.values() for word in service.words)
    shared = {word for word, times in words.items() if times > 1}
    assert shared == {"github", "bitbucket"}  # cloud and server, told apart by the host


def test_words_that_mean_something_else_are_weak() -> None:
    strong = {word for service in SERVICES.values() for word in service.words}
    assert strong.isdisjoint({"ado", "gh", "devops", "vss", "azure", "arm", "docker", "exchange"})
    assert "ado" in SERVICES["azure-devops"].weak_words


POLICIES: list[tuple[str, Any, Any, str, str]] = [
    ("azure-devops", "basic", "pat", "migrate", ""),
    ("azure-devops", "basic", "api-token", "migrate", ""),
    ("azure-devops", "basic", "oauth-token", "right", ""),
    ("azure-devops", "basic", "job-token", "right", ""),
    ("azure-devops", "basic", "password", "migrate", ""),
    ("azure-devops", "bearer", "oauth-token", "right", ""),
    ("azure-devops", "bearer", "job-token", "right", ""),
    ("azure-devops", "url", "pat", "migrate", ""),
    ("azure-devops-server", "basic", "pat", "migrate", ""),
    ("azure-devops-server", "bearer", "oauth-token", "refused", ""),
    ("github", "basic", "password", "retired", "2020-11-13"),
    ("github", "url", "password", "retired", "2021-08-13"),
    ("github", "basic", "pat", "migrate", ""),
    ("github", "bearer", "pat", "inventory", ""),
    ("github", "basic", "job-token", "right", ""),
    ("gitlab", "basic", "pat", "inventory", ""),
    ("gitlab", "header", "pat", "inventory", ""),
    ("gitlab", "form", "password", "migrate", ""),
    ("gitlab", "url", "job-token", "right", ""),
    ("bitbucket-cloud", "basic", "app-password", "retired", "2026-07-28"),
    ("bitbucket-cloud", "basic", "api-token", "inventory", ""),
    ("bitbucket-server", "basic", "password", "right", ""),
    ("atlassian-cloud", "basic", "api-token", "inventory", ""),
    ("jira-server", "basic", "password", "right", ""),
    ("jira-server", "basic", "pat", "inventory", ""),
    ("jenkins", "basic", "password", "right", ""),
    ("jenkins", "basic", "api-token", "inventory", ""),
    ("npm", "basic", "password", "retired", "2025-12-09"),
    ("npm", "bearer", "pat", "inventory", ""),
    ("pypi", "basic", "password", "retired", "2024-01-01"),
    ("pypi", "basic", "api-token", "inventory", ""),
    ("exchange-online", "basic", "password", "retired", "2022-12-31"),
    ("google-workspace", "basic", "app-password", "right", ""),
    ("microsoft-graph", "basic", "key", "refused", ""),
    ("microsoft-graph", "bearer", "oauth-token", "right", ""),
    ("azure-resource-manager", "basic", "password", "refused", ""),
    ("power-bi", "basic", "password", "refused", ""),
    ("azure-ad-graph", "bearer", "oauth-token", "retired", "2025-07-01"),
    ("azure-app-service-scm", "basic", "password", "migrate", ""),
    ("azure-app-service-scm", "bearer", "oauth-token", "right", ""),
    ("entra-id", "form", "password", "migrate", ""),
    ("entra-id", "basic", "key", "right", ""),
    ("oauth-token-endpoint", "basic", "password", "right", ""),
    ("twilio", "basic", "key", "right", ""),
    ("sonarqube", "basic", "pat", "right", ""),
    ("elasticsearch", "basic", "password", "right", ""),
]


@pytest.mark.parametrize(("service", "scheme", "credential", "policy", "switched_off"), POLICIES)
def test_policy_for(service: str, scheme: Any, credential: Any, policy: str, switched_off: str) -> None:
    found = policy_for(SERVICES[service], scheme, credential, TODAY)
    assert (found.policy, found.date) == (policy, switched_off)


def test_policy_follows_the_calendar() -> None:
    service = SERVICES["bitbucket-cloud"]
    assert policy_for(service, "basic", "app-password", date(2026, 7, 27)).policy == "retiring"
    assert policy_for(service, "basic", "app-password", date(2026, 7, 28)).policy == "retired"
    assert as_of("migrate", "2020-01-01", TODAY) == "migrate"
    assert as_of("retiring", "", TODAY) == "retiring"


def test_a_credential_in_a_url_is_judged_as_basic_where_no_row_speaks_of_urls() -> None:
    assert policy_for(SERVICES["pypi"], "url", "password", TODAY).policy == "retired"
    assert policy_for(SERVICES["twilio"], "url", "key", TODAY).policy == "right"


def test_an_entra_token_may_go_to_oauth_only_endpoints() -> None:
    place = PLACES.recognise("https://app.vssps.visualstudio.com/_apis/profile/profiles/me")
    assert place is not None
    assert place.endpoint is not None
    assert endpoint_policy(place.endpoint, "basic", "pat", TODAY) == "refused"
    assert endpoint_policy(place.endpoint, "url", "pat", TODAY) == "refused"
    assert endpoint_policy(place.endpoint, "bearer", "oauth-token", TODAY) is None
    assert place.endpoint.date == "2026-12-01"


@pytest.mark.parametrize(
    ("url", "scheme", "credential", "today", "policy"),
    [
        ("smtp.office365.com:587", "basic", "password", TODAY, "migrate"),
        ("https://outlook.office365.com/EWS/Exchange.asmx", "basic", "password", TODAY, None),
        (
            "https://outlook.office365.com/EWS/Exchange.asmx",
            "bearer",
            "oauth-token",
            date(2027, 4, 1),
            "retired",
        ),
        ("https://outlook.office365.com/x", "basic", "password", TODAY, None),
        ("https://marketplace.visualstudio.com/x", "basic", "pat", TODAY, "retiring"),
        ("https://marketplace.visualstudio.com/x", "basic", "pat", date(2026, 12, 1), "retired"),
        ("https://api.github.com/applications/{}/token", "basic", "password", TODAY, "right"),
        ("https://gitlab.com/oauth/token", "form", "password", TODAY, "retired"),
        ("https://{}.my.salesforce.com/services/Soap/u/58.0", "form", "password", TODAY, "migrate"),
        ("https://hub.docker.com/v2/users/login", "form", "password", TODAY, "migrate"),
    ],
)
def test_endpoint_policies(url: str, scheme: Any, credential: Any, today: date, policy: str | None) -> None:
    place = PLACES.recognise(url)
    assert place is not None
    found = endpoint_policy(place.endpoint, scheme, credential, today) if place.endpoint else None
    assert found == policy


def test_on_premises_advice_never_names_entra_as_the_way() -> None:
    service = SERVICES["azure-devops-server"]
    recipes = {recipe for part in _parts(service) for recipe in part.recipes}
    assert not {recipe for recipe in recipes if "entra" in recipe}
