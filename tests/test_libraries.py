"""`rules/libraries/`: it loads, it agrees with itself, and with the libraries that it is about."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import re
import sys
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pat_audit.rules_folder import read_entries
from pat_audit.strict_yaml import build
from pat_audit.vocabulary import Command, CommandLibrary, Effect, Library

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES = Path(__file__).parent.parent / "rules"
PYTHON = sorted((RULES / "libraries" / "python").glob("*.yaml"))
LANGUAGES = [name for name in ("python", "java", "kotlin", "groovy") if (RULES / "libraries" / name).is_dir()]
COMMANDS = sorted((RULES / "libraries" / "command").glob("*.yaml"))

ROLES = {
    *("url", "base_url", "host", "headers", "header", "auth", "user", "password", "token", "userinfo"),
    *("method", "params", "data", "cookies"),
    *("value", "name", "default", "variable", "target", "template", "separator", "parts", "pairs", "old", "new"),
    *("function", "command", "program", "arguments", "input", "environment", "option", "codec", "handlers"),
    *("scheme", "netloc", "path", "port", "query", "parameters"),
}
ORIGINS = {
    *("environment", "option", "config", "prompt", "keyring", "vault", "file", "secret-store"),
    *("entra", "job", "request", "database"),
}
SIGN_IN = {"script", "basic", "digest", "negotiate", "ntlm", "bearer", "pat", "oauth", "token", "ropc"}
ENCODINGS = {"base64", "base64-wrapped", "base64-url", "percent", "hex", "utf-16", "length"}

# Names of Python 2 and of earlier versions of the standard library.
OLDER = {
    *("base64.encodestring", "base64.decodestring", "os.spawnvpe", "builtins.unicode", "builtins.file"),
    *("builtins.raw_input", "urllib.quote", "urllib.quote_plus", "urllib.unquote", "urllib.unquote_plus"),
    *("urllib.urlencode", "urllib.urlopen", "urllib.urlretrieve", "configparser.SafeConfigParser"),
    "getpass.win_getpass",
}


def read(path: Path) -> Library:
    """A file of rules/libraries/<language>/, read strictly."""
    library, mistakes = build(path.read_text(encoding="utf-8"), Library, path.name)
    assert not mistakes
    assert library is not None
    return library


def read_commands(path: Path) -> CommandLibrary:
    """A file of rules/libraries/command/, read strictly."""
    library, mistakes = build(path.read_text(encoding="utf-8"), CommandLibrary, path.name)
    assert not mistakes
    assert library is not None
    return library


def effects(library: Library) -> Iterator[Effect]:
    """Every row of a file."""
    yield from library.functions
    for type_ in library.types:
        if type_.make is not None:
            yield type_.make
        yield from type_.methods


def _named(library: Library) -> Iterator[str]:
    for function in library.functions:
        yield from (name for name in function.names if not name.startswith("*"))
    for type_ in library.types:
        yield from type_.names


@pytest.fixture(scope="module", params=LANGUAGES)
def libraries(request: pytest.FixtureRequest) -> list[Library]:
    """The files of one language."""
    return [read(path) for path in sorted((RULES / "libraries" / request.param).glob("*.yaml"))]


@pytest.fixture(scope="module")
def commands() -> list[Command]:
    return [command for path in COMMANDS for command in read_commands(path).commands]


def test_every_file_loads() -> None:
    assert PYTHON
    assert COMMANDS
    _, mistakes = read_entries([RULES])
    assert [str(mistake) for mistake in mistakes if "libraries" in mistake.file] == []


def test_a_name_is_modelled_once(libraries: list[Library]) -> None:
    functions = Counter(name for library in libraries for row in library.functions for name in row.names)
    types = Counter(name for library in libraries for type_ in library.types for name in type_.names)
    assert [name for name, times in (functions + types).items() if times > 1 and "builtins" not in name] == []
    assert [name for name, times in functions.items() if times > 1] == []
    assert [name for name, times in types.items() if times > 1] == []
    ids = Counter(library.library for library in libraries)
    assert [name for name, times in ids.items() if times > 1] == []


def test_methods_of_a_type_are_modelled_once(libraries: list[Library]) -> None:
    for library in libraries:
        for type_ in library.types:
            names = Counter(name for method in type_.methods for name in method.names)
            assert [name for name, times in names.items() if times > 1] == [], type_.names


def test_types_that_are_referred_to_exist(libraries: list[Library]) -> None:
    known = {type_.names[0] for library in libraries for type_ in library.types}
    for library in libraries:
        wanted = {effect.returns for effect in effects(library)} - {""}
        wanted |= set(library.values.values())
        wanted |= {base for type_ in library.types for base in type_.bases}
        assert wanted <= known, library.library


def test_words_are_known_ones(libraries: list[Library]) -> None:
    for library in libraries:
        for effect in effects(library):
            where = (library.library, effect.names)
            assert set(effect.roles) | set(effect.constants) <= ROLES, where
            assert effect.origin in ORIGINS | {""}, where
            schemes = ENCODINGS if effect.does in ("encode", "decode", "format") else SIGN_IN
            assert effect.scheme in schemes | {""}, where
            if effect.does in ("encode", "decode"):
                assert effect.scheme or "codec" in effect.roles, where
            if effect.does in ("read", "declare"):
                assert effect.origin, where
            if effect.does == "authenticate":
                assert effect.scheme, where
            if effect.does == "option":
                assert set(effect.choices.values()) <= ROLES, where
        for type_ in library.types:
            parts = {role.removeprefix("url.") for role in type_.attributes.values()}
            assert parts <= ROLES | {"userinfo"}, type_.names
            assert type_.item in ORIGINS | {""}, type_.names


def test_anchors_stand_in_whatever_uses_the_library(libraries: list[Library]) -> None:
    for library in libraries:
        for name in _named(library):
            if library.library != "builtins":
                stands = any(re.search(rf"\b{re.escape(anchor)}\b", name) for anchor in library.anchors)
                assert stands, (library.library, name)


# --- against the libraries themselves --------------------------------------------------


def resolve(name: str) -> Any:
    """The object of that qualified name; None where its package is not installed.

    Raises LookupError where the package has nothing of that name.
    """
    parts = name.split(".")
    try:
        if importlib.util.find_spec(parts[0]) is None:
            return None
    except (ImportError, ValueError):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for length in range(len(parts), 0, -1):
            try:
                found = importlib.import_module(".".join(parts[:length]))
            except Exception:
                continue
            for part in parts[length:]:
                found = getattr(found, part, None)  # type: ignore[assignment]
                if found is None:
                    raise LookupError(name)
            return found
    return None


def parameters(callable_: Any, method: bool) -> list[inspect.Parameter] | None:
    """The parameters of a callable, the receiver not counted; None where they cannot be told."""
    try:
        found = list(inspect.signature(callable_).parameters.values())
    except (TypeError, ValueError):
        return None
    bound = inspect.ismethod(callable_) or not method
    return found if bound else found[1:]


def disagreements(effect: Effect, found: list[inspect.Parameter]) -> Iterator[str]:
    """Where a row's positions and keywords are not those of the callable."""
    kinds = {parameter.kind for parameter in found}
    positional = [
        parameter.name
        for parameter in found
        if parameter.kind in (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    ]
    names = {parameter.name for parameter in found}
    open_ended = inspect.Parameter.VAR_POSITIONAL in kinds
    for role, places in effect.roles.items():
        numbers = [place for place in places if isinstance(place, int)]
        words = [place for place in places if isinstance(place, str) and place not in ("receiver", "*")]
        here = [word for word in words if word in names]
        if numbers and not open_ended and min(numbers) >= len(positional):
            yield f"{role}: there is no argument {min(numbers)}"
        if words and not numbers and not here and inspect.Parameter.VAR_KEYWORD not in kinds:
            yield f"{role}: there is no {' or '.join(words)}"
        placed = [positional.index(word) for word in here if word in positional]
        if numbers and placed and not set(numbers) & set(placed):
            yield f"{role}: {', '.join(here)} stands at {placed}, not at {numbers}"


def rows(library: Library) -> Iterator[tuple[str, str, Effect]]:
    """Each row under each of its names: of its function or type, of its method if any, and the row."""
    for effect in library.functions:
        yield from ((name, "", effect) for name in effect.names if not name.startswith("*"))
    for type_ in library.types:
        for name in type_.names:
            if type_.make is not None:
                yield name, "", type_.make
            for method in type_.methods:
                yield from ((name, called, method) for called in method.names)


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: path.stem)
def test_positions_and_keywords_are_those_of_the_library(path: Path) -> None:
    library = read(path)
    wrong = []
    compared = 0
    for name, method, effect in rows(library):
        try:
            found = resolve(name)
        except LookupError:
            continue
        if method:
            found = getattr(found, method, None) if inspect.isclass(found) else None
        if not callable(found):
            continue
        known = parameters(found, bool(method))
        if known is not None:
            compared += 1
            wrong += [f"{name}.{method}: {problem}" for problem in disagreements(effect, known)]
    assert wrong == []
    if not compared:
        pytest.skip("nothing of it is installed here")


