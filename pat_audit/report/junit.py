"""JUnit XML, as test reports of pipelines show it: a suite for each file, a failed test for each finding."""

from __future__ import annotations

import time
from itertools import groupby
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from pat_audit.report.neutral import neutral

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding, Problem
    from pat_audit.report.options import Options
    from pat_audit.report.shown import Shown


def render(shown: Shown, catalogue: Catalogue, options: Options) -> Iterator[str]:
    """One document. What does not fail the run (notes, what comments suppress) is a skipped test.

    The order of elements and the attributes are those that the schemas of both Ant and Jenkins allow.
    """
    made = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
    number = 0
    for path, findings in groupby(shown.findings, key=lambda finding: finding.path):
        yield from _suite(path, number, made, [_case(finding, options) for finding in findings])
        number += 1
    if shown.problems:
        yield from _suite("problems of the run", number, made, [_problem(each) for each in shown.problems])
        number += 1
    if not number:
        name = f"no findings in {shown.files} file{'' if shown.files == 1 else 's'}"
        yield from _suite("pat-audit", number, made, [(_element("testcase", _named(name, "pat-audit")), "")])
    yield "</testsuites>\n"


_Case = tuple[str, str]  # the element, and what it counts as: "failures", "errors", "skipped" or nothing


def _suite(name: str, number: int, made: str, cases: Iterable[_Case]) -> Iterator[str]:
    cases = list(cases)
    counted = [kind for _, kind in cases]
    attributes = {
        "name": name,
        "package": "pat-audit",
        "id": str(number),
        "tests": str(len(cases)),
        **{kind: str(counted.count(kind)) for kind in ("failures", "errors", "skipped")},
        "time": "0",
        "timestamp": made,
        "hostname": "localhost",
    }
    yield f"<testsuite{_written(attributes)}>\n<properties/>\n"
    yield from (f"{element}\n" for element, _ in cases)
    yield "<system-out/>\n<system-err/>\n</testsuite>\n"


def _case(finding: Finding, options: Options) -> _Case:
    where = finding.location
    named = _named(f"{finding.rule} {finding.name} {where.line}:{where.column}", where.path)
    if finding.suppressed is not None:
        reason = {"message": f"suppressed: {finding.suppressed}"}
        return _element("testcase", named, _element("skipped", reason)), "skipped"
    if finding.severity.rank < options.fail_on.rank:
        reason = {"message": f"{finding.severity.value}: {finding.message}"}
        return _element("testcase", named, _element("skipped", reason)), "skipped"
    said = {"type": finding.severity.value, "message": finding.message}
    return _element("testcase", named, _element("failure", said, _body(finding))), "failures"


def _body(finding: Finding) -> str:
    lines = [f"{finding.path}:{finding.location.line}:{finding.location.column}: {finding.message}"]
    lines += [f"{step.location.path}:{step.location.line}: {step.note}" for step in finding.trail]
    for fix in finding.fixes:
        lines.append(f"instead: {fix.title}")
        lines += [f"{number}. {step}" for number, step in enumerate(fix.steps, 1)]
    return "\n".join(escape(_text(line)) for line in lines)


def _problem(problem: Problem) -> _Case:
    kind = "error" if problem.fatal else "skipped"
    said = {"type": "problem", "message": problem.message} if problem.fatal else {"message": problem.message}
    element = _element("testcase", _named(problem.path or "pat-audit", "pat-audit"), _element(kind, said))
    return element, "errors" if problem.fatal else "skipped"


def _named(name: str, place: str) -> dict[str, str]:
    return {"name": name, "classname": place, "time": "0"}


def _element(tag: str, attributes: dict[str, str], content: str = "") -> str:
    return f"<{tag}{_written(attributes)}>{content}</{tag}>" if content else f"<{tag}{_written(attributes)}/>"


def _written(attributes: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(_text(value))}" for name, value in attributes.items())


def _text(text: str) -> str:
    return neutral(text) or "-"
