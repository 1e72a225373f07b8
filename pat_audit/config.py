"""What the user configured: the nearest configuration file, checked key by key, as one frozen object."""

# ruff: noqa: PTH100, PTH109, PTH112, PTH113, PTH118, PTH119, PTH120, PTH123
# os.path throughout: pathlib costs every start several milliseconds.

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pat_audit.boundary import is_within, repository_of
from pat_audit.globs import rebase
from pat_audit.nearest import did_you_mean
from pat_audit.run_report import Problem
from pat_audit.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

OUTPUT_FORMATS = (
    "text", "concise", "json", "json-lines", "sarif", "github", "azure", "gitlab", "junit", "markdown", "csv", "html",
)  # fmt: skip
"""What `--output-format` and `output-format` take; `report` has a renderer for each."""

FILE_NAMES = (".pat-audit.toml", "pat-audit.toml", "pyproject.toml")
"""In one directory the first of these counts; a pyproject.toml only with a [tool.pat-audit] table."""


class ConfigError(Exception):
    """A configuration that cannot be used; the message names the file, the key and what to do."""


@dataclass(frozen=True, slots=True)
class Config:
    """How one run was asked to go. `enabled` holds rule ids once `with_rules` has resolved them.

    `exclude` and the globs of `per_file_ignores` are gitignore patterns relative to the working directory;
    `rules` are folders, `baseline` is a file; `jobs` 0 leaves the number of processes to the scan.
    """

    source: str | None = None
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    fail_on: Severity = Severity.WARNING
    rules: tuple[str, ...] = ()
    respect_foreign_markers: bool = False
    jobs: int = 0
    output_format: str = "text"
    force_exclude: bool = False
    fix: bool = False
    unsafe_fixes: bool = False
    cache: bool = True
    baseline: str | None = None
    enabled: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()

    def ignored_in(self) -> Callable[[str], frozenset[str]]:
        """A function from a display path to the rule ids that `per-file-ignores` takes out of that file."""
        if not self.per_file_ignores:
            return lambda path: frozenset()
        import pathspec

        specs = [(pathspec.GitIgnoreSpec.from_lines([glob]), rules) for glob, rules in self.per_file_ignores]
        return lambda path: frozenset(rule for spec, rules in specs if spec.match_file(path) for rule in rules)


class _Broken(ConfigError):
    """A file that no TOML parser takes."""

    def __init__(self, file: str, trouble: str) -> None:
        super().__init__(f"{file}: {trouble}")
        self.trouble = f"{trouble}; the run went on without its settings"


def load_config(paths: Sequence[str] = (), *, file: str | None = None, isolated: bool = False) -> Config:
    """The configuration of a run over `paths` (files or directories; none means the working directory).

    The nearest file at or above what the paths have in common counts, alone. `file` names it instead;
    `isolated` looks for none. Raises ConfigError for a file that cannot be read or does not fit.
    """
    if isolated:
        return Config()
    if file is not None:
        settings = _settings(file, required=True)
        return _built(file, settings or {})
    folder = _common_folder(paths)
    while True:
        for name in FILE_NAMES:
            candidate = os.path.join(folder, name)
            if os.path.isfile(candidate):
                try:
                    settings = _settings(candidate, required=False)
                except _Broken as error:
                    # the run fails for it, and the defaults still find what there is to find
                    return Config(problems=(Problem(candidate, error.trouble, fatal=True),))
                if settings is not None:
                    built = _built(candidate, settings)
                    _check_baseline(built, candidate)
                    return built
        above = os.path.dirname(folder)
        if above == folder:
            return Config()
        folder = above


def with_rules(
    config: Config,
    rule_names: Mapping[str, str],
    *,
    select: Sequence[str] = (),
    extend_select: Sequence[str] = (),
    ignore: Sequence[str] = (),
) -> Config:
    """`config` with rule words turned into ids and `enabled` filled in.

    `rule_names` maps each known id to its name; the other arguments are the command line's, which win over
    the file's. Raises ConfigError for a word that is no rule.
    """
    source = config.source or "configuration"

    def resolve(words: Iterable[str], where: str) -> tuple[str, ...]:
        return tuple(_rule_id(word, rule_names, where) for word in words)

    asked = resolve(select, "--select")
    chosen = asked or resolve(config.select, f"{source}: select") or tuple(rule_names)
    ignored = set(resolve(config.ignore, f"{source}: ignore"))
    added = resolve(config.extend_select, f"{source}: extend-select")
    demanded = {*asked, *resolve(extend_select, "--extend-select")}
    refused = set(resolve(ignore, "--ignore"))
    enabled = frozenset((({*chosen, *added} - ignored) | demanded) - refused)
    if rule_names and not enabled:
        raise ConfigError(f"{source}: no rule is left to report: select one, or ignore fewer")
    return replace(
        config,
        per_file_ignores=tuple(
            (glob, resolve(rules, f'{source}: per-file-ignores."{glob}"')) for glob, rules in config.per_file_ignores
        ),
        enabled=enabled,
    )


def _rule_id(word: str, rule_names: Mapping[str, str], where: str) -> str:
    if word.upper() in rule_names:
        return word.upper()
    for id, name in rule_names.items():
        if name == word.lower():
            return id
    hint = did_you_mean(word, [*rule_names, *rule_names.values()])
    raise ConfigError(f"{where}: there is no rule {word!r}{hint} (`pat-audit rules list` names them all)")


def _common_folder(paths: Sequence[str]) -> str:
    folders = []
    for path in paths or (".",):
        full = os.path.abspath("." if path == "-" else path)
        folders.append(full if os.path.isdir(full) else os.path.dirname(full))
    try:
        return os.path.commonpath(folders)
    except ValueError:  # on different drives
        return os.getcwd()