def test_names_of_the_standard_library_are_its_own(libraries: list[Library]) -> None:
    lacking = []
    for library in libraries:
        for name in _named(library) if library.language == "python" else ():
            if name.partition(".")[0] in sys.stdlib_module_names and name not in OLDER:
                try:
                    resolve(name)
                except LookupError:
                    lacking.append(name)
    assert lacking == []


def test_a_wrong_position_would_be_seen() -> None:
    def get(url: str, params: object = None, *, headers: object = None) -> None: ...

    known = parameters(get, False)
    assert known is not None

    def told(**roles: tuple[int | str, ...]) -> list[str]:
        return list(disagreements(Effect(("get",), "request", roles), known))

    assert told(url=(0, "url"), headers=("headers",)) == []
    assert told(url=(1, "url"))
    assert told(url=(2,))
    assert told(auth=("auth",))


# --- programs --------------------------------------------------


def test_options_of_a_program_play_one_role(commands: list[Command]) -> None:
    for command in commands:
        carried = Counter(option for options in command.options.values() for option in options)
        assert [option for option, times in carried.items() if times > 1] == [], command.names
        assert not set(carried) & set(command.valued), command.names
        assert all(option.startswith("-") for option in (*carried, *command.valued)), command.names


def test_settings_have_a_place(commands: list[Command]) -> None:
    for command in commands:
        placed = "setting" in command.options or "setting" in command.positions or command.stdin == "settings"
        assert placed == bool(command.settings), command.names
        assert all(key == key.lower() for key in command.settings), command.names


def test_programs_are_found_as_they_are_looked_up(commands: list[Command]) -> None:
    for command in commands:
        assert all(name == name.lower() and "/" not in name for name in command.names), command.names
        assert all(run == run.lower() for run in command.when), command.names


def test_a_more_special_row_comes_before_the_general_one(commands: list[Command]) -> None:
    # rows of one program and subcommand are tried in order: one without a condition ends the search
    ended: set[tuple[str, str]] = set()
    for command in commands:
        for name in command.names:
            for run in command.subcommand or ("",):
                assert (name, run) not in ended, (name, run)
                if not command.when:
                    ended.add((name, run))
