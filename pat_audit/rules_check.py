"""Verifies a rules folder: files, patterns, and that every example gives just the findings it marks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pat_audit.catalogue import Catalogue, CatalogueError, builtin_folder
from pat_audit.example_marks import marks, without_marks
from pat_audit.model import Severity
from pat_audit.nearest import did_you_mean
from pat_audit.rules_folder import read_entries, read_folders, with_examples
from pat_audit.strict_yaml import Mistake

if TYPE_CHECKING:
    from pat_audit.model import Finding, Report
    from pat_audit.rules_folder import Entry
    from pat_audit.vocabulary import CredentialKind, Example, Rule

Scan = Callable[[Mapping[str, bytes], Catalogue], "Report"]

# The name that an example is scanned under where it gives none: nothing that says "test" or "example".
_FILE_NAMES = {
    "python": "sign_in.py",
    "csharp": "SignIn.cs",
    "powershell": "sign-in.ps1",
    "bash": "sign-in.sh",
    "shell": "sign-in.sh",
    "batch": "sign-in.cmd",
    "javascript": "sign-in.js",
    "typescript": "sign-in.ts",
    "java": "SignIn.java",
    "go": "sign_in.go",
    "ruby": "sign_in.rb",
    "yaml": "settings.yml",
    "json": "settings.json",
    "toml": "settings.toml",
    "xml": "settings.xml",
    "ini": "settings.ini",
    "text": "notes.txt",
    "markdown": "README.md",
    "dotenv": ".env",
    "dockerfile": "Dockerfile",
    "hcl": "main.tf",
    "npmrc": ".npmrc",
    "pypirc": ".pypirc",
    "netrc": ".netrc",
    "nuget": "NuGet.config",
    "gitconfig": ".gitconfig",
}


@dataclass(frozen=True, slots=True)
class ExampleCase:
    """One text of one example of a rule. `kind` is bad, good or fixed; `file` is the rule's file."""

    rule: Rule
    number: int
    kind: str
    file: str = ""

    @property
    def example(self) -> Example:
        """The example as the rule's file has it."""
        return self.rule.examples[self.number]

    @property
    def id(self) -> str:
        """`PAT101-0-python-bad`."""
        return f"{self.rule.id}-{self.number}-{self.example.language}-{self.kind}"

    @property
    def key(self) -> str:
        """Where it stands in the rule's file."""
        return f"examples[{self.number}].{self.kind}"

    @property
    def name(self) -> str:
        """The name that the example's own text is scanned under."""
        language = self.example.language
        return self.example.filename or _FILE_NAMES.get(language, f"sign_in.{language}")

    @property
    def files(self) -> dict[str, str]:
        """The files of the example with their marks, under the names that they are scanned under."""
        return {self.name: getattr(self.example, self.kind), **self.example.files}


def check_rules(folder: str | None, scan: Scan) -> tuple[list[Mistake], int, int]:
    """Every mistake of a rules folder (None: the built-in one), and how many rules and examples were checked.

    A folder other than the built-in one is checked together with it: it may refer to what is there. `scan`
    takes files (path -> bytes) and a catalogue and gives a report.
    """
    builtin = builtin_folder()
    folders = [Path(place) for place in dict.fromkeys([builtin, folder]) if place]
    if folder and builtin and Path(folder).resolve() == Path(builtin).resolve():
        folders = [Path(folder)]
    try:
        catalogue = read_folders(folders)
    except CatalogueError as error:
        return list(error.mistakes), 0, 0
    entries, _ = read_entries(folders[-1:])
    mistakes = [mistake for entry in entries for mistake in _file_mistakes(entry)]
    own = {entry.file: entry.value for entry in entries if entry.section == "rules"}
    extended = with_examples(tuple(own.values()), entries)
    cases = [case for file, rule in zip(own, extended, strict=True) for case in cases_of(rule, file)]
    for case in cases:
        mistakes += [Mistake(case.file, 0, case.key, fault) for fault in faults(case, catalogue, scan)]
    return mistakes, sum(entry.section == "rules" for entry in entries), len(cases)


def cases_of(rule: Rule, file: str = "") -> list[ExampleCase]:
    """Every text of every example of a rule."""
    return [
        ExampleCase(rule, number, kind, file)
        for number, example in enumerate(rule.examples)
        for kind in ("bad", "good", "fixed")
        if getattr(example, kind)
    ]


