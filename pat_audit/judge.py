"""The one place where what a program does becomes findings: which host, which scheme, which credential, how sure.

The judge computes *facts* of an observation and matches them against the `when` cases of the rules; it
knows no rule, service or library by name. `FACTS` documents every fact and its values.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pat_audit.advice import Advice
from pat_audit.endpoints import Place, Places, endpoint_policy, policy_for
from pat_audit.evidence import Evidence, Examiner
from pat_audit.flow.observation import Observation
from pat_audit.flow.sending import split_pair
from pat_audit.flow.values import Encoded, Site, Text, Value, concatenate, literal, options
from pat_audit.model import Confidence, Finding, Location, Severity, Span, Step
from pat_audit.naming import Names
from pat_audit.trail import address, trail_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from pat_audit.catalogue import Catalogue
    from pat_audit.source import Source as File
    from pat_audit.tokens.scan import Token, TokenScanner
    from pat_audit.tokens.urls import UrlCredential
    from pat_audit.vocabulary import Case, CredentialClass, Endpoint, Rule, Scheme, Sending, Service

FACTS = {
    "act": "one of observation.Act, or written (a token in the text)",
    "scheme": "basic, pat, bearer, header, token, ropc, … as the observation has it",
    "class": "the credential's class (vocabulary.CredentialClass), or unknown",
    "origin": "literal, environment, option, config, prompt, keyring, vault, parameter, attribute, entra, job, …",
    "state": "of a literal: valid, shape, random, plain, placeholder, template; else none",
    "user": "of a pair: empty, nobody, literal, variable, none",
    "service": "the service's id, or none",
    "provider": "the provider, or none",
    "known": "how the service is known: host, library, path, name, file, idiom, none",
    "deployment": "cloud, server or unknown",
    "policy": "what the service makes of it: refused, retired, retiring, migrate, inventory, right, none",
    "endpoint": "yes where an endpoint of the service has a policy of its own, else no",
    "transport": "https, http, ssh, other (a database, say) or unknown",
    "broken": "yes where the encoding breaks the credential, else no",
    "evidence": "strong, some, weak or none: all that is known of it together",
    "where": "code, config, text or test: what kind of file it stands in",
    "encoded": "yes for a written token that is encoded, else no",
    "number": "what a length is compared with, else none",
    "named": "yes where the name says which provider's credential it is, else no",
}

_SCHEMES: dict[str, Sending] = {
    "basic": "basic", "pat": "basic", "bearer": "bearer", "token": "header", "header": "header", "ropc": "form",
    "oauth": "bearer", "unknown": "any", "url": "url", "form": "form",
}  # fmt: skip
# a credential whose class is not clear is what the service takes in that place
_TAKEN_FOR = {"": ("pat", "api-token"), "api-token": ("pat",), "key": ("api-token", "pat"), "password": ("pat",)}
_POINTS_OF_CLASS = {"pat": 3, "app-password": 3, "api-token": 2, "key": 1}
_POINTS_OF_KNOWN = {"host": 3, "library": 3, "path": 2, "name": 2, "file": 1, "idiom": 0, "none": 0}
_FEW = 8  # callers of a helper that are each named
_MADE = frozenset({"header", "encode", "url", "client"})
_SIGNING = frozenset({"header", "encode", "client", "command"})


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the facts of one observation came to."""

    facts: dict[str, str]
    evidence: Evidence
    service: Service | None
    endpoint: Endpoint | None
    scheme: Scheme | None
    url: str | None
    observation: Observation
    value: Value | None


class _Reported:
    """What was reported so far, by act and site, and what callers handed to helpers."""

    __slots__ = ("callers", "ranks")

    def __init__(self) -> None:
        self.ranks: dict[tuple[str, Site], int] = {}
        self.callers: dict[tuple[str, Site], dict[Site, Finding]] = {}

    def rank(self, act: str, site: Site) -> int:
        """How bad the worst finding of this act at the site is; 0 for none."""
        return self.ranks.get((act, site), 0)

    def note(self, act: str, site: Site, rank: int) -> None:
        """A finding of this rank was made."""
        self.ranks[act, site] = max(rank, self.rank(act, site))


