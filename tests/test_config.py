"""The configuration: which file counts, what each key takes, and what is said of a mistake."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pat_audit.config import Config, ConfigError, load_config, with_rules
from pat_audit.discover import excluder
from pat_audit.globs import rebase
from pat_audit.model import Severity

if TYPE_CHECKING:
    from pathlib import Path

RULES = {"PAT101": "hardcoded-pat", "PAT201": "hand-built-basic-header", "PAT501": "pat-env-usage"}


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_nothing_configured(tree: Path) -> None:
    assert load_config() == Config() == load_config(["missing/file.py", "-"])


def test_the_nearest_file_counts_alone(tree: Path) -> None:
    (tree / "pyproject.toml").write_text("[tool.pat-audit]\nfail-on = 'note'\njobs = 3\n")
    sub = tree / "a/b"
    sub.mkdir(parents=True)
    (tree / "a/pyproject.toml").write_text("[project]\nname = 'x'\n")
    (sub / "x.py").touch()
    assert load_config(["a/b/x.py"]).source == str(tree / "pyproject.toml")
    (tree / "a/pat-audit.toml").write_text("fail-on = 'error'\n")
    near = load_config(["a/b/x.py"])
    assert (near.source, near.fail_on, near.jobs) == (str(tree / "a/pat-audit.toml"), Severity.ERROR, 0)
    assert load_config(["a/b/x.py", "."]).fail_on is Severity.NOTE
    (tree / "a/.pat-audit.toml").touch()
    assert load_config(["a/b"]).source == str(tree / "a/.pat-audit.toml")
    assert load_config(["a/b"], isolated=True) == Config()
    assert load_config(["a/b"], file="pyproject.toml").jobs == 3


def test_every_key(tree: Path) -> None:
    (tree / "pat-audit.toml").write_text(
        """
        select = ["PAT101", "pat-env-usage"]
        extend-select = ["pat201"]
        ignore = ["PAT501"]
        exclude = ["vendor/"]
        extend-exclude = ["*.min.js"]
        fail-on = "error"
        rules = ["my/rules"]
        respect-foreign-markers = true
        jobs = 4
        output-format = "sarif"
        force-exclude = true
        [per-file-ignores]
        "tests/**" = ["hardcoded-pat"]
        """
    )
    config = with_rules(load_config(), RULES)
    assert config.enabled == {"PAT101", "PAT201"}
    assert config.exclude == ("vendor/", "*.min.js")
    assert config.rules == (str(tree / "my/rules"),)
    assert (config.fail_on, config.jobs, config.output_format) == (Severity.ERROR, 4, "sarif")
    assert config.respect_foreign_markers
    assert config.force_exclude
    ignored = config.ignored_in()
    assert ignored("tests/a/b.py") == {"PAT101"}
    assert ignored("src/tests.py") == frozenset()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "ignroe = []",
            "pyproject.toml: tool.pat-audit.ignroe: there is no such key; did you mean 'ignore'?",
        ),
        ("per_file_ignores = {}", "did you mean 'per-file-ignores'?"),
        ("select = 'PAT101'", "tool.pat-audit.select: expected a list of text, found 'PAT101'"),
        ("select = ['a', 1]", "tool.pat-audit.select[1]: expected text, found 1"),
        ("jobs = true", "tool.pat-audit.jobs: expected a whole number"),
        ("jobs = -1", "tool.pat-audit.jobs: expected a whole number"),
        ("fail-on = 'warn'", "expected one of error, warning, note, found 'warn'; did you mean 'warning'?"),
        ("output-format = ['json']", "expected one of text, concise, json"),
        ("respect-foreign-markers = 'yes'", "expected true or false, found 'yes'"),
        ("per-file-ignores = {'*.py' = 'PAT101'}", 'per-file-ignores."*.py": expected a list of text'),
        ("per-file-ignores = []", "expected a table from globs to rules"),
    ],
)
def test_a_mistake_names_file_key_and_what_was_expected(tree: Path, text: str, message: str) -> None:
    (tree / "pyproject.toml").write_text(f"[tool.pat-audit]\n{text}\n")
    with pytest.raises(ConfigError) as caught:
        load_config()
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(tree / "pyproject.toml"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"# pat-audit\n\xff\xfe", "is not UTF-8 text"),
        (b"pat-audit = " + b"[" * 100_000, "nested too deeply"),
        (b"[tool.pat-audit]\n[tool.x\n", "is not valid TOML"),
        (b"[tool.pat-audit]\nselect = [", "is not valid TOML: Invalid value (at end of document)"),
        (b"[tool.pat-audit]\nselect = []\nselect = []", "Cannot overwrite a value"),
    ],
)
def test_a_broken_pyproject_is_named_and_costs_nothing_else(tree: Path, data: bytes, message: str) -> None:
    (tree / "pyproject.toml").write_bytes(data)
    config = load_config()
    (problem,) = config.problems
    assert problem.path == str(tree / "pyproject.toml")
    assert problem.fatal
    assert message in problem.message
    assert replace(config, problems=()) == Config()
    assert load_config(isolated=True) == Config()
    with pytest.raises(ConfigError, match=r"pyproject\.toml"):
        load_config(file="pyproject.toml")


def test_a_table_must_be_one(tree: Path) -> None:
    (tree / "pyproject.toml").write_bytes(b"[tool]\npat-audit = 3")
    with pytest.raises(ConfigError, match=r"tool\.pat-audit: expected a table, found 3"):
        load_config()


def test_a_broken_pyproject_that_never_speaks_of_us_is_left_alone(tree: Path) -> None:
    (tree / "pyproject.toml").write_bytes(b"[tool.x\n\xff")
    assert load_config() == Config()
    with pytest.raises(ConfigError, match=r"pyproject\.toml: is not UTF-8 text"):
        load_config(file="pyproject.toml")


def test_a_named_file_must_serve(tree: Path) -> None:
    with pytest.raises(ConfigError, match=r"none.toml: cannot be read: No such file"):
        load_config(file="none.toml")
    (tree / "pyproject.toml").touch()
    with pytest.raises(ConfigError, match=r"has no \[tool.pat-audit\] table"):
        load_config(file="pyproject.toml")
    (tree / "pat-audit.toml").write_text("[tool.pat-audit]")
    with pytest.raises(ConfigError, match="the keys stand at the top"):
        load_config()


def test_the_command_line_wins() -> None:
    config = Config(source="c.toml", select=("PAT101",), ignore=("PAT201",))
    assert with_rules(config, RULES).enabled == {"PAT101"}
    assert with_rules(config, RULES, select=["PAT201"]).enabled == {"PAT201"}
    assert with_rules(config, RULES, extend_select=["pat201", "PAT501"]).enabled == set(RULES)
    assert with_rules(Config(), RULES, ignore=["hardcoded-pat"]).enabled == {"PAT201", "PAT501"}
    with pytest.raises(ConfigError, match="no rule is left"):
        with_rules(config, RULES, ignore=["hardcoded-pat"])
    assert with_rules(Config(), RULES).enabled == set(RULES)


def test_an_unknown_rule_is_named_with_its_place_and_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r"^c.toml: select: there is no rule 'PAT110'; did you mean 'PAT101'\?"):
        with_rules(Config(source="c.toml", select=("PAT110",)), RULES)
    with pytest.raises(ConfigError, match=r"^--ignore: there is no rule 'hardcoded-pta'; did you mean 'hardcoded-pat'"):
        with_rules(Config(), RULES, ignore=["hardcoded-pta"])
    with pytest.raises(ConfigError, match=r'per-file-ignores."\*.py": there is no rule'):
        with_rules(Config(per_file_ignores=(("*.py", ("x",)),)), RULES)


@pytest.mark.parametrize(
    ("glob", "origin", "here", "inside", "outside"),
    [
        ("vendor/", "/r", "/r", "vendor/a.py", "a.py"),
        ("sub/gen", "/r", "/r/sub", "gen/a.py", "other/gen/a.py"),
        ("/sub/*/gen", "/r", "/r/sub/x", "gen/a.py", "y/gen/a.py"),
        ("**/gen/*.py", "/r", "/r/sub", "deep/gen/a.py", "deep/a.py"),
        ("a/**/gen", "/r", "/r/a/b", "gen/a.py", "c/a.py"),
        ("*.min.js", "/r", "/r/sub", "x/y.min.js", "y.js"),
        ("sub", "/r", "/r/sub", "", "a.py"),
        ("sub/", "/r", "/r/sub/x", "", "a.py"),
        ("/sub/", "/r", "/r/sub/x", "a.py", ""),
        ("other/gen", "/r", "/r/sub", "", "gen/a.py"),
        ("gen/", "/r/sub", "/r", "sub/x/gen/a.py", "gen/a.py"),
        ("/gen", "/r/sub", "/r", "sub/gen/a.py", "sub/x/gen/a.py"),
    ],
)
def test_patterns_move_with_the_directory(glob: str, origin: str, here: str, inside: str, outside: str) -> None:
    excluded = excluder(rebase(glob, origin, here))
    assert not inside or excluded(inside)
    assert not outside or not excluded(outside)
