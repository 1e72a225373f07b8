"""What the documents say is so: pages are up to date, commands, options and settings exist, links lead somewhere."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click import Choice, Group
from click.testing import CliRunner

from pat_audit.catalogue import load_catalogue
from pat_audit.cli import main
from pat_audit.config import _KEYS, OUTPUT_FORMATS, load_config, with_rules
from pat_audit.rule_pages import folder_of_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click import Command

CHECKOUT = Path(__file__).parent.parent
DOCUMENTS = [CHECKOUT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")]
DOCUMENTS += sorted((CHECKOUT / "docs").glob("*.md"))
_FENCE = re.compile(r"^ *```(\S*)[^\n]*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)(#[^)\s]*)?\)")
_OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")


def read(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def fences(language: str) -> list[tuple[str, str]]:
    """The document and text of every fenced block in a language."""
    return [(each.name, text) for each in DOCUMENTS for name, text in _FENCE.findall(read(each)) if name == language]


def commands(group: Group, name: str = "") -> Iterator[tuple[str, Command]]:
    for word, command in group.commands.items():
        yield f"{name}{word}", command
        if isinstance(command, Group):
            yield from commands(command, f"{name}{word} ")


COMMANDS = dict(commands(main))
OPTIONS = {name: {option for each in command.params for option in each.opts} for name, command in COMMANDS.items()}
EVERYWHERE = {"-h", "--help", "--version"}
NOT_OURS = {"--filter"}  # of git


def calls(text: str) -> Iterator[str]:
    """Every `pat-audit …` that a document says to run: in code spans, in fenced blocks and in indented lines."""
    unfenced = _FENCE.sub("", text)
    lines = [line for _, block in _FENCE.findall(text) for line in block.replace("\\\n", " ").splitlines()]
    lines += [line for line in unfenced.splitlines() if line.startswith("    ")]
    lines = [re.sub(r"(^|\s)#.*", "", line) for line in lines]
    prose = "\n".join(line for line in unfenced.splitlines() if not line.startswith("    "))
    for line in [*re.findall(r"`([^`\n]+)`", prose), *lines]:
        for found in re.finditer(r"(?:^|[\s/|&;-])(?<!id: )(?<!name: )pat-audit ([^`|&>;)]+)", line):
            yield found[1].strip()


def test_rule_pages_are_up_to_date() -> None:
    folder = CHECKOUT / "docs/rules"
    made = folder_of_pages(load_catalogue(plugins=False, cache=False))
    there = {each.name: read(each) for each in folder.iterdir()}
    stale = [name for name in {**made, **there} if made.get(name) != there.get(name)]
    assert not stale, "run `pat-audit rules docs docs/rules`"


def test_the_command_writes_the_pages_and_says_which_are_stale(tmp_path: Path) -> None:
    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["rules", "docs", str(tmp_path / "pages"), *words])
        return done.exit_code, done.output

    assert run() == (0, "")
    assert run("--check") == (0, "")
    pages = tmp_path / "pages"
    (pages / "PAT201.md").write_text("old")
    (pages / "PAT000.md").write_text(read(pages / "PAT202.md"))  # a page of a rule that is no more
    (pages / "own.md").write_text("mine")
    code, said = run("--check")
    assert code == 1
    assert re.findall(r"PAT\d+", said) == ["PAT000", "PAT201"]
    assert run() == (0, "")
    assert run("--check") == (0, "")
    assert not (pages / "PAT000.md").exists()
    assert read(pages / "own.md") == "mine"


def test_prose_keeps_its_angle_brackets() -> None:
    page = folder_of_pages(load_catalogue(plugins=False, cache=False))["PAT101.md"]
    assert "https://dev.azure.com/\\<org>/" in _FENCE.sub("", page)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: each.name)
def test_commands_and_options_exist(document: Path) -> None:
    wrong = []
    for call in calls(read(document)):
        words = call.split()
        name = " ".join(words[:2]) if " ".join(words[:2]) in COMMANDS else words[0]
        known = OPTIONS.get(name, set()) | EVERYWHERE
        if name not in COMMANDS and not name.startswith(("[", "-")):
            wrong.append(f"there is no command {name!r}: {call}")
        wrong += [f"there is no option {each}: {call}" for each in _OPTION.findall(call) if each not in known]
    anywhere = set().union(*OPTIONS.values()) | EVERYWHERE
    for span in re.findall(r"`(--[a-z][^`\n]*)`", _FENCE.sub("", read(document))):
        wrong += [f"there is no option {each}" for each in _OPTION.findall(span) if each not in anywhere | NOT_OURS]
    assert not wrong


def test_calls_are_found() -> None:
    text = "`pat-audit check --nope`\n\n    x | pat-audit rules chekc  # pat-audit x\n```\npat-audit init -y\n```\n"
    assert list(calls(text)) == ["check --nope", "init -y", "rules chekc"]


def test_the_readme_shows_the_help_as_it_is() -> None:
    (shown,) = [text for document, text in fences("text") if document == "README.md" and text.startswith("Usage: ")]
    assert shown == CliRunner().invoke(main, ["--help"], prog_name="pat-audit", terminal_width=100).output


def test_the_readme_names_every_format() -> None:
    (table,) = re.findall(
        r"^\| `--output-format` \|.*\n\|[- |]+\n((?:\|.*\n)+)", read(CHECKOUT / "README.md"), re.MULTILINE
    )
    named = [name for row in table.splitlines() for name in re.findall(r"`([\w-]+)`", row.split("|")[1])]
    assert sorted(named) == sorted(OUTPUT_FORMATS)


def test_every_option_says_what_it_does() -> None:
    for name, command in COMMANDS.items():
        assert command.help, name
        for parameter in command.params:
            if parameter.param_type_name == "option":
                assert getattr(parameter, "help", None), f"{name} {parameter.opts}"
            if isinstance(parameter.type, Choice) and parameter.param_type_name == "argument":
                assert all(choice in command.help for choice in parameter.type.choices), name


def test_settings_are_described_and_their_examples_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    described = re.findall(r"^\| (`[a-z`, -]+) \|", read(CHECKOUT / "docs/configuration.md"), re.MULTILINE)
    assert sorted(key for keys in described for key in re.findall(r"`([a-z-]+)`", keys)) == sorted(_KEYS)
    monkeypatch.chdir(tmp_path)
    examples = [text for _, text in fences("toml")]
    assert len(examples) == 2
    names = load_catalogue(plugins=False).rule_names
    for text in examples:
        assert set(tomllib.loads(text)["tool"]) == {"pat-audit"}
        Path("pyproject.toml").write_text(text)
        settings = with_rules(load_config(), names)
        assert settings.source
        assert settings.enabled < set(names)


def test_links_lead_somewhere() -> None:
    for document in [*DOCUMENTS, *(CHECKOUT / "docs/rules").glob("*.md")]:
        for place, _ in _LINK.findall(_FENCE.sub("", read(document))):
            assert (document.parent / place).exists(), f"{document.name}: {place}"
    index = set(_LINK.findall(read(CHECKOUT / "docs/README.md")))
    assert {each.name for each in (CHECKOUT / "docs").glob("*.md")} <= {name for name, _ in index} | {"README.md"}