class Judge:
    """Makes findings of observations and written tokens, by the rules of one catalogue, as of one day."""

    def __init__(
        self, catalogue: Catalogue, scanner: TokenScanner, today: date, read: Callable[[str], File | None]
    ) -> None:
        self._rules = sorted((rule for rule in catalogue.rules if rule.when), key=lambda rule: -rule.rank)
        self._today = today
        self._advice = Advice(catalogue.recipes)
        self._read = read
        self._places = places_of(catalogue)
        self._names = names_of(catalogue)
        self._examiner = Examiner(self._names, scanner.classify)
        self._services = {service.id: service for service in catalogue.services}
        self._by_provider: dict[str, Service] = {}
        for service in catalogue.services:
            if service.deployment == "cloud":
                self._by_provider.setdefault(service.provider, service)
        self._hosts: dict[str, Service | None] = {}

    # --- code ---

    def observations(self, observed: Sequence[Observation]) -> Iterator[Finding]:
        """The findings that a program's acts come to; where one site gives several, all of them."""
        sent: dict[Site, list[Observation]] = {}
        for observation in observed:
            if observation.act == "request":
                for option in options(observation.value):
                    site = getattr(option, "site", None)
                    if site is not None:
                        sent.setdefault(site, []).append(observation)
        reported = _Reported()
        observed = _without_parts(observed)
        for observation in sorted(
            observed, key=lambda observation: (len(observation.calls), observation.act != "encode")
        ):
            for judgement in self._judgements(observation, sent):
                finding = self._finding(judgement)
                if finding is None:
                    continue
                if observation.act not in _MADE or self._is_mended_here(observation, judgement, finding, reported):
                    yield finding
        for callers in reported.callers.values():
            yield from self._where_to_mend(callers)

    def _is_mended_here(
        self, observation: Observation, judgement: Judgement, finding: Finding, reported: _Reported
    ) -> bool:
        """Whether the finding stays at its site: a helper of no particular credential is right, its caller is not.

        Where the site gives nothing as bad by itself, the finding is kept for the caller that hands over the
        credential (`reported.callers`), unless what it handed over is reported where it was encoded.
        """
        act, rank, site = observation.act, finding.severity.rank, observation.site
        if not observation.calls:
            reported.note(act, site, rank)
            return True
        if observation.root is not None:
            alone = list(self._judgements(observation.root, {}))
            if any(_is_same_credential(each.evidence, judgement.evidence) for each in alone):
                return True  # the caller says where it goes; the credential is the helper's own
            if (act, site) not in reported.ranks:
                ranks = [found.severity.rank for each in alone if (found := self._finding(each)) is not None]
                reported.note(act, site, max(ranks, default=0))
        inner = [part.site for part in encodings(judgement.value) if part.site is not None]
        if reported.rank(act, site) >= rank or any(reported.rank("encode", place) >= rank for place in inner):
            return True
        if all(reported.rank(act, call) < rank for call in observation.calls[:-1]):
            caller = observation.calls[-1]
            reported.note(act, caller, rank)
            reported.callers.setdefault((act, site), {}).setdefault(caller, finding)
        return False

    def _where_to_mend(self, callers: dict[Site, Finding]) -> Iterator[Finding]:
        """A helper of no particular credential is right, its few callers are not; with many it is the place."""
        if len(callers) > _FEW:
            yield next(iter(callers.values()))
            return
        yield replace(next(iter(callers.values())), severity=Severity.NOTE)
        for site, finding in callers.items():
            location = self._location(site)
            if location is not None:
                yield replace(finding, location=location)

    def _judgements(self, observation: Observation, sent: dict[Site, list[Observation]]) -> Iterator[Judgement]:
        act = observation.act
        if act == "request":
            yield from self._of_request(observation)
            return
        if act == "run":
            return
        if act in ("read", "write", "length", "named"):
            yield from self._of_value(observation)
            return
        if act == "url":
            yield from self._of_url(observation)
            return
        for scheme, evidence, value in self._examiner.signed(observation.value):
            if not _signs_in(act, evidence) and observation.site not in sent:
                continue
            urls: list[Observation] = [request for request in sent.get(observation.site, ()) if request.url is not None]
            if observation.url is not None or not urls:
                yield self._judge(observation, act, scheme, evidence, value, observation.url)
            for request in urls[:16]:
                yield self._judge(observation, act, scheme, evidence, value, request.url, request)

    def _of_request(self, observation: Observation) -> Iterator[Judgement]:
        signed = False
        for scheme, evidence, value in self._examiner.signed(observation.value):
            signed = True
            yield self._judge(observation, "request", scheme, evidence, value, observation.url)
        if not signed:
            nobody = Evidence("", None, "none", "", observation.site)
            yield self._judge(observation, "request", "none", nobody, None, observation.url)

    def _of_value(self, observation: Observation) -> Iterator[Judgement]:
        for option in options(observation.value):
            evidence = self._examiner.strongest(option)
            if evidence is not None and observation.act == "named":
                named = self._examiner.of_name(observation.sink, "literal", observation.site)
                evidence = replace(evidence, kind=named.kind, kind_class=named.kind_class, name=named.name)
            if evidence is not None:
                yield self._judge(observation, observation.act, "none", evidence, option, None)

    def _of_url(self, observation: Observation) -> Iterator[Judgement]:
        for option in options(observation.value):
            if not isinstance(option, Text):
                continue
            user = user_value(option)
            evidence = self._examiner.strongest(user) if user is not None else None
            if evidence is not None:
                yield self._judge(observation, "url", "url", evidence, option, option)

    def _judge(
        self,
        observation: Observation,
        act: str,
        scheme: str,
        evidence: Evidence,
        value: Value | None,
        url: Value | None,
        request: Observation | None = None,
    ) -> Judgement:
        where = address(url)
        place = self._places.recognise(where) if where else None
        service, known = self._service(observation, request, evidence, place, where, act)
        kind_class = evidence.kind_class
        sending = _SCHEMES.get(scheme, "any")
        endpoint = place.endpoint if place is not None and place.service is service else None
        policy, row = "none", None
        if service is not None and scheme != "none":
            row = self._row(service, sending, kind_class)
            policy = row.policy
        own = None
        if endpoint is not None:
            own = endpoint_policy(endpoint, sending, _class_of(kind_class), self._today)
            policy = own or policy
        facts = {
            "act": act,
            "scheme": scheme,
            "class": kind_class or "unknown",
            "origin": evidence.origin,
            "state": evidence.state or "none",
            "user": evidence.user or "none",
            "service": service.id if service is not None else "none",
            "provider": self._provider(service, evidence),
            "known": known,
            "deployment": service.deployment if service is not None else "unknown",
            "policy": policy,
            "endpoint": "yes" if own is not None else "no",
            "transport": place.transport if place is not None else _transport(where),
            "broken": "yes" if evidence.broken else "no",
            "evidence": _strength(kind_class, known, evidence, scheme, service),
            "where": kind_of_file(observation.site.path),
            "encoded": "yes" if evidence.encoded else "no",
            "number": observation.sink if act == "length" else "none",
            "named": "yes" if self._is_named(evidence) else "no",
        }
        return Judgement(facts, evidence, service, endpoint if own else None, row, where, request or observation, value)

    def _row(self, service: Service, sending: Sending, kind_class: str) -> Scheme:
        """What the service makes of the credential; one of no clear class is taken for what the service takes."""
        for judged in (kind_class, *_TAKEN_FOR.get(kind_class, ())):
            row = policy_for(service, sending, _class_of(judged), self._today)
            if row.why or row.source or row.instead:
                return row
        return policy_for(service, sending, _class_of(kind_class), self._today)

    def _is_named(self, evidence: Evidence) -> bool:
        specific = evidence.kind is not None and evidence.kind.provider != "any"
        return specific or self._names.service_beside(evidence.name) is not None

    def _provider(self, service: Service | None, evidence: Evidence) -> str:
        if service is not None:
            return service.provider
        if evidence.kind is not None and evidence.kind.provider != "any":
            return evidence.kind.provider
        return "none"

    def _service(
        self,
        observation: Observation,
        request: Observation | None,
        evidence: Evidence,
        place: Place | None,
        where: str | None,
        act: str,
    ) -> tuple[Service | None, str]:
        """The service that is signed in to, and how that is known."""
        if place is not None and place.sure == "host":
            return place.service, "host"
        made = observation.value
        named = observation.service or (request.service if request is not None else "") or getattr(made, "service", "")
        if named in self._services:
            return self._services[named], "library"
        if place is not None and place.sure == "path":
            return place.service, "path"
        if evidence.kind is not None and evidence.kind.provider in self._by_provider:
            return self._by_provider[evidence.kind.provider], "name"
        look = self._names.service_beside if evidence.kind is not None else self._names.service
        for name in (evidence.name, evidence.user_name):
            service = look(name) if name else None
            if service is not None:
                return service, "name"
        if act == "read":
            return None, "none"
        if place is not None:
            return place.service, "path"
        if act in ("length", "named"):
            return None, "none"
        if where is not None and "{}" not in where.partition("://")[2].partition("/")[0]:
            return None, "none"  # it goes to a host that is known, and is nobody's
        for path in dict.fromkeys([site.path for site in (*reversed(observation.calls), observation.site)]):
            of_file = self._service_of_file(path)
            if of_file is not None:
                return of_file, "file"
        if act in _SIGNING and evidence.user == "empty" and evidence.kind_class in ("pat", "api-token", ""):
            return self._by_provider.get("azure-devops"), "idiom"
        return None, "none"

    def _service_of_file(self, path: str) -> Service | None:
        """The service that a file is about: the one in its name, or the one whose hosts it mentions."""
        if path not in self._hosts:
            found = self._names.service_beside(path.rpartition(".")[0])
            if found is None:
                file = self._read(path)
                found = self._places.mentioned(file.data) if file is not None else None
            self._hosts[path] = found
        return self._hosts[path]

    # --- text ---

    def tokens(self, file: File, tokens: Iterable[Token]) -> Iterator[Finding]:
        """The findings for tokens that are written down."""
        for token in tokens:
            site = Site(file.path, token.start, token.end)
            state = {"valid": "valid", "unknown": "shape"}.get(token.verdict, "invalid")
            evidence = Evidence(
                token.kind.kind, token.kind, "literal", token.kind.title, site, state, token.detail,
                encoded=bool(token.encoded),
            )  # fmt: skip
            observation = Observation("client", site, None, 0)
            judgement = self._judge(observation, "written", "none", evidence, None, None)
            judgement.facts["state"] = state if state != "invalid" else f"invalid-{token.shape.unchecked}"
            found = self._finding(judgement)
            if found is not None:
                yield found

    def urls(self, file: File, urls: Iterable[UrlCredential]) -> Iterator[Finding]:
        """The findings for credentials in URLs that are written down."""
        for url in urls:
            site = Site(file.path, url.start, url.end)
            if url.kind == "placeholder":
                continue
            if url.secret is not None:
                evidence = self._examiner.of_literal(url.secret.reveal(), site)
            else:
                evidence = self._examiner.of_name(url.reference.strip("${}<>%() "), "reference", site)
            where = Text((f"{url.scheme}://{url.host}/",), site)
            observation = Observation("url", site, None, 0)
            found = self._finding(self._judge(observation, "url", "url", evidence, None, where))
            if found is not None:
                yield found

    # --- rules ---

    def _finding(self, judgement: Judgement) -> Finding | None:
        for rule in self._rules:
            for case in rule.when:
                if all(judgement.facts[fact] in wanted for fact, wanted in case.facts.items()):
                    if case.severity == "none":
                        return None
                    return self._report(rule, case, judgement)
        return None

    def _report(self, rule: Rule, case: Case, judgement: Judgement) -> Finding | None:
        site = judgement.observation.at if judgement.facts["act"] == "request" else None
        site = site or judgement.observation.site
        if judgement.facts["act"] in _SIGNING:
            site = getattr(judgement.value, "site", None) or site
        location = self._location(site)
        if location is None:
            return None
        words = describe(judgement)
        return Finding(
            rule=rule.id,
            name=rule.name,
            category=rule.category,
            severity=Severity(case.severity),
            confidence=_confidence(case, judgement),
            message=(case.message or rule.message).format_map(words),
            location=location,
            provider=None if judgement.facts["provider"] == "none" else judgement.facts["provider"],
            service=judgement.service.id if judgement.service is not None else None,
            url=judgement.url,
            credential=label(judgement.evidence),
            trail=self._trail(judgement, location),
            fixes=self._advice.fixes(_recipes(rule, judgement), judgement.observation.sink),
        )

    def _location(self, site: Site) -> Location | None:
        file = self._read(site.path)
        return None if file is None else file.location(Span(site.start, site.end))

    def _trail(self, judgement: Judgement, here: Location) -> tuple[Step, ...]:
        steps: list[Step] = []
        for site, note in trail_of(judgement.value, judgement.observation, judgement.url):
            location = self._location(site)
            if location is not None and all(step.location != location for step in steps):
                steps.append(Step(location, note))
        return tuple(steps) if any(step.location != here for step in steps) else ()