def _settings(file: str, *, required: bool) -> dict[str, Any] | None:
    """The table of a configuration file that is ours, or None where a pyproject.toml has none.

    A broken pyproject.toml that never speaks of pat-audit is another tool's trouble and has none either.
    """
    try:
        with open(file, "rb") as stream:
            content = stream.read()
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror or type(error).__name__}") from None
    if not required and os.path.basename(file) == "pyproject.toml" and b"pat-audit" not in content:
        return None
    import tomllib

    try:
        document = tomllib.loads(content.decode())
    except UnicodeDecodeError as error:
        raise _Broken(file, f"is not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    except ValueError as error:  # TOMLDecodeError, and Python's own word on a number of thousands of digits
        raise _Broken(file, f"is not valid TOML: {error}") from None
    except RecursionError:
        raise _Broken(file, "is nested too deeply to be read") from None
    if os.path.basename(file) != "pyproject.toml":
        if "tool" in document:
            raise ConfigError(f"{file}: tool: in this file the keys stand at the top, without [tool.pat-audit]")
        return document
    tool = document.get("tool")
    table = tool.get("pat-audit") if isinstance(tool, dict) else None
    if table is None:
        if required:
            raise ConfigError(f"{file}: has no [tool.pat-audit] table")
        return None
    if not isinstance(table, dict):
        raise ConfigError(f"{file}: tool.pat-audit: expected a table, found {_shown(table)}")
    return table


def _built(file: str, settings: dict[str, Any]) -> Config:
    prefix = "tool.pat-audit." if os.path.basename(file) == "pyproject.toml" else ""
    values: dict[str, Any] = {}
    for key, value in settings.items():
        if key not in _KEYS:
            raise ConfigError(f"{file}: {prefix}{key}: there is no such key{did_you_mean(key, _KEYS)}")
        field, read = _KEYS[key]
        try:
            values[field] = read(value)
        except _Unfit as unfit:
            raise ConfigError(f"{file}: {prefix}{key}{unfit.key}: {unfit}") from None
    folder = os.path.dirname(os.path.abspath(file))
    excluded = (*values.pop("exclude", ()), *values.pop("extend_exclude", ()))
    ignores = values.pop("per_file_ignores", {})
    if "baseline" in values:
        values["baseline"] = os.path.join(folder, values["baseline"])
    here = os.getcwd()
    return Config(
        source=file,
        exclude=tuple(moved for glob in excluded for moved in rebase(glob, folder, here)),
        per_file_ignores=tuple(
            (moved, rules) for glob, rules in ignores.items() for moved in rebase(glob, folder, here)
        ),
        rules=tuple(os.path.join(folder, name) for name in values.pop("rules", ())),
        **values,
    )


def _check_baseline(config: Config, file: str) -> None:
    """Raise ConfigError where a configuration that nobody named has a baseline outside of its repository."""
    folder = os.path.dirname(os.path.abspath(file))
    home = os.path.realpath(repository_of(folder) or folder)
    if config.baseline is not None and not is_within(os.path.realpath(config.baseline), home):
        raise ConfigError(f"{file}: baseline: lies outside of {home}; name it on the command line, with --baseline")


class _Unfit(Exception):
    """A value of the wrong type: what was expected, and the further key it stands under."""

    def __init__(self, message: str, key: str = "") -> None:
        super().__init__(message)
        self.key = key


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:60]}…"


def _words(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _Unfit(f"expected a list of text, found {_shown(value)}")
    for place, each in enumerate(value):
        if not isinstance(each, str) or not each:
            raise _Unfit(f"expected text, found {_shown(each)}", f"[{place}]")
    return tuple(value)


def _ignores(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise _Unfit(f"expected a table from globs to rules, found {_shown(value)}")
    read = {}
    for glob, rules in value.items():
        try:
            read[glob] = _words(rules)
        except _Unfit as unfit:
            raise _Unfit(str(unfit), f'."{glob}"{unfit.key}') from None
    return read


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise _Unfit(f"expected text, found {_shown(value)}")
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise _Unfit(f"expected true or false, found {_shown(value)}")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 1024:
        raise _Unfit(f"expected a whole number from 0 (choose for me) to 1024, found {_shown(value)}")
    return value


def _one_of(choices: Iterable[str]) -> Callable[[object], str]:
    known = tuple(choices)

    def read(value: object) -> str:
        if value not in known:
            hint = did_you_mean(value, known) if isinstance(value, str) else ""
            raise _Unfit(f"expected one of {', '.join(known)}, found {_shown(value)}{hint}")
        return str(value)

    return read


def _severity(value: object) -> Severity:
    return Severity(_one_of(severity.value for severity in Severity)(value))


_KEYS: dict[str, tuple[str, Callable[[object], Any]]] = {
    "select": ("select", _words),
    "extend-select": ("extend_select", _words),
    "ignore": ("ignore", _words),
    "exclude": ("exclude", _words),
    "extend-exclude": ("extend_exclude", _words),
    "per-file-ignores": ("per_file_ignores", _ignores),
    "fail-on": ("fail_on", _severity),
    "rules": ("rules", _words),
    "respect-foreign-markers": ("respect_foreign_markers", _truth),
    "jobs": ("jobs", _count),
    "output-format": ("output_format", _one_of(OUTPUT_FORMATS)),
    "force-exclude": ("force_exclude", _truth),
    "fix": ("fix", _truth),
    "unsafe-fixes": ("unsafe_fixes", _truth),
    "baseline": ("baseline", _text),
}
