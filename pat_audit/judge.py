"""The one place where what a program does becomes findings: which host, which scheme, which credential, how sure.

The judge computes *facts* of an observation (`facts.FACTS`) and matches them against the `when` cases of the
rules; it knows no rule, service or library by name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, get_args

from pat_audit.advice import Advice
from pat_audit.attribution import SCHEMES, SIGNING, Attribution, names_of
from pat_audit.evidence import Evidence
from pat_audit.examiner import Examiner
from pat_audit.facts import Judgement, confidence, kind_of_file, severity, signs_in, strength, transport
from pat_audit.flow.combining import concatenate, is_open, literal, options
from pat_audit.flow.combining import describe as describe_value
from pat_audit.flow.composition import template
from pat_audit.flow.observation import Act, Observation
from pat_audit.flow.sending import split_pair
from pat_audit.flow.values import Auth, Site, Text, Value
from pat_audit.mending import Mending, Users, in_order
from pat_audit.model import Finding, Location, Send, Span, Step, Use
from pat_audit.trail import address, shown_address, trail_of
from pat_audit.wording import describe, label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from pat_audit.catalogue import Catalogue
    from pat_audit.source import Source as File
    from pat_audit.tokens.scan import Token, TokenScanner
    from pat_audit.tokens.urls import UrlCredential
    from pat_audit.vocabulary import Case, Rule

_ISSUED = ("oauth-token", "job-token")  # classes of tokens that are issued for the moment
_MOST_REQUESTS = 16  # requests by which one sign-in is judged


class Judge:
    """Makes findings of observations and written tokens, by the rules of one catalogue, as of one day."""

    def __init__(
        self, catalogue: Catalogue, scanner: TokenScanner, today: date, read: Callable[[str], File | None]
    ) -> None:
        self._cases = _cases_by_act(catalogue.rules)
        self._advice = Advice(catalogue.recipes)
        self._read = read
        self._attribution = Attribution(catalogue, today, read)
        self._examiner = Examiner(names_of(catalogue), scanner.classify)

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
        mending = Mending()
        users = Users()
        found: list[Finding] = []
        for observation in in_order(observed):
            for judgement in self._judgements(observation, sent):
                users.note(judgement)
                for finding in self._findings(judgement):
                    if mending.is_here(observation, judgement, finding, self._alone):
                        found.append(finding)
        found += mending.handed_over(self._location)
        found += self._made_elsewhere(observed)
        shared = {self._location(site) for site in users.shared()}
        for finding in found:
            use = finding.use
            yield replace(finding, use=replace(use, shared=True)) if use is not None and use.made in shared else finding

    def _made_elsewhere(self, observed: Sequence[Observation]) -> Iterator[Finding]:
        """The findings for what another file makes and a request of this one sends: where to is only known here."""
        signs = [option for each in observed if each.act in SIGNING for option in options(each.value)]
        here = {getattr(option, "site", None) for option in signs}
        for observation in observed:
            if observation.act != "request":
                continue
            for option in options(observation.value):
                site = getattr(option, "site", None)
                if site is None or site in here or site.path == observation.site.path or is_open(option):
                    continue
                act = "client" if isinstance(option, Auth) else "header"
                for scheme, evidence, value in self._examiner.signed(option):
                    yield from self._findings(
                        self._judge(observation, act, scheme, evidence, value, observation.url, observation)
                    )

    def _alone(self, observation: Observation) -> list[tuple[Judgement, Finding | None]]:
        """An act as it stands before any caller."""
        return [(judgement, self._finding(judgement)) for judgement in self._judgements(observation, {})]

    def _judgements(self, observation: Observation, sent: dict[Site, list[Observation]]) -> Iterator[Judgement]:
        act = observation.act
        if act == "request":
            yield from self._of_request(observation)
            return
        if act in ("run", "text"):
            return
        if act in ("read", "export", "write", "length", "named"):
            yield from self._of_value(observation)
            return
        if act == "url":
            yield from self._of_url(observation)
            return
        if act == "setting":
            yield from self._of_setting(observation)
            return
        for scheme, evidence, value in self._examiner.signed(observation.value):
            if not signs_in(act, evidence) and observation.site not in sent:
                continue
            urls: list[Observation] = [request for request in sent.get(observation.site, ()) if request.url is not None]
            if len(urls) > _MOST_REQUESTS:  # a helper of many callers: to each its own
                caller = observation.calls[-1:]
                urls = [request for request in urls if caller and request.calls[-1:] == caller] or urls
            if observation.url is not None or not urls:
                yield self._judge(observation, act, scheme, evidence, value, observation.url)
            for request in urls[:_MOST_REQUESTS]:
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
            if observation.act == "export" and (evidence is None or evidence.kind_class not in _ISSUED):
                evidence = self._examiner.of_name(observation.sink, "environment", observation.site)
            if evidence is not None and observation.act == "named":
                named = self._examiner.of_name(observation.sink, "literal", observation.site)
                evidence = replace(evidence, kind=named.kind, kind_class=named.kind_class, name=named.name)
            if evidence is not None:
                # what is handed on under a name is there for others, wherever its value was read
                value = None if observation.act == "export" else option
                yield self._judge(observation, observation.act, "none", evidence, value, None)

    def _of_url(self, observation: Observation) -> Iterator[Judgement]:
        for option in options(observation.value):
            if not isinstance(option, Text):
                continue
            user, alone = user_value(option)
            evidence = self._examiner.strongest(user)
            if evidence is None or (alone and self._is_public(evidence, address(option))):
                continue
            if alone and evidence.state == "plain":
                continue  # the name of an account
            # without a scheme it may as well be a mail address: then the name must say what it is
            if "://" in template(option) or evidence.kind_class in ("pat", "api-token", "app-password"):
                yield self._judge(observation, "url", "url", evidence, option, option)

    def _of_setting(self, observation: Observation) -> Iterator[Judgement]:
        if observation.value is None:
            nobody = Evidence("", None, "none", "", observation.site)
            yield self._judge(observation, "setting", "none", nobody, None, None)
        for option in options(observation.value):
            scheme, evidence = self._examiner.of_setting(option, observation.sink, observation.credential)
            if evidence is not None:
                yield self._judge(observation, "setting", scheme, evidence, option, observation.url)

    def _is_public(self, evidence: Evidence, url: str | None) -> bool:
        """Whether a lone user is an account's name, though it looks like more: the service puts one into addresses."""
        place = self._attribution.place(url)
        written = evidence.origin == "literal" and evidence.state in ("random", "placeholder")
        return written and place is not None and place.service.user_is_public

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
        place = self._attribution.place(where)
        service, known = self._attribution.service(observation, request, evidence, place, where, act)
        kind_class = evidence.kind_class
        sending = SCHEMES.get(scheme, "any")
        endpoint = place.endpoint if place is not None and place.service is service else None
        policy, row = "none", None
        if service is not None and scheme != "none":
            row = self._attribution.row(service, sending, kind_class)
            policy = row.policy
        own = None
        if endpoint is not None:
            own = self._attribution.own_policy(endpoint, sending, kind_class)
            policy = own or policy
        spoken = transport(where)
        facts = {
            "act": act,
            "scheme": scheme,
            "class": kind_class or "unknown",
            "origin": evidence.origin,
            "state": evidence.state or "none",
            "user": evidence.user or "none",
            "service": service.id if service is not None else "none",
            "provider": self._attribution.provider(service, evidence),
            "known": known,
            "deployment": service.deployment if service is not None else "unknown",
            "policy": policy,
            "endpoint": "yes" if own is not None else "no",
            "transport": spoken if spoken != "unknown" or place is None else place.transport,
            "broken": "yes" if evidence.broken else "no",
            "evidence": strength(kind_class, known, evidence, scheme, service),
            "where": kind_of_file(observation.site.path),
            "encoded": "yes" if evidence.encoded else "no",
            "number": observation.sink if act == "length" else "none",
            "named": "yes" if self._attribution.is_named(evidence) else "no",
            "means": (observation.setting.means if observation.setting is not None else "") or "none",
        }
        return Judgement(facts, evidence, service, endpoint if own else None, row, where, request or observation, value)

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
            if self._is_public(evidence, address(where)) and url.start == url.start_of_secret:
                continue
            observation = Observation("url", site, None, 0)
            found = self._finding(self._judge(observation, "url", "url", evidence, None, where))
            if found is not None:
                yield found

    # --- rules ---

    def _findings(self, judgement: Judgement) -> Iterator[Finding]:
        """What the rules say: the first that fits, and each that has something of its own to say beside it."""
        decided: set[str] = set()
        spoken = False
        for rule, case in self._cases.get(judgement.facts["act"], ()):
            if rule.id in decided or (spoken and not rule.beside):
                continue
            if all(judgement.facts[fact] in wanted for fact, wanted in case.facts.items()):
                decided.add(rule.id)
                if case.severity == "none" and not rule.beside:
                    return
                spoken = spoken or not rule.beside
                found = None if case.severity == "none" else self._report(rule, case, judgement)
                if found is not None:
                    yield found

    def _finding(self, judgement: Judgement) -> Finding | None:
        """What the rule says that is first to fit."""
        return next(self._findings(judgement), None)

    def _report(self, rule: Rule, case: Case, judgement: Judgement) -> Finding | None:
        site = _sent_from(judgement) if judgement.facts["act"] == "request" else judgement.observation.site
        if judgement.facts["act"] in SIGNING:
            site = getattr(judgement.value, "site", None) or site
        location = self._location(site)
        if location is None:
            return None
        words = describe(judgement)
        service = judgement.service.id if judgement.service is not None else None
        maker = getattr(judgement.value, "maker", "")
        chosen = self._advice.choose(_recipes(rule, judgement), judgement.observation.sink, service or "", maker)
        return Finding(
            rule=rule.id,
            name=rule.name,
            category=rule.category,
            severity=severity(case, judgement),
            confidence=confidence(case, judgement),
            message=(case.message or rule.message).format_map(words),
            location=location,
            provider=None if judgement.facts["provider"] == "none" else judgement.facts["provider"],
            service=service,
            url=shown_address(judgement.url),
            credential=label(judgement.evidence),
            trail=self._trail(judgement, location),
            fixes=self._advice.fixes(chosen),
            use=self._use(judgement, location, chosen),
        )

    def _use(self, judgement: Judgement, location: Location, recipes: tuple[str, ...]) -> Use:
        """How the credential is used, for whoever writes the fix."""
        observation, value, act = judgement.observation, judgement.value, judgement.facts["act"]
        made = getattr(value, "site", None) if act != "read" else None
        if act == "request":
            act = "client" if isinstance(value, Auth) else "header"
        sent_by = observation.holder or observation.at
        where = self._location(sent_by) if sent_by is not None and observation.act == "request" else None
        kind = judgement.evidence.kind
        return Use(
            act=act,
            made=(None if made is None else self._location(made)) or location,
            callables=tuple(dict.fromkeys(name for name in (getattr(value, "maker", ""), observation.sink) if name)),
            recipes=recipes,
            sends=() if where is None else (Send(where, observation.holder is not None, observation.signs),),
            variable=next(iter(kind.names.exact), "") if kind is not None else "",
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


def _sent_from(judgement: Judgement) -> Site:
    """The place of a request: the call that sends it, or the caller that says to which endpoint of its own policy.

    Callers of that one, from files that have no part in the address, have said nothing.
    """
    observation = judgement.observation
    before = observation.root.url if observation.root is not None else None
    said_by_caller = is_open(before) and describe_value(before) != describe_value(observation.url)
    if judgement.endpoint is not None and observation.calls and said_by_caller:
        written = {site.path for url in options(observation.url) if (site := getattr(url, "site", None)) is not None}
        saying = [call for call in observation.calls if call.path in written]
        return (saying or observation.calls)[-1]
    return observation.at or observation.site


def user_value(url: Text) -> tuple[Value | None, bool]:
    """What signs in before the `@` of a URL, and whether it is the user, for want of a password."""
    pieces: list[Value] = []
    for part in url.parts:
        if isinstance(part, str):
            text = part.rpartition("://")[2]
            if "://" in part:
                pieces.clear()
            if any(mark in text.partition("@")[0] for mark in "/?#"):
                return None, True  # the authority ends before the `@`
            if "@" in text:
                pieces.append(Text((text.partition("@")[0],)))
                break
            pieces.append(Text((text,)))
        else:
            pieces.append(part)
    user, password = split_pair(concatenate(pieces, url.site))
    if user is None or literal(password) in ("", "x-oauth-basic"):
        return (password if user is None else user), True
    return password, False


def _cases_by_act(rules: Iterable[Rule]) -> dict[str, list[tuple[Rule, Case]]]:
    """The cases that may fit each act, those of higher ranked rules first."""
    by_act: dict[str, list[tuple[Rule, Case]]] = {}
    for rule in sorted(rules, key=lambda rule: -rule.rank):
        for case in rule.when:
            for act in case.facts.get("act", (*get_args(Act), "written")):
                by_act.setdefault(act, []).append((rule, case))
    return by_act


def _recipes(rule: Rule, judgement: Judgement) -> Iterator[str]:
    """The recipes that answer a finding: the endpoint's, the setting's, the service's for this scheme, the rule's."""
    if judgement.facts["transport"] == "http":
        yield from rule.recipes  # whatever signs in is not to be sent so
        return
    if judgement.endpoint is not None:
        yield from judgement.endpoint.recipes
    if judgement.facts["state"] in ("valid", "shape", "random"):
        yield from rule.recipes  # what is written down must be revoked first
    if judgement.observation.setting is not None:
        yield from judgement.observation.setting.recipes
    if judgement.scheme is not None:
        yield from judgement.scheme.recipes
    yield from rule.recipes