def _is_same_credential(one: Evidence, other: Evidence) -> bool:
    """Whether two pieces of evidence are of one credential that was born, not handed over."""
    born = one.origin not in ("parameter", "attribute", "unknown")
    return born and (one.origin, one.name, one.site) == (other.origin, other.name, other.site)


def _without_parts(observed: Sequence[Observation]) -> list[Observation]:
    """The acts without those encodings that end up in a header of the same function: the header is the site."""
    parts = {
        (part.site, header.scope) for header in observed if header.act == "header" for part in encodings(header.value)
    }
    return [act for act in observed if act.act != "encode" or (act.site, act.scope) not in parts]


def encodings(value: Value | None) -> Iterator[Encoded]:
    """The encodings directly in a header."""
    for option in options(value):
        if isinstance(option, Text):
            for part in option.parts:
                if not isinstance(part, str):
                    yield from (inner for inner in options(part) if isinstance(inner, Encoded))


def user_value(url: Text) -> Value | None:
    """What stands before the `@` of a URL: the password, or the user where there is none."""
    pieces: list[Value] = []
    for part in url.parts:
        if isinstance(part, str):
            text = part.rpartition("://")[2] if "://" in part else part
            if "://" in part:
                pieces.clear()
            if "@" in text:
                pieces.append(Text((text.partition("@")[0],)))
                break
            pieces.append(Text((text,)))
        else:
            pieces.append(part)
    user, password = split_pair(concatenate(pieces, url.site))
    if password is None or literal(password) in ("", "x-oauth-basic"):
        return user
    return password


