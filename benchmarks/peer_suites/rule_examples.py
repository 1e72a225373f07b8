"""Cases in rule files in YAML that carry examples: Nosey Parker's form, which Titus and kingfisher share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from benchmarks.peer_suites.case import Case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def read(checkout: Path, folder: str) -> Iterator[Case]:
    """The examples of the rules in a folder; a case's label is the rule's id and its name."""
    for path in sorted((checkout / folder).rglob("*.y*ml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
        for rule in content.get("rules") or () if isinstance(content, dict) else ():
            label = f"{rule.get('id', '')} {rule.get('name', '')}"
            for key, positive in (("examples", True), ("negative_examples", False)):
                for number, text in enumerate(rule.get(key) or ()):
                    where = f"{path.relative_to(checkout)}:{rule.get('id', '')}:{key}[{number}]"
                    yield Case(label, where, positive, str(text))


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
