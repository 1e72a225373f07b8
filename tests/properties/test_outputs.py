"""No output of any format holds a secret, and a file that was fixed is left alone by the next fix."""

from __future__ import annotations

import ast
import base64
import warnings
from pathlib import PurePath

from fixes.in_memory import run
from fuzz.seeds import catalogue, prefilter, written_tokens
from hypothesis import given

from pat_audit.report import RENDERERS, Options, render
from pat_audit.report.masking import token_mask
from pat_audit.scan import scan_files
from pat_audit.tokens.kept import token_scanner

from .repositories import few, repositories

MASK = token_mask(lambda: token_scanner(catalogue()))
TOKENS = [token for token in written_tokens() if len(token) >= 20]
ENCODED = [base64.b64encode(f"{user}{token}".encode()).decode() for token in TOKENS for user in (":", "")]


@given(repositories())
@few(15)
def test_no_format_holds_a_secret(files: dict[str, bytes]) -> None:
    report = scan_files(files, catalogue(), None, prefilter())

    def line(path: str, number: int) -> str | None:
        lines = files[path].decode("utf-8", "replace").splitlines() if path in files else []
        return lines[number - 1] if 0 < number <= len(lines) else None

    options = Options(mask=MASK, read_line=line, read_bytes=files.get, show_suppressed=True, verbose=True)
    assert len(RENDERERS) == 12
    for format in RENDERERS:
        text = "".join(render(format, report, catalogue(), options))
        for secret in (*TOKENS, *ENCODED):
            assert secret not in text, f"{format} holds a secret"


@given(repositories(most=2))
@few(12)
def test_a_second_fix_changes_nothing_and_what_is_fixed_parses(files: dict[str, bytes]) -> None:
    once = {path: new for path, (_, new) in run(files).texts.items()}
    assert not run({**files, **once}).texts, "a second fix changes something"
    for path, text in once.items():
        if PurePath(path).suffix == ".py" and _parses(files[path]):
            assert _parses(text)


def _parses(text: bytes) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except (SyntaxError, ValueError):
            return False
    return True