def _class_of(kind_class: str) -> CredentialClass:
    return kind_class or "pat"  # type: ignore[return-value]


def _signs_in(act: str, evidence: Evidence) -> bool:
    """Whether what was built looks like a sign-in by itself: base64 is of many things, and so is `Basic …`."""
    if act == "encode":
        return bool(evidence.user) or evidence.kind_class in ("pat", "app-password")
    return act != "header" or evidence.encoded or bool(evidence.kind_class) or evidence.origin == "literal"


def _recipes(rule: Rule, judgement: Judgement) -> Iterator[str]:
    """The recipes that answer a finding: the endpoint's, then the service's for this scheme, then the rule's."""
    if judgement.endpoint is not None:
        yield from judgement.endpoint.recipes
    if judgement.facts["state"] in ("valid", "shape", "random"):
        yield from rule.recipes  # what is written down must be revoked first
    if judgement.scheme is not None:
        yield from judgement.scheme.recipes
    yield from rule.recipes


def _transport(url: str | None) -> str:
    scheme, mark, _ = (url or "").partition("://")
    if not mark or "{}" in scheme:
        return "unknown"
    return {"git+https": "https", "git+http": "http"}.get(
        scheme, scheme if scheme in ("http", "https", "ssh") else "other"
    )


def _strength(kind_class: str, known: str, evidence: Evidence, scheme: str, service: Service | None) -> str:
    if evidence.origin == "literal" and evidence.state in ("placeholder", "template"):
        return "none"
    points = _POINTS_OF_CLASS.get(kind_class, 0) + (_POINTS_OF_KNOWN[known] if service is not None else 0)
    if scheme == "basic" and kind_class != "password":
        points += {"empty": 2, "nobody": 1}.get(evidence.user, 0)
    return "strong" if points >= 4 else "some" if points >= 2 else "weak" if points else "none"


