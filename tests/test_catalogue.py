"""The catalogue: strict YAML, every mistake named, checked references, a cache trusted only when ours."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from pat_audit import user_cache
from pat_audit.catalogue import Catalogue, CatalogueError, load_catalogue
from pat_audit.pattern_safety import why_unsafe
from pat_audit.rules_folder import read_folders
from pat_audit.strict_yaml import build
from pat_audit.vocabulary import Library, Recipe, Rule, Service, Shape

RULE = """\
id: XY101
name: some-rule
category: basic-header
message: "{credential} goes to {service}"
why: because
since: 0.1
recipes: do-it
when:
  - facts: {scheme: basic}
    severity: warning
examples:
  - {language: python, good: "x = 1"}
"""
RECIPE = "id: do-it\ntitle: Do it\nsafety: manual\nsteps: [Do it.]\n"
LIBRARY = """\
library: requests
language: python
functions:
  - {names: [requests.get, requests.post], does: request, with: {url: 0, auth: [auth, 2]}, returns: Response}
types:
  - names: Response
    make: {does: client, with: {url: 0}}
values: {requests.last: Response}
"""


def folder(base: Path, **files: str) -> Path:
    """A rules folder under `base`: `checks__a` is checks/a.yaml."""
    for name, text in files.items():
        place = base / (name.replace("__", "/").replace("_", "-") + ".yaml")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return base


def mistakes(base: Path) -> list[str]:
    with pytest.raises(CatalogueError) as caught:
        read_folders([base])
    return [str(mistake).removeprefix(f"{base}/") for mistake in caught.value.mistakes]


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder for each test."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "pat-audit"


def test_a_folder_becomes_frozen_objects(tmp_path: Path) -> None:
    base = folder(tmp_path, checks__a=RULE, recipes__do_it=RECIPE, libraries__python__requests=LIBRARY)
    catalogue = read_folders([base])
    (rule,) = catalogue.rules
    assert (rule.since, rule.recipes, rule.when[0].facts) == ("0.1", ("do-it",), {"scheme": ("basic",)})
    assert catalogue.recipe_by_id["do-it"].steps == ("Do it.",)
    (library,) = catalogue.libraries_of("python")
    assert library.functions[0].roles == {"url": (0,), "auth": ("auth", 2)}
    assert library.types[0].make is not None
    assert library.types[0].make.names == ("Response",)
    assert [catalogue.rule_id(word) for word in ("xy101", "Some-Rule", "XY999")] == ["XY101", "XY101", None]


@pytest.mark.parametrize("written", ["no", "on", "012", "2026-12-01", "1.10", "'~'", '"null"', "0x1F", "1_000"])
def test_text_stays_as_written(written: str) -> None:
    recipe, wrong = build(f"id: {written}\ntitle: t\nsafety: manual\nsteps: [s]", Recipe, "r.yaml")
    assert not wrong
    assert recipe is not None
    assert recipe.id == written.strip("'\"")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id: a\nid: b", "r.yaml:2: id: this key stands here a second time (first on line 1)"),
        ("titel: x", "r.yaml:1: titel: no such key in a recipe; did you mean 'title'?"),
        ("id: a", "r.yaml:1: title: this key is missing: a recipe needs text"),
        (
            "safety: save",
            "r.yaml:1: safety: expected one of safe, unsafe, manual, found 'save'; did you mean 'safe'?",
        ),
        ("id:", "r.yaml:1: id: expected text, found nothing"),
        ("id: [a]", "r.yaml:1: id: expected text, found a list"),
        ("steps: {a: b}", "r.yaml:1: steps: expected a list of text, found keys and values"),
        ("code: [a]", "r.yaml:1: code: expected keys and values, found a list"),
        ("- a", "r.yaml:1: expected the keys of a recipe, found a list"),
        ("steps: &a [x]\nreferences: *a", "anchors and aliases are not supported"),
        (
            "id: !!python/name:os.system x",
            "tags like tag:yaml.org,2002:python/name:os.system have no meaning",
        ),
        ("? [a]\n: b", "a key must be text, found a list"),
        ("id: 'a", "this is not YAML"),
        ("", "the file is empty"),
        ("a: b\n---\nc: d", "this is not YAML"),
        ("[" * 10_000, "this is not YAML"),
        ("[" * 200_000 + "]" * 200_000, "nested too deeply"),
        ("- " * 200_000, "nested too deeply"),
    ],
)
def test_each_mistake_is_named(text: str, message: str) -> None:
    recipe, wrong = build(text, Recipe, "r.yaml")
    assert recipe is None
    assert any(message in str(mistake) for mistake in wrong), [str(mistake) for mistake in wrong]


def test_numbers_and_truth_are_what_was_asked_for() -> None:
    text = "name: a\npattern: a\nkeywords: a\nminimum_entropy: '3'"
    assert "minimum_entropy: expected a number, found '3'" in str(build(text, Shape, "s")[1][0])
    text = "id: a\ntitle: a\nprovider: a\nuser_is_public: yes\nports: [080, 8080]"
    wrong = [str(mistake) for mistake in build(text, Service, "s")[1]]
    assert "s:4: user_is_public: expected true or false, found 'yes'" in wrong
    assert "s:5: ports[0]: expected a whole number, found '080'" in wrong


def test_positions_are_numbers_and_names_are_text() -> None:
    text = "library: l\nlanguage: python\nfunctions: [{names: f, does: same, with: {value: [0, '1', x]}}]"
    library, _ = build(text, Library, "l")
    assert library is not None
    assert library.functions[0].roles["value"] == (0, "1", "x")


def test_mistakes_of_all_files_come_together(tmp_path: Path) -> None:
    folder(tmp_path, checks__a="id: 1", checks__b=RULE + "x: 1\n", cheks__c=RULE)
    (tmp_path / "recipes").mkdir()
    (tmp_path / "recipes/a.yml").touch()
    (tmp_path / "recipes/b.yaml").write_bytes(b"\xff\xfe\xff")
    found = mistakes(tmp_path)
    assert "cheks: this does not belong in a rules folder; did you mean 'checks'?" in found
    assert "recipes/a.yml: rules files end in .yaml: rename it" in found
    assert "checks/a.yaml:1: name: this key is missing: a rule needs text" in found
    assert "checks/b.yaml:13: x: no such key in a rule" in " ".join(found)
    assert any(line.startswith("recipes/b.yaml: this cannot be read as UTF-8 text") for line in found)


def test_references_must_resolve(tmp_path: Path) -> None:
    endpoint = "{name: e, path: /, policy: retired, date: soon}"
    folder(
        tmp_path,
        checks__a=RULE.replace("{service}", "{servce} {0}"),
        checks__b=RULE.replace("XY101", "bad1").replace("do-it", "do-itt"),
        recipes__do_it=RECIPE,
        libraries__python__requests=LIBRARY.replace("returns: Response", "returns: Respons"),
        libraries__java__x="library: x\nlanguage: python\n",
    )
    folder(
        tmp_path,
        services__s=f"id: s\ntitle: S\nprovider: s\nendpoints: [{endpoint}]",
    )
    found = mistakes(tmp_path)
    assert found == ["libraries/java/x.yaml: language: this is 'python', but the file stands under libraries/java/"]
    (tmp_path / "libraries/java/x.yaml").unlink()
    found = mistakes(tmp_path)
    for wanted in [
        "checks/a.yaml: message: there is no {servce} to fill in; did you mean 'service'?",
        "checks/b.yaml: id: 'bad1' is not of the form PAT101",
        "checks/b.yaml: recipes: there is no recipe 'do-itt'; did you mean 'do-it'?",
        "services/s.yaml: endpoints[0].date: 'soon' is not a date of the form 2026-12-01",
    ]:
        assert wanted in found, found
    assert any("'some-rule' is taken by" in line for line in found)
    returns = "libraries/python/requests.yaml: functions[0].returns: there is no type 'Respons'"
    assert f"{returns}; did you mean 'Response'?" in found


@pytest.mark.parametrize(
    "pattern",
    [
        r"x(?:[^{}]{1,400}|[{][^{}]{0,400}[}]){1,8}y",
        "(",
        "(?<=a)b",
        "a(?!b)",
        r"(a)\1",
        "a*?b",
        "a++b",
        "(a+)+b",
        "(a|b*)*c",
        "(x{2,200}y?)*z",
        "a*",
        "",
    ],
)
def test_patterns_that_could_run_away_or_mean_two_things_are_refused(pattern: str) -> None:
    assert why_unsafe(pattern)


@pytest.mark.parametrize(
    ("pattern", "speed"),
    [
        ("[a-z]+:", "quadratic"),
        ("<[^>]*>", "quadratic"),
        ("x(?:a?b?)*c", "exponential"),
        ("[a-z]{1,9000}:", "quadratic"),
    ],
)
def test_a_rules_folder_with_a_pattern_that_runs_away_is_refused(tmp_path: Path, pattern: str, speed: str) -> None:
    (tmp_path / "templates").mkdir()
    text = f"id: slow\nexpressions: ['{pattern}']\nreferences: [{{pattern: '(?P<name>x)', origin: environment}}]\n"
    (tmp_path / "templates" / "slow.yaml").write_text(text)
    with pytest.raises(CatalogueError) as refused:
        load_catalogue([tmp_path], plugins=False, cache=False)
    assert "slow.yaml" in str(refused.value)
    assert "expressions[0]" in str(refused.value)
    assert speed in str(refused.value) or "exponential" in str(refused.value)
    assert "bound" in str(refused.value)


def test_sound_patterns_pass() -> None:
    for pattern in ["[a-z2-7]{52}", "gh[pousr]_[A-Za-z0-9]{36}", "(?:ab){2,4}c+", "x(a|b)+y"]:
        assert why_unsafe(pattern) is None


def test_folders_that_are_no_rules_folders(tmp_path: Path) -> None:
    assert "there is no rules folder here" in mistakes(tmp_path / "none")[0]
    (tmp_path / "empty").mkdir()
    assert "no rules here" in mistakes(tmp_path / "empty")[0]
    with pytest.raises(CatalogueError, match="no rules folder"):
        load_catalogue([tmp_path / "none"], plugins=False)


def small() -> Catalogue:
    rule, wrong = build(RULE.replace("recipes: do-it\n", ""), Rule, "a")
    assert rule is not None, wrong
    return Catalogue(rules=[rule])


def test_a_catalogue_travels_and_is_equal_on_arrival() -> None:
    catalogue = small()
    back = pickle.loads(pickle.dumps(catalogue))
    assert (back.rules, back.digest, back.rule_names) == (
        catalogue.rules,
        catalogue.digest,
        catalogue.rule_names,
    )
    assert Catalogue().digest != catalogue.digest


def test_the_cache_serves_until_a_file_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = folder(tmp_path / "rules", recipes__do_it=RECIPE)
    monkeypatch.setattr("pat_audit.catalogue.builtin_folder", lambda: str(rules))
    first = load_catalogue(plugins=False)
    monkeypatch.setattr("pat_audit.rules_folder.read_folders", lambda folders: pytest.fail("read again"))
    assert load_catalogue(plugins=False).recipes == first.recipes
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("pat_audit.catalogue.builtin_folder", lambda: str(rules))
    (rules / "recipes/do-it.yaml").write_text(RECIPE.replace("Do it.", "Do that."))
    again = load_catalogue(plugins=False)
    assert again.recipes[0].steps == ("Do that.",)
    assert again.digest != first.digest


def test_a_spoilt_cache_is_read_over(tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = folder(tmp_path / "rules", recipes__do_it=RECIPE)
    monkeypatch.setattr("pat_audit.catalogue.builtin_folder", lambda: str(rules))
    load_catalogue(plugins=False)
    (kept,) = own_cache.glob("catalogue-*")
    whole = kept.read_bytes()
    for spoilt in (b"", b"\0", whole[:-9], whole[:400] + b"(((((" + whole[405:], b"(" * 50):
        kept.write_bytes(spoilt)
        assert load_catalogue(plugins=False).recipe_by_id["do-it"]


def test_a_part_of_the_cache_that_is_gone_is_read_again(
    tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = folder(tmp_path / "rules", recipes__do_it=RECIPE)
    monkeypatch.setattr("pat_audit.catalogue.builtin_folder", lambda: str(rules))
    first = load_catalogue(plugins=False)
    (part,) = own_cache.glob("recipes-*")
    for spoilt in (b"", b"of another catalogue", None):
        if spoilt is None:
            part.unlink()
        else:
            part.write_bytes(spoilt)
        kept = load_catalogue(plugins=False)
        assert (kept.digest, kept.recipes) == (first.digest, first.recipes)


def test_installed_rules_are_told_by_their_folders(
    tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pat_audit import catalogue_cache

    for name in catalogue_cache._READERS:
        (tmp_path / name).touch()
    rules = folder(tmp_path / "rules", recipes__do_it=RECIPE)
    monkeypatch.setattr(catalogue_cache, "__file__", str(tmp_path / "catalogue_cache.py"))
    monkeypatch.setattr("pat_audit.catalogue.builtin_folder", lambda: str(rules))
    load_catalogue(plugins=False)
    (rules / "recipes/new.yaml").write_text(RECIPE.replace("do-it", "new"))
    assert load_catalogue(plugins=False).recipe_by_id["new"]
    stamp = catalogue_cache.look([str(rules)])
    assert stamp is not None
    assert not [path for path, _, _ in stamp[1] if path.endswith(".yaml")]


@pytest.mark.skipif(sys.platform == "win32", reason="permission bits")
def test_the_cache_is_private_and_trusted_only_so(own_cache: Path, tmp_path: Path) -> None:
    user_cache.write("thing", b"1")
    assert user_cache.read("thing") == b"1"
    assert own_cache.stat().st_mode & 0o777 == 0o700
    (own_cache / "thing").chmod(0o666)
    assert user_cache.read("thing") is None
    (own_cache / "thing").chmod(0o600)
    own_cache.chmod(0o777)
    assert user_cache.read("thing") is None
    user_cache.write("other", b"1")
    assert not (own_cache / "other").exists()
    own_cache.chmod(0o700)
    (tmp_path / "secret").write_bytes(b"2")
    (own_cache / "thing").unlink()
    (own_cache / "thing").symlink_to(tmp_path / "secret")
    assert user_cache.read("thing") is None


@pytest.mark.skipif(sys.platform == "win32", reason="permission bits")
def test_a_linked_cache_folder_is_not_followed(own_cache: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    own_cache.parent.mkdir()
    own_cache.symlink_to(tmp_path / "elsewhere")
    user_cache.write("thing", b"1")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_no_place_for_a_cache_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (str(tmp_path / "file"), "/proc/nowhere"):
        monkeypatch.setenv("XDG_CACHE_HOME", place)
        user_cache.write("thing", b"1")
        assert user_cache.read("thing") is None
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    assert user_cache.folder() is None
    assert user_cache.read("thing") is None


def test_the_cached_start_imports_no_yaml_and_no_vocabulary(tmp_path: Path) -> None:
    program = (
        "import sys; from pat_audit import catalogue\n"
        f"catalogue.builtin_folder = lambda: {str(tmp_path / 'rules')!r}\n"
        "catalogue.load_catalogue().rule_names\n"
        "print(sorted({'yaml', 'pat_audit.vocabulary', 'importlib.metadata'} & set(sys.modules)))"
    )
    folder(tmp_path / "rules", recipes__do_it=RECIPE)
    here = Path(__file__).parent.parent
    env = {**os.environ, "PYTHONPATH": str(here)}

    def run() -> str:
        return subprocess.run(
            [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True
        ).stdout.strip()

    run()
    assert run() == "[]"


def test_an_installed_package_brings_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site-packages"
    folder(site / "acme_rules" / "more", recipes__acme=RECIPE.replace("do-it", "acme"))
    (site / "acme_rules/__init__.py").touch()
    info = site / "acme-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[pat_audit.rules]\nacme = acme_rules:more\n")
    monkeypatch.syspath_prepend(str(site))
    rules = folder(tmp_path / "rules", recipes__do_it=RECIPE)
    monkeypatch.setattr("pat_audit.catalogue.builtin_folder", lambda: str(rules))
    assert set(load_catalogue().recipe_by_id) == {"do-it", "acme"}
    assert set(load_catalogue().recipe_by_id) == {"do-it", "acme"}
    (info / "entry_points.txt").write_text("[pat_audit.rules]\nacme = gone_rules\n")
    with pytest.raises(CatalogueError, match="entry point acme of acme"):
        load_catalogue(cache=False)
