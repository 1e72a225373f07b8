"""Adding to YAML by inserting text: every style there is, nothing else changed, and a refusal where it is not safe."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pat_audit.adopt.yaml_edit import CannotEditError, Item, add_item, add_lines, block

ITEM: Item = {"repo": "https://example.com/pat-audit", "rev": "v1", "hooks": [{"id": "pat-audit"}]}
IN_FLOW = "{repo: https://example.com/pat-audit, rev: v1, hooks: [{id: pat-audit}]}"


IN_LINES = """\
  - repo: https://example.com/pat-audit
    rev: v1
    hooks:
      - id: pat-audit
"""
TO_THE_LEFT = """\
- repo: https://example.com/pat-audit
  rev: v1
  hooks:
  - id: pat-audit
"""


@pytest.mark.parametrize(
    ("head", "added", "tail"),
    [
        ("# ours\nrepos:\n- repo: a\n  hooks:\n  - id: x  # why\n  # - id: y\n", TO_THE_LEFT, "# the end\n"),
        ("repos:\n  - repo: a\n    args:\n      - |\n        text\n\n", IN_LINES, "ci: {}\n"),
        ("repos:\n  - repo: a\n    hooks: []\n", IN_LINES, "\n# next\nci: {}\n"),
        ("repos: [", IN_FLOW, "] # none\n"),
        ("repos: [{repo: a}", f", {IN_FLOW}", ",\n]\n"),
        ('{"repos": [{"repo": "a"}', f", {IN_FLOW}", '], "ci": {}}'),
        ("repos: # none yet\n  # - repo: a\n", IN_LINES, "ci: {}"),
        ("---\r\nrepos:\r\n  - repo: a\r\n", IN_LINES.replace("\n", "\r\n"), "...\r\n"),
        ("\ufeffrepos: &all\n  - &a {repo: a}\n  - *a\n", IN_LINES, ""),
    ],
)
def test_the_style_that_is_there_is_kept(head: str, added: str, tail: str) -> None:
    assert add_item(head + tail, "repos", ITEM) == head + added + tail


def test_a_last_line_without_a_break_gets_one() -> None:
    assert add_item("repos:\n  - repo: a", "repos", ITEM) == f"repos:\n  - repo: a\n{IN_LINES}"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no `repos`"),
        ("- a\n", "no `repos`"),
        ("ci: {repos: []}\n", "no `repos`"),
        ("repos: 1\n", "no list"),
        ("repos: ''\n", "no list"),
        ("repos: {}\n", "no list"),
        ("x: &x []\nrepos: *x\n", "no list"),
        ("repos:\n - a\nrepos:\n - b\n", "more than once"),
        ("repos: []\n---\nrepos: []\n", "more than one YAML document"),
        ("repos: [\n", "no valid YAML (line 2)"),
        ("repos:\n\t- a\n", "no valid YAML (line 2)"),
        ("repos: [\x01]\n", "no valid YAML"),
        ("repos: *nowhere\n", "no list"),
        ("[" * 200_000, "nested too deeply"),
        ("a: {" * 50_000, "nested too deeply"),
        ("<<<<<<< ours\nrepos: []\n=======\nrepos: []\n>>>>>>> theirs\n", "no valid YAML"),
    ],
)
def test_what_is_not_safe_is_refused(text: str, why: str) -> None:
    with pytest.raises(CannotEditError) as refused:
        add_item(text, "repos", ITEM)
    assert why in str(refused.value)


def test_aliases_are_not_expanded() -> None:
    laughs = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    assert add_item(f"{laughs}repos: []\n", "repos", ITEM) == f"{laughs}repos: [{IN_FLOW}]\n"


LEAVES = st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=20)
VALUES = st.recursive(
    LEAVES, lambda deeper: st.lists(deeper, max_size=3) | st.dictionaries(st.text(max_size=5), deeper, max_size=3)
)


@given(
    repos=st.lists(VALUES, max_size=3),
    more=st.dictionaries(st.text(max_size=5).filter(lambda key: key != "repos"), VALUES, max_size=2),
    flow=st.sampled_from([None, True, False]),
    indent=st.integers(2, 6),
    style=st.sampled_from([None, '"', "|", ">"]),
    comments=st.booleans(),
    last=st.booleans(),
)
def test_any_list_gets_one_item_more_and_keeps_its_lines(
    repos: list[Any],
    more: dict[str, Any],
    flow: bool | None,
    indent: int,
    style: str | None,
    comments: bool,
    last: bool,
) -> None:
    whole = {**more, "repos": repos} if last else {"repos": repos, **more}
    text = yaml.safe_dump(
        whole, default_flow_style=flow, indent=indent, default_style=style, sort_keys=False, allow_unicode=True
    )
    if comments:
        text = f"# first\n{text}# last\n"
    added = add_item(text, "repos", ITEM)
    written = yaml.safe_load(text)  # PyYAML does not write every text so that it reads it again
    assert yaml.safe_load(added) == {**written, "repos": [*written["repos"], ITEM]}
    position = 0
    for character in text:  # every character is still there, in order
        position = added.index(character, position) + 1


def test_lines_at_the_end() -> None:
    job = "own:\n  script: [x]\n"
    assert add_lines("a: 1", job) == "a: 1\n\nown:\n  script: [x]\n"
    assert add_lines("", job) == job
    assert add_lines("# nothing\n", job) == f"# nothing\n{job}"
    assert add_lines("a: 1\n# end\n...\n", job) == f"a: 1\n# end\n\n{job}...\n"
    assert add_lines("a: !reference [x, y]\r\n", job) == "a: !reference [x, y]\r\n\r\nown:\r\n  script: [x]\r\n"
    assert add_lines("a: |+\n  kept\n\n", job) == f"a: |+\n  kept\n\n{job}"  # one more empty line would be its text
    for text in ("{a: 1}\n", "- a\n", "  a: 1\n", "just text\n"):
        with pytest.raises(CannotEditError):
            add_lines(text, job)


def test_what_yaml_would_read_otherwise_is_quoted() -> None:
    text = block("repos", {"a": "1.0", "b": "yes", "c": "x: y", "d": "pat-audit==1.0", "e": ["[x]"], "f": True})
    assert yaml.safe_load(text) == {
        "repos": [{"a": "1.0", "b": "yes", "c": "x: y", "d": "pat-audit==1.0", "e": ["[x]"], "f": True}]
    }