def _confidence(case: Case, judgement: Judgement) -> Confidence:
    if case.confidence != "as-found":
        return Confidence(case.confidence)
    known, evidence = judgement.facts["known"], judgement.facts["evidence"]
    if judgement.facts["state"] == "valid" or (known in ("host", "library") and evidence == "strong"):
        return Confidence.HIGH
    return Confidence.MEDIUM if evidence == "strong" else Confidence.LOW


_CODE = (".py", ".pyi", ".pyw", ".cs", ".ps1", ".psm1", ".sh", ".bash", ".ts", ".js", ".tsx", ".jsx", ".mjs", ".cjs",
         ".java", ".go", ".rb", ".rs", ".php", ".kt", ".groovy", ".vb", ".fs", ".scala", ".swift", ".c", ".cpp",
         ".h", ".ipynb")  # fmt: skip
_TEXT = (".md", ".rst", ".txt", ".adoc", ".html", ".htm", ".org", ".log")


def kind_of_file(path: str) -> str:
    """What kind of file a path names: test, code, text (prose) or config (all the rest)."""
    lower = path.lower()
    parts = lower.replace("-", "_").split("/")
    name = parts[-1]
    if any(
        part in ("test", "tests", "testing", "spec", "specs", "fixtures", "testdata", "test_data")
        for part in parts[:-1]
    ):
        return "test"
    if name.startswith("test_") or name.rpartition(".")[0].endswith(("_test", "_tests", ".test", ".spec")):
        return "test"
    if name == "conftest.py":
        return "test"
    if lower.endswith(_CODE):
        return "code"
    return "text" if lower.endswith(_TEXT) else "config"


