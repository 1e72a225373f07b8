"""Whole files of each language, evaluated and judged whatever the prefilter says of them."""

from __future__ import annotations

import datetime
import time
from functools import partial

from pat_audit.inspection import Inspector, seldom_collected
from pat_audit.languages.known import ENDINGS
from pat_audit.trees_in_memory import MemoryTree

from ..seeds import catalogue, of_language, of_syntax, prefilter, written_tokens
from ..target import Target
from .front_ends import GRAMMARS

SECONDS = 30
"""Of processor time for one input of at most 16 KB: a hundred times what most take."""


def evaluated(name: str, data: bytes) -> None:
    """Nothing goes wrong, every finding lies in the file, and no text of one holds a token.

    A file that asks for too much says so and ends.
    """
    began = time.process_time()
    inspector = Inspector(catalogue(), MemoryTree({name: data}), datetime.date(2026, 11, 25), prefilter())
    with seldom_collected():
        first = inspector.inspect([name], lambda path: None)
        second = inspector.evaluate([name], lambda path: None)
    assert time.process_time() - began < SECONDS, "it takes too long"
    for outcome in (first, second):
        for problem in outcome.problems:
            assert not problem.fatal, problem.message
        for finding in outcome.findings:
            span = finding.location.span
            assert 0 <= span.start <= span.end <= len(data), finding.rule
            assert finding.location.line >= 1
            assert finding.location.column >= 1
            for step in finding.trail:
                assert 0 <= step.location.span.start <= step.location.span.end <= len(data)
            said = " ".join((finding.message, *(step.note for step in finding.trail)))
            assert not any(token in said for token in written_tokens()), "a message holds a token"


SYNTAXES = {
    "yaml": "azure-pipelines.yml", "json": "appsettings.json", "xml": "NuGet.config", "dockerfile": "Dockerfile",
    "makefile": "Makefile", "hcl": "main.tf", "markdown": "README.md", "notebook": "a.ipynb", "toml": "pyproject.toml",
    "dotenv": ".env", "ini": ".npmrc", "git-config": ".gitconfig",
}  # fmt: skip
"""A file of each syntax that inspection reads settings and programs from."""

TARGETS = (
    *(
        Target(
            f"program-{language}",
            partial(evaluated, f"sign_in.{endings[0]}"),
            partial(of_language, language),
            GRAMMARS.get(language, ()),
        )
        for language, endings in ENDINGS.items()
    ),
    *(
        Target(f"file-{syntax}", partial(evaluated, name), partial(of_syntax, syntax))
        for syntax, name in SYNTAXES.items()
    ),
)
