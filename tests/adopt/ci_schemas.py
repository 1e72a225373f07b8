"""What the published schemas say of a CI file (check-jsonschema carries them: no network), and the scripts in it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import check_jsonschema
import yaml
from check_jsonschema.transforms.azure_pipelines import traverse_data
from jsonschema import Draft7Validator

_FOLDER = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor"
_NOT_IN_THE_SCHEMA = "AdvancedSecurity-Publish@1"  # it holds the tasks of Azure Pipelines alone, not extensions'


class _Loader(yaml.SafeLoader):
    """Reads GitLab's `!reference` too."""


_Loader.add_constructor("!reference", lambda loader, node: loader.construct_sequence(node))  # type: ignore[arg-type]


@cache
def _validator(name: str) -> Draft7Validator:
    return Draft7Validator(json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def mistakes(schema: str, text: str) -> list[str]:
    """What the schema `github-workflows`, `github-actions`, `gitlab-ci` or `azure-pipelines` finds wrong in a file."""
    if schema == "azure-pipelines":
        # A scalar is text to Azure Pipelines whatever it looks like; expressions as keys are resolved first.
        data = traverse_data(yaml.load(text, yaml.BaseLoader))
        data = _without(data, _NOT_IN_THE_SCHEMA)
    else:
        data = yaml.load(text, _Loader)
        if isinstance(data, dict) and True in data:
            data["on"] = data.pop(True)
    return [f"{list(error.path)}: {error.message[:300]}" for error in _validator(schema).iter_errors(data)]


def _without(data: Any, task: str) -> Any:
    if isinstance(data, list):
        return [_without(each, task) for each in data if not (isinstance(each, dict) and each.get("task") == task)]
    if isinstance(data, dict):
        return {key: _without(value, task) for key, value in data.items()}
    return data


def scripts_in(value: Any) -> list[str]:
    """Every shell script under `run`, `bash` and `script` in a parsed file."""
    if isinstance(value, list):
        return [script for each in value for script in scripts_in(each)]
    if not isinstance(value, dict):
        return []
    found = []
    for key, each in value.items():
        if key in ("run", "bash", "script") and isinstance(each, str):
            found.append(each)
        elif key == "script" and isinstance(each, list):
            found.append("\n".join(each))
        else:
            found += scripts_in(each)
    return found
