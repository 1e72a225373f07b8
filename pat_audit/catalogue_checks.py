"""Checks that the files of a catalogue fit together: ids, references, patterns, dates, messages."""

from __future__ import annotations

import re
import string
from datetime import date
from typing import TYPE_CHECKING, Any, get_args

from pat_audit.nearest import did_you_mean
from pat_audit.pattern_growth import MANY
from pat_audit.pattern_safety import why_unsafe
from pat_audit.strict_yaml import Mistake
from pat_audit.template_text import holes_in
from pat_audit.vocabulary import CredentialClass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pat_audit.rules_folder import Entry
    from pat_audit.vocabulary import (
        Command,
        CredentialKind,
        Definition,
        Effect,
        Endpoint,
        Example,
        Format,
        FurtherExamples,
        Library,
        Recipe,
        Rule,
        Scheme,
        Service,
        Template,
    )

Complaint = tuple[str, str]  # key path, what is wrong there

MESSAGE_FIELDS = frozenset(
    {
        "credential",
        "name",
        "service",
        "kind",
        "detail",
        "endpoint",
        "date",
        "why",
        "instead",
        "sink",
        "broken",
    }
)
_LONGEST_TOKEN = 4096  # what a shape may match; it is looked for around its keywords alone
_RULE_ID = re.compile(r"[A-Z]{2,8}[0-9]{3,4}")
_RULE_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_CREDENTIAL_CLASSES = frozenset({*get_args(CredentialClass), "any"})