def label(evidence: Evidence) -> str | None:
    """The credential as the JSON report names it: `env:ADO_PAT`, `literal`, `option:token`."""
    short = {"environment": "env"}.get(evidence.origin, evidence.origin)
    if evidence.origin == "literal":
        return "literal"
    if evidence.origin == "none":
        return None
    return f"{short}:{evidence.name}" if evidence.name else short


_BORN = {
    "environment": "environment variable {name}",
    "option": "option {name}",
    "config": "configuration key {name}",
    "prompt": "a prompt",
    "keyring": "the keyring",
    "vault": "the vault",
    "secret-store": "the secret store",
    "file": "a file",
    "parameter": "parameter {name}",
    "attribute": "{name}",
    "unknown": "{name}",
    "request": "request field {name}",
    "reference": "{name}",
    "entra": "Microsoft Entra",
}


class _Words(dict[str, str]):
    """Message placeholders; one without a value is left out rather than an error at run time."""

    def __missing__(self, key: str) -> str:
        return ""


def describe(judgement: Judgement) -> _Words:
    """The words that a rule's message may use, none of them a secret."""
    evidence, service, row, endpoint = judgement.evidence, judgement.service, judgement.scheme, judgement.endpoint
    title = evidence.kind.title if evidence.kind is not None else "credential"
    if evidence.origin == "literal":
        detail = f" ({evidence.detail})" if evidence.detail else ""
        credential = f"{title}{detail}, written down"
    else:
        born = _BORN.get(evidence.origin, "{name}").format(name=evidence.name or "a value")
        credential = born if evidence.kind is None else f"{title} from {born}"
    return _Words(
        credential=credential,
        name=evidence.name,
        kind=title,
        detail=f" ({evidence.detail})" if evidence.detail else "",
        service=service.title if service is not None else "a service",
        endpoint=endpoint.name if endpoint is not None else "",
        date=(endpoint.date if endpoint is not None else row.date if row is not None else "") or "",
        why=(endpoint.why if endpoint is not None else row.why if row is not None else ""),
        instead=(endpoint.instead if endpoint is not None else row.instead if row is not None else ""),
        sink=judgement.observation.sink,
        broken=evidence.broken,
    )


_cached: list[tuple[object, Places, Names]] = []


def _compiled(catalogue: Catalogue) -> tuple[object, Places, Names]:
    if not _cached or _cached[0][0] is not catalogue:
        _cached[:] = [(catalogue, Places(catalogue.services), Names(catalogue.credentials, catalogue.services))]
    return _cached[0]


def places_of(catalogue: Catalogue) -> Places:
    """The catalogue's services, compiled once."""
    return _compiled(catalogue)[1]


def names_of(catalogue: Catalogue) -> Names:
    """The catalogue's names, compiled once."""
    return _compiled(catalogue)[2]
