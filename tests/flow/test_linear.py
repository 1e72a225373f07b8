"""The work that evaluation does grows with the text, never faster: counted in evaluated nodes, not in seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from programs import catalogue, findings

from pat_audit.attribution import names_of
from pat_audit.flow import evaluate
from pat_audit.flow.models import build_models
from pat_audit.flow.program import Program
from pat_audit.judge import Judge
from pat_audit.languages.python import LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from pat_audit.facts import Judgement
    from pat_audit.flow import ir
    from pat_audit.flow.values import Value

START = """\
import base64, os, requests
pat = os.environ["ADO_PAT"]
URL = "https://dev.azure.com/contoso"
"""
END = '\nrequests.get(URL, auth=("", pat))  # still found\n'


class InMemory:
    """Files by path, as the modules of a program."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = files

    def exists(self, path: str) -> bool:
        return path in self._files

    def read(self, path: str) -> bytes | None:
        return self._files.get(path)

    def beside(self, folder: str) -> tuple[str, ...]:
        return tuple(path for path in sorted(self._files) if path.rpartition("/")[0] == folder)

    def named(self, name: str) -> tuple[str, ...]:
        return tuple(path for path in sorted(self._files) if path.rpartition("/")[2].lower() == name)

    def ending(self, *suffixes: str, below: str = "") -> tuple[str, ...]:
        return tuple(path for path in sorted(self._files) if path.endswith(suffixes))