class _Known:
    """What may be referred to."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        def values(section: str) -> list[Any]:
            return [entry.value for entry in entries if entry.section == section]

        self.rules = frozenset(rule.id for rule in values("rules"))
        self.recipes = frozenset(recipe.id for recipe in values("recipes"))
        self.services = frozenset(service.id for service in values("services"))
        self.templates = frozenset(template.id for template in values("templates"))
        self.providers = frozenset({"any", *(service.provider for service in values("services"))})
        self.definitions: dict[str, set[str]] = {}
        for definition in values("definitions"):
            self.definitions.setdefault(definition.language, set()).add(definition.name)
        self.types: dict[str, set[str]] = {}
        for library in values("libraries"):
            self.types.setdefault(library.language, set()).update(each.names[0] for each in library.types if each.names)


def cross_check(entries: Sequence[Entry]) -> list[Mistake]:
    """Every way in which the objects of a catalogue do not fit together."""
    known = _Known(entries)
    mistakes = list(_repeated(entries))
    for entry in entries:
        mistakes += [Mistake(entry.file, 0, key, what) for key, what in _CHECKS[entry.section](entry.value, known)]
    return mistakes


def _repeated(entries: Sequence[Entry]) -> Iterator[Mistake]:
    first: dict[tuple[str, ...], str] = {}
    for entry in entries:
        value = entry.value
        if entry.section in ("libraries", "commands"):
            ids: list[tuple[str, ...]] = [("library", value.language, value.library)]
        elif entry.section == "rules":
            ids = [("id", value.id), ("name", value.name)]
        elif entry.section == "examples":
            ids = []  # their place says which rule and language they are of
        else:
            ids = [("id", entry.section, value.id)]
        for id in ids:
            if id in first:
                yield Mistake(entry.file, 0, id[0], f"{id[-1]!r} is taken by {first[id]}")
            first.setdefault(id, entry.file)


def _rule(rule: Rule, known: _Known) -> Iterator[Complaint]:
    if not _RULE_ID.fullmatch(rule.id):
        yield "id", f"{rule.id!r} is not of the form PAT101"
    if not _RULE_NAME.fullmatch(rule.name):
        yield "name", f"{rule.name!r} is not of the form hand-built-basic-header"
    yield from _missing("recipes", rule.recipes, known.recipes, "recipe")
    yield from _message("message", rule.message)
    for number, case in enumerate(rule.when):
        yield from _message(f"when[{number}].message", case.message)
    for number, example in enumerate(rule.examples):
        yield from _example(f"examples[{number}]", example)


def _further_examples(further: FurtherExamples, known: _Known) -> Iterator[Complaint]:
    yield from _missing("rule", (further.rule,), known.rules, "rule")
    for number, example in enumerate(further.examples):
        yield from _example(f"examples[{number}]", example)


def _message(key: str, message: str) -> Iterator[Complaint]:
    try:
        fields = [name for _, name, _, _ in string.Formatter().parse(message) if name is not None]
    except ValueError as error:
        yield key, f"this is no message template: {error}"
        return
    for name in fields:
        if name not in MESSAGE_FIELDS:
            yield key, f"there is no {{{name}}} to fill in{did_you_mean(name, MESSAGE_FIELDS)}"


def _example(key: str, example: Example) -> Iterator[Complaint]:
    if bool(example.bad) == bool(example.good):
        yield key, "an example is either bad or good: give exactly one of the two"
    if example.fixed and not example.bad:
        yield f"{key}.fixed", "only a bad example has something to fix"


def _credential(kind: CredentialKind, known: _Known) -> Iterator[Complaint]:
    yield from _missing("provider", (kind.provider,), known.providers, "service with the provider")
    for number, shape in enumerate(kind.shapes):
        key = f"shapes[{number}]"
        yield from _pattern(f"{key}.pattern", shape.pattern, many=_LONGEST_TOKEN)
        if shape.bounded:
            yield from _pattern(f"{key}.bounded", f"[{shape.bounded}]")
        if not shape.keywords:
            yield f"{key}.keywords", "name at least one text that every match contains"


def _pattern(key: str, pattern: str, flags: int = 0, many: int = MANY) -> Iterator[Complaint]:
    wrong = why_unsafe(pattern, flags, many)
    if wrong:
        yield key, wrong


def _service(service: Service, known: _Known) -> Iterator[Complaint]:
    parts: list[tuple[str, Scheme | Endpoint]] = []
    parts += [(f"schemes[{number}]", scheme) for number, scheme in enumerate(service.schemes)]
    parts += [(f"endpoints[{number}]", endpoint) for number, endpoint in enumerate(service.endpoints)]
    for key, part in parts:
        yield from _missing(f"{key}.recipes", part.recipes, known.recipes, "recipe")
        yield from _date(f"{key}.date", part.date)
        if part.policy == "retired" and not part.date:
            yield f"{key}.date", "what is retired needs the date on which it was switched off"


def _date(key: str, text: str) -> Iterator[Complaint]:
    if text:
        try:
            date.fromisoformat(text)
        except ValueError:
            yield key, f"{text!r} is not a date of the form 2026-12-01"


def _library(library: Library, known: _Known) -> Iterator[Complaint]:
    types = known.types.get(library.language, set())
    for key, effect in _effects(library):
        yield from _missing(f"{key}.returns", filter(None, [effect.returns]), types, "type")
        yield from _missing(f"{key}.service", filter(None, [effect.service]), known.services, "service")
        yield from _missing(
            f"{key}.credential", filter(None, [effect.credential]), _CREDENTIAL_CLASSES, "credential class"
        )
    for name, kind in library.values.items():
        yield from _missing(f"values.{name}", (kind,), types, "type")


def _effects(library: Library) -> Iterator[tuple[str, Effect]]:
    yield from ((f"functions[{number}]", effect) for number, effect in enumerate(library.functions))
    for number, kind in enumerate(library.types):
        if kind.make:
            yield f"types[{number}].make", kind.make
        yield from ((f"types[{number}].methods[{place}]", each) for place, each in enumerate(kind.methods))


def _commands(library: Any, known: _Known) -> Iterator[Complaint]:
    command: Command
    for number, command in enumerate(library.commands):
        key = f"commands[{number}]"
        yield from _missing(f"{key}.service", filter(None, [command.service]), known.services, "service")
        yield from _missing(
            f"{key}.credential", filter(None, [command.credential]), _CREDENTIAL_CLASSES, "credential class"
        )


_WORDS = frozenset({"token", "error", "context", "fail"})  # what a place has for statements before it


def _recipe(recipe: Recipe, known: _Known) -> Iterator[Complaint]:
    if not recipe.steps:
        yield "steps", "say at least one thing to do"

    for number, rewrite in enumerate(recipe.rewrites):
        names = {name for imported in rewrite.imports.values() for name in imported}
        words = _WORDS if rewrite.before else frozenset()
        for key in ("before", "replace", "sends", "keeps"):
            for hole in holes_in(getattr(rewrite, key)):
                if hole in names or hole in known.definitions.get(rewrite.language, ()) or not hole[:1].isalpha():
                    continue
                if hole in words or (key in ("before", "replace") and hole.islower()):
                    continue  # an argument of the call that is replaced
                yield f"rewrites[{number}].{key}", f"nothing defines or imports «{hole}» for {rewrite.language}"


def _definition(definition: Definition, known: _Known) -> Iterator[Complaint]:
    names = {name for imported in definition.imports.values() for name in imported}
    names |= {module.rpartition(".")[2].rpartition("/")[2] for module, own in definition.imports.items() if not own}
    names |= {definition.name, *known.definitions.get(definition.language, ())}
    for hole in holes_in(definition.text):
        if hole not in names:
            yield "text", f"nothing defines or imports «{hole}»"
    if f"«{definition.name}»" not in definition.text:
        yield "text", f"does not define «{definition.name}»"


def _template(template: Template, known: _Known) -> Iterator[Complaint]:
    for number, pattern in enumerate(template.expressions):
        yield from _pattern(f"expressions[{number}]", pattern)
    for number, reference in enumerate(template.references):
        yield from _pattern(f"references[{number}].pattern", reference.pattern, re.IGNORECASE)
        if "(?P<name>" not in reference.pattern:
            yield f"references[{number}].pattern", "the group `name` must say what the name is"


def _format(format_: Format, known: _Known) -> Iterator[Complaint]:
    yield from _missing("templates", format_.templates, known.templates, "template")
    yield from _missing("variables", format_.variables, known.templates, "template")
    for number, setting in enumerate(format_.settings):
        key = f"settings[{number}]"
        yield from _missing(f"{key}.recipes", setting.recipes, known.recipes, "recipe")
        yield from _missing(f"{key}.service", filter(None, [setting.service]), known.services, "service")
        yield from _missing(
            f"{key}.credential", filter(None, [setting.credential]), _CREDENTIAL_CLASSES, "credential class"
        )
        if (setting.role == "fact") != bool(setting.means):
            yield f"{key}.means", "a fact, and nothing else, means something"
    for number, script in enumerate(format_.scripts):
        if bool(script.language) == bool(script.said_by):
            yield f"scripts[{number}]", "either `language` says the language or `said_by` does"
        yield from _missing(f"scripts[{number}].templates", script.templates, known.templates, "template")


def _missing(key: str, wanted: Iterable[str], known: Iterable[str], what: str) -> Iterator[Complaint]:
    known = set(known)
    for word in wanted:
        if word not in known:
            yield key, f"there is no {what} {word!r}{did_you_mean(word, known)}"


_CHECKS: dict[str, Callable[[Any, _Known], Iterator[Complaint]]] = {
    "examples": _further_examples,
    "rules": _rule,
    "credentials": _credential,
    "services": _service,
    "libraries": _library,
    "commands": _commands,
    "recipes": _recipe,
    "definitions": _definition,
    "formats": _format,
    "templates": _template,
}
