"""SARIF against the schema of OASIS, where there is a copy: PAT_AUDIT_SARIF_SCHEMA names it (`.ci/run` fetches one)."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest

from pat_audit.catalogue import load_catalogue
from pat_audit.model import Location, Problem, Report
from pat_audit.report import Options, render

if TYPE_CHECKING:
    from collections.abc import Callable

    from pat_audit.model import Finding

SCHEMA = os.environ.get("PAT_AUDIT_SARIF_SCHEMA")


@pytest.mark.skipif(not SCHEMA, reason="PAT_AUDIT_SARIF_SCHEMA names no schema")
def test_the_log_fits_the_schema(many: Callable[[int], Report], finding: Finding, tmp_path: Path) -> None:
    schema = json.loads(Path(str(SCHEMA)).read_text(encoding="utf-8"))
    odd = replace(finding, location=Location("a b/é#%?.py", 0, 0, 0, 0), suppressed="old", trail=(), fingerprint="")
    report = Report((*many(60).findings, odd), (Problem("", "whole run", fatal=True), Problem("x", "note")), 7)
    options = Options(root=str(tmp_path), show_suppressed=True)
    document = json.loads("".join(render("sarif", report, load_catalogue(plugins=False), options)))
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    assert [(list(error.path), error.message[:200]) for error in kind(schema).iter_errors(document)] == []
    document["runs"][0]["results"][0]["level"] = "loud"
    assert next(kind(schema).iter_errors(document), None) is not None