def faults(case: ExampleCase, catalogue: Catalogue, scan: Scan) -> list[str]:
    """What is wrong with one example: marked findings that are not there, findings that are not marked.

    In a bad example unmarked notes are let pass; a good one gives nothing but what it marks; a fixed one
    gives no finding of its rule and none above a note, and is what the fixer makes of the bad one.
    """
    files = case.files
    try:
        texts = _texts(case, catalogue)
    except (KeyError, ValueError) as error:
        return [f"a placeholder cannot be filled: {error.args[0]}"]
    wanted = {(name, line, rule) for name, text in files.items() for line, ids in marks(text).items() for rule in ids}
    unknown = sorted({rule for _, _, rule in wanted} - set(catalogue.rule_names))
    if unknown:
        return [f"there is no rule {id!r} to mark{did_you_mean(id, catalogue.rule_names)}" for id in unknown]
    if case.kind == "bad" and not any(rule == case.rule.id for _, _, rule in wanted):
        return [f"mark the line that is found: end it with a comment `<-- {case.rule.id}`"]
    report = scan({name: text.encode() for name, text in texts.items()}, catalogue)
    found = {
        (finding.path, finding.location.line, rule): finding
        for finding in report.findings
        for rule in (*finding.also, finding.rule)
    }
    wrong = [f"{problem.path}: {problem.message}" for problem in report.problems if problem.fatal]
    wrong += [_not_found(*place, found) for place in sorted(wanted - set(found))]
    for finding in report.findings:
        place = (finding.path, finding.location.line)
        if not any((*place, rule) in wanted for rule in (finding.rule, *finding.also)) and _matters(case, finding):
            wrong.append(f"line {place[1]} of {place[0]}: {finding.rule} is found and not marked")
    if case.kind == "fixed" and case.example.bad and not wrong:
        made = fixed_text(case, catalogue, scan)
        if made != texts[case.name]:
            wrong.append(f"the fixer makes another text of the bad one:\n{made}")
    return wrong


def fixed_text(case: ExampleCase, catalogue: Catalogue, scan: Scan) -> str:
    """What the fixer makes of an example's bad text, placeholders expanded."""
    from pat_audit.fixes.fixing import fix
    from pat_audit.fixes.texts import TextsInMemory

    texts = {name: text.encode() for name, text in _texts(replace(case, kind="bad"), catalogue).items()}

    report = scan(texts, catalogue)
    files = TextsInMemory(texts, catalogue)
    done = fix(report, catalogue, lambda new, again: scan({**texts, **new}, catalogue), files, unsafe=True)
    return done.texts.get(case.name, (b"", texts[case.name]))[1].decode()


def _texts(case: ExampleCase, catalogue: Catalogue) -> dict[str, str]:
    """The files of an example as they would stand on disk. Raises KeyError or ValueError for a wrong placeholder."""
    from pat_audit.tokens.samples import expand

    return {name: expand(without_marks(text), catalogue.credentials) for name, text in case.files.items()}


def _matters(case: ExampleCase, finding: Finding) -> bool:
    if finding.suppressed is not None:
        return False
    return (
        case.kind == "good"
        or finding.severity is not Severity.NOTE
        or (case.kind == "fixed" and finding.rule == case.rule.id)
    )


def _not_found(path: str, line: int, rule: str, found: Mapping[tuple[str, int, str], Finding]) -> str:
    there = sorted({other for where, at, other in found if (where, at) == (path, line)})
    elsewhere = sorted(at for where, at, other in found if (where, other) == (path, rule))
    hint = f"; this line gives {', '.join(there)}" if there else ""
    hint += f"; {rule} is found on line {', '.join(map(str, elsewhere))}" if elsewhere else ""
    return f"line {line} of {path}: {rule} is marked and not found{hint}"


def _file_mistakes(entry: Entry) -> Iterator[Mistake]:
    value, stem = entry.value, Path(entry.file).stem
    if entry.section == "rules":
        wanted = f"{value.id}-{value.name}"
        yield from _examples(entry)
    elif entry.section in ("libraries", "commands", "examples"):
        wanted = stem
    else:
        wanted = value.id
    if stem != wanted:
        yield Mistake(entry.file, 0, "", f"the file's name must be {wanted}.yaml")
    if entry.section == "credentials":
        yield from _shapes(entry.value, entry.file)


def _examples(entry: Entry) -> Iterator[Mistake]:
    rule: Rule = entry.value
    if not rule.when:  # a rule about the run is found by no file's text
        return
    for kind in ("bad", "good"):
        if not any(getattr(example, kind) for example in rule.examples):
            yield Mistake(entry.file, 0, "examples", f"there is no {kind} one: every rule needs both")


def _shapes(kind: CredentialKind, file: str) -> Iterator[Mistake]:
    from pat_audit.tokens.checks import CHECKS

    for number, shape in enumerate(kind.shapes):
        key = f"shapes[{number}]"
        if shape.check and shape.check not in CHECKS:
            yield Mistake(
                file,
                0,
                f"{key}.check",
                f"there is no check {shape.check!r}{did_you_mean(shape.check, CHECKS)}",
            )
        fault = _hyperscan_fault(shape.pattern)
        if fault:
            yield Mistake(file, 0, f"{key}.pattern", f"hyperscan does not take this pattern: {fault}")


def _hyperscan_fault(pattern: str) -> str | None:
    try:
        import hyperscan
    except ImportError:  # a platform without it searches with `re` alone
        return None
    try:
        hyperscan.Database().compile(expressions=[pattern.encode()])
    except hyperscan.error as error:
        return str(error)
    return None