class Counter:
    """Counts what the evaluator does for the files of one program."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps = 0
        know = catalogue()
        self._models = build_models(know.libraries, know.commands, know.services, "python")
        original = evaluate.Evaluator.value

        def counted(evaluator: evaluate.Evaluator, expression: ir.Expression) -> Value:
            self.steps += 1
            return original(evaluator, expression)

        monkeypatch.setattr(evaluate.Evaluator, "value", counted)

    def work(self, **texts: str) -> tuple[int, int]:
        """How many expressions were evaluated, and how many acts were seen."""
        files = {f"{name}.py": text.encode() for name, text in texts.items()}
        names = names_of(catalogue())
        program = Program(InMemory(files), LANGUAGE, self._models, lambda name: names.kind(name) is not None)
        self.steps = 0
        seen = sum(len(program.observe_file(path)) for path in files)
        return self.steps, seen


def chain(size: int) -> str:
    """Functions that each call the next."""
    body = [f"def f{n}(pat):\n    return f{n + 1}(pat)" for n in range(size)]
    return "\n".join([*body, f'def f{size}(pat):\n    return requests.get(URL, auth=("", pat))', "f0(pat)"])


def fan(size: int) -> str:
    """Functions that each call the next twice."""
    body = [f"def f{n}(pat):\n    return f{n + 1}(pat) or f{n + 1}(pat)" for n in range(size)]
    return "\n".join([*body, f'def f{size}(pat):\n    return "Basic " + pat', "f0(pat)"])


def callables(size: int) -> str:
    """Functions that each hand a function on to the next and call it."""
    body = [f"def f{n}(g, pat):\n    g(pat)\n    return f{n + 1}(g, pat)" for n in range(size)]
    given = [f"def g{n}(x): return x\nf0(g{n}, pat)" for n in range(size)]
    return "\n".join([*body, f"def f{size}(g, pat):\n    return g(pat)", *given])


PROGRAMS: dict[str, Callable[[int], str]] = {
    "calls in a chain": chain,
    "calls that fan out": fan,
    "callables handed on": callables,
    "recursion": lambda size: "\n".join(f"def f{n}(x):\n    return f{n}(x + '-')" for n in range(size)),
    "mutual recursion": lambda size: "\n".join(
        f"def f{n}(x):\n    return [f0(x) for _ in range(9)] + f{(n + 1) % size}(x)" for n in range(size)
    ),
    "dictionary": lambda size: "d = {" + ", ".join(f'"k{n}": pat' for n in range(size)) + "}",
    "dictionary of new keys": lambda size: "d = {}\n" + "\n".join(f'd["k{n}"] = pat' for n in range(size)),
    "one key set again": lambda size: "d = {}\n" + "\n".join(f'd["k"] = pat + "{n}"' for n in range(size)),
    "list": lambda size: "x = []\n" + "\n".join(f"x.append(pat + str({n}))" for n in range(size)),
    "concatenation": lambda size: "x = " + " + ".join(["pat", *[f'"{n}"' for n in range(size)]]),
    "text that grows": lambda size: 'x = ""\n' + "x = x + pat\n" * size,
    "text that grows in place": lambda size: 'x = ""\n' + "x += pat + '-'\n" * size,
    "text that doubles": lambda size: "x = pat\n" + "x = x + x\n" * size,
    "encoding that doubles": lambda size: "x = pat\n" + "x = base64.b64encode((x + x).encode()).decode()\n" * size,
    "format that doubles": lambda size: "x = pat\n" + 'x = f"{x}:{x}"\n' * size,
    "pair that doubles": lambda size: "x = pat\n" + "x = (x, x)\n" * size,
    "branches in a row": lambda size: "x = ''\n" + "".join(f"if a{n}:\n    x = x + pat\n" for n in range(size)),
    "branches of one statement": lambda size: (
        "if a:\n    x = pat\n" + "".join(f"elif a{n}:\n    x = pat + '{n}'\n" for n in range(size))
    ),
    "choices": lambda size: "x = pat\n" + "".join(f"x = (x + '{n}') if a else (x + '-')\n" for n in range(size)),
    "or": lambda size: "x = pat" + "".join(f" or os.environ['A{n}']" for n in range(size)),
    "loops in a row": lambda size: "x = ''\n" + "for n in range(9):\n    x = x + pat\n" * size,
    "classes that derive": lambda size: (
        "class C0:\n    pat = pat\n"
        + "".join(f"class C{n + 1}(C{n}):\n    def m(self): return self.pat\n" for n in range(size))
    ),
    "attributes": lambda size: (
        "class C:\n" + "".join(f"    def m{n}(self):\n        self.a{n} = self.a{n + 1}\n" for n in range(size))
    ),
    "methods that set one attribute": lambda size: (
        "class C:\n" + "".join(f"    def m{n}(self, x):\n        self.a = self.a + x\n" for n in range(size))
    ),
    "callers of one helper": lambda size: (
        "def call(url, secret):\n    requests.get(url, auth=('', secret))\n" + "call(URL, pat)\n" * size
    ),
    "globals": lambda size: "g = ''\n" + "".join(f"def f{n}():\n    global g\n    g = g + pat\n" for n in range(size)),
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_twice_the_text_is_twice_the_work(program: Callable[[int], str], monkeypatch: pytest.MonkeyPatch) -> None:
    counter = Counter(monkeypatch)
    steps, seen = counter.work(main=START + program(100))
    twice_steps, twice_seen = counter.work(main=START + program(200))
    assert twice_steps <= 2.2 * steps + 50
    assert twice_seen <= 2.2 * seen + 50


def test_a_circle_of_imports_is_walked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def circle(size: int) -> dict[str, str]:
        return {
            f"m{n}": f"from m{(n + 1) % size} import *\nfrom m{(n + 2) % size} import x{n}\nimport os\n"
            f"y{n} = os.environ['ADO_PAT']"
            for n in range(size)
        }

    counter = Counter(monkeypatch)
    steps, seen = counter.work(**circle(20))
    twice_steps, twice_seen = counter.work(**circle(40))
    assert twice_steps <= 2.2 * steps + 50
    assert twice_seen <= 2.2 * seen + 50


LARGE: dict[str, str] = {
    "dictionary of 10,000": PROGRAMS["dictionary"](10_000),
    "concatenation of 1,000": PROGRAMS["concatenation"](1_000),
    "500 branches": PROGRAMS["branches in a row"](500),
    "branch of 500": PROGRAMS["branches of one statement"](500),
    "60 doublings": PROGRAMS["text that doubles"](60),
    "60 doublings of encodings": PROGRAMS["encoding that doubles"](60),
    "300 calls deep": chain(300),
    "100 that fan out": fan(100),
    "union of 500": PROGRAMS["or"](500),
}


@pytest.mark.parametrize("program", LARGE.values(), ids=LARGE)
def test_what_stands_behind_large_code_is_still_found(program: str) -> None:
    found = findings(START + program + END)
    line = (START + program + END).count("\n")
    assert (line, "PAT202", "env:ADO_PAT") in [(each.location.line, each.rule, each.credential) for each in found]


def callers(size: int) -> str:
    """A helper that many methods of a class hand their paths to."""
    helper = """\
import base64, requests
class Base:
    def __init__(self, pat):
        self.pat = pat
    def send(self, path):
        encoded = base64.b64encode((":" + self.pat).encode()).decode()
        return requests.get(f"https://dev.azure.com/contoso/{path}", headers={"Authorization": "Basic " + encoded})
class Client(Base):
"""
    return helper + "\n".join(f'    def m{n}(self):\n        return self.send("_apis/{n}")' for n in range(size))


def test_a_helper_is_not_judged_by_every_pair_of_its_callers(monkeypatch: pytest.MonkeyPatch) -> None:
    judged = 0
    original = Judge._judge

    def counted(*given: Any) -> Judgement:
        nonlocal judged
        judged += 1
        return original(*given)

    monkeypatch.setattr(Judge, "_judge", counted)
    size = 200
    assert any(finding.rule == "PAT201" for finding in findings(callers(size)))
    assert judged < 4 * size
