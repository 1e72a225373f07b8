"""The program under evaluation: the files of a repository, loaded when a value leads there."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from pat_audit.flow import access, calls, classes, ir
from pat_audit.flow.combining import is_of, is_open, unknown
from pat_audit.flow.deferral import Deferred, part
from pat_audit.flow.evaluate import Evaluator
from pat_audit.flow.frame import Argument, Frame, Pending, Summary
from pat_audit.flow.handing_over import bind, fill_in, names_of, with_values
from pat_audit.flow.instantiate import Instantiation
from pat_audit.flow.modules import Modules
from pat_audit.flow.values import (
    ClassValue,
    Container,
    External,
    Field,
    FunctionValue,
    Member,
    Method,
    Parameter,
    Site,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pat_audit.flow.language import Files, Language, Layout
    from pat_audit.flow.models import Models
    from pat_audit.flow.observation import Observation
    from pat_audit.flow.printing import Shell
    from pat_audit.flow.values import Text

MAX_STEPS = 10_000  # calls evaluated for one file: about a second
MAX_MODULES = 1_500  # modules held by one program
MAX_NESTING = 40  # functions under evaluation at a time: some ten Python frames each
MAX_SPECIAL = 4  # evaluations of one function for the callables that it is handed
Callables = (External, FunctionValue, ClassValue, Method)


class Program:
    """Evaluates one language's files of a repository; what is learnt of one is kept for the others.

    `files` are those that imports may lead to, by way of `layout` (by default one of the language's own, made anew);
    `is_credential` says whether a name is a credential's.
    """

    def __init__(
        self,
        files: Files,
        language: Language,
        models: Models,
        is_credential: Callable[[str], bool],
        layout: Layout | None = None,
    ) -> None:
        self.language = language
        self.models = models
        self.environment: dict[str, Value] = {}
        self.held: Sequence[Value] = ()
        self.shell_text: Callable[[Shell, Text], tuple[Value | None] | None] | None = None
        self.texts = 0  # that were run
        self.is_credential = is_credential
        self.classes: dict[int, ClassValue] = {}
        self.unreadable: dict[str, str] = {}
        self.cut_short: set[str] = set()  # files from which more follows than is evaluated
        self._observed = ""
        self._steps = 0
        self._files = files
        self._modules: dict[str, Frame | None] = {}
        self._summaries: dict[int, Summary | None] = {}
        self._kept: list[ir.Module] = []  # trees are told apart by identity: they must stay
        self._texts: list[ir.Module] = []  # the same of texts that other programs run
        self._inner: dict[int, list[FunctionValue]] = {}
        self._special: dict[int, dict[tuple[tuple[str, str], ...], Summary]] = {}
        self._nesting = 0
        self._names = Modules(self, layout or language.layout(files), self._module)
        self.led = self._names.led

    def evaluate(self, frame: Frame, statement: ir.Statement) -> None:
        """Evaluate one statement of a module in its frame."""
        Evaluator(self, frame).run((statement,))

    def call(self, frame: Frame, callee: Value, arguments: list[Argument], site: Site) -> Value:
        """What calling `callee` gives; what it does is noted in `frame`."""
        self._steps += 1
        if self._steps > MAX_STEPS:
            self.cut_short.add(self._observed)
            return unknown("", site)
        return calls.call(self, frame, callee, arguments, site)

    def member(self, path: str, name: str) -> Value | None:
        """What module `path` of the repository calls `name`."""
        return self._names.member(path, name)

    def imported(self, importer: str, pending: Pending) -> Value | None:
        """What an import gives; None in a cycle."""
        return self._names.imported(importer, pending)

    def implied(self, name: str, importer: str) -> Value | None:
        """What `name` is where modules see each other without an import."""
        return self._names.implied(name, importer)

    def complete(self, path: str, owner: str, name: str) -> None:
        """Have the modules evaluated that add a member `name` to the class `owner` of module `path`."""
        self._names.complete(path, owner, name)

    def locate(self, module: str, level: int, importer: str) -> str | None:
        """The path of a module of the repository as `importer` names it."""
        return self._names.locate(module, level, importer)

    def observe_file(self, path: str) -> list[Observation]:
        """Everything that the file's code does, its callees' acts filled in with what it hands them."""
        self._observed, self._steps = path, 0
        self.environment = {}
        module = self._module(path)
        if module is None:
            return []
        if module.deferred is not None:
            Evaluator(self, module).run(tuple(module.deferred.rest()))
            module.deferred = None
        return self._observations(module)

    def observe_part(self, tree: ir.Module, environment: dict[str, Value]) -> list[Observation]:
        """Everything that a program written inside another file does, run with these environment variables."""
        self._observed, self._steps = tree.path, 0
        self._kept.append(tree)
        frame = Frame(tree.path, None, id(tree))
        self.environment = environment
        try:
            Evaluator(self, frame).run(tree.body)
            return self._observations(frame)
        finally:
            self.environment = {}

    def run_text(self, tree: ir.Module, environment: dict[str, Value], held: Sequence[Value]) -> Summary | None:
        """What the function comes to that a text of another program was made; `held` are the values in it."""
        before = self.environment, self.held, self._observed, self._steps
        self.environment, self.held, self._observed, self._steps = environment, held, tree.path, 0
        self._texts.append(tree)
        self.texts += 1
        frame = Frame(tree.path, None, id(tree))
        try:
            Evaluator(self, frame).run(tree.body)
            return self.summarise(frame.functions[-1]) if frame.functions else None
        finally:
            self.environment, self.held, self._observed, self._steps = before

    def _observations(self, module: Frame) -> list[Observation]:
        """What a module does, and every function in it."""
        found = list(module.observations)
        known = {id(observation) for observation in found}
        pending = list(module.functions)
        seen: set[int] = set()
        for function in pending:  # in the order of the file, inner ones behind: what sets up mostly stands first
            if function.identity in seen:
                continue
            seen.add(function.identity)
            summary = self.summarise(function)
            found.extend(observation for observation in summary.observations if id(observation) not in known)
            known.update(id(observation) for observation in summary.observations)
            pending.extend(self._inner.get(function.identity, ()))
        return [self._settled(observation) for observation in found]

    def _settled(self, observation: Observation) -> Observation:
        """An observation as it stands without any caller: what the class itself says is filled in."""
        if not (is_open(observation.value) or is_open(observation.url)):
            return observation

        frame = Frame(observation.site.path, None, 0)

        def filled(value: Value | None, with_open: bool) -> Value | None:
            def fill(reference: Parameter | Field) -> Value | None:
                owner = self.classes.get(reference.owner) if isinstance(reference, Field) else None
                if owner is None:
                    return None
                held = classes.field_value(self, owner, reference.name)
                made = None if held is not None else classes.made_with(owner, reference.name)
                return held or (made if with_open or not is_open(made) else None)

            look_up = lambda base, key, at: access.read(self, frame, base, key, at)  # noqa: E731
            return Instantiation(fill, look_up).optional(value)

        # of a credential that whoever makes the object hands in, the field says as much as the parameter
        value = filled(observation.value, with_open=False)
        url = filled(observation.url, with_open=True)
        return with_values(observation, value, url, observation.site, observation.calls)

    # --- modules ---

    def _module(self, path: str) -> Frame | None:
        if path in self._modules:
            return self._modules[path]
        if len(self._kept) >= MAX_MODULES and path != self._observed:
            return None
        self._modules[path] = None
        data = self._files.read(path)
        if data is None:
            return None
        try:
            tree = self.language.lower(path, data)
        except ir.Unreadable as error:
            self.unreadable[path] = str(error)
            return None
        self._kept.append(tree)
        frame = Frame(path, None, id(tree))
        self._modules[path] = frame
        body = tree.body
        if path != self._observed:
            cheap, later = part(body)
            body, frame.deferred = tuple(cheap), Deferred(later)
        Evaluator(self, frame).run(body)
        return frame

    # --- functions ---

    def summarise(self, function: FunctionValue) -> Summary:
        """The function's summary; one that is still being made gives nothing."""
        identity = function.identity
        if identity in self._summaries:
            return self._summaries[identity] or _EMPTY
        if self._nesting >= MAX_NESTING:
            return _EMPTY
        self._summaries[identity] = None
        frame = self._run(function, {})
        self._inner[identity] = list(frame.functions)
        summary = Summary(frame.returned(), frame.observations, frame.writes, frozenset(frame.called))
        self._summaries[identity] = summary
        inside = list(self._inside(function, frame)) if frame.functions and self._nesting < MAX_NESTING else ()
        if inside:
            summary = replace(summary, observations=[*frame.observations, *inside])
            self._summaries[identity] = summary
        return summary

    def _inside(self, function: FunctionValue, frame: Frame) -> Iterator[Observation]:
        """What the functions inside a function do with what the function is handed, whoever calls them."""
        own = {id(observation) for observation in frame.observations}
        self._nesting += 1
        for inner in frame.functions:
            for observation in self.summarise(inner).observations:
                if id(observation) not in own and (
                    is_of(observation.value, function) or is_of(observation.url, function)
                ):
                    own.add(id(observation))
                    yield observation
        self._nesting -= 1

    def _run(self, function: FunctionValue, known: dict[str, Value]) -> Frame:
        """The function's frame, its body evaluated with the parameters that are known."""
        self._nesting += 1
        frame = self._frame_of(function)
        frame.names.update(known)
        try:
            Evaluator(self, frame).run(function.tree.body())
        except ir.Unreadable as error:  # bodies are lowered when they are asked for
            self.unreadable.setdefault(frame.path, str(error))
        finally:
            self._nesting -= 1
        return frame

    def _with_callables(
        self, frame: Frame, function: FunctionValue, summary: Summary, bound: dict[tuple[int, str], Value]
    ) -> Summary:
        """The summary of a function that calls what it is handed, for what it is handed here."""
        known = {name: bound.get((function.identity, name)) for name in summary.called}
        callables: dict[str, Value] = {name: value for name, value in known.items() if isinstance(value, Callables)}
        kept = self._special.setdefault(function.identity, {})
        key = tuple(sorted((name, _callable_key(value)) for name, value in callables.items()))
        if not callables or (key not in kept and (len(kept) >= MAX_SPECIAL or self._nesting >= MAX_NESTING)):
            return summary
        if key not in kept:
            kept[key] = summary  # while it is being made: what calls itself with the same
            inner = self._run(function, callables)
            kept[key] = Summary(inner.returned(), inner.observations, inner.writes)
            for observation in inner.observations:
                if not (is_open(observation.value) or is_open(observation.url)):
                    self.observe(frame, observation)
        return kept[key]

    def _frame_of(self, function: FunctionValue) -> Frame:
        defined: Frame = function.scope
        frame = Frame(defined.path, defined.enclosing(), function.identity, function.owner)
        frame.outer = function.tree.outer
        declared = {
            name.lstrip("-").replace("-", "_").lower(): option
            for option in defined.declared.get(function.tree.start, ())
            for name in names_of(option)
        }
        outside = Evaluator(self, defined)
        for index, parameter in enumerate(function.tree.parameters):
            site = Site(frame.path, parameter.start, parameter.end)
            if index == 0 and function.owner is not None and function.tree.kind != "static":
                owned = function.owner if function.tree.kind == "class" else classes.myself(function.owner)
                frame.names[parameter.name] = owned
                continue
            default = None if parameter.default is None else outside.value(parameter.default)
            if parameter.name.lower() in declared:
                default = declared[parameter.name.lower()]
            kind = None if parameter.annotation is None else self._lazy_kind(outside, parameter.annotation)
            default = outside.said(parameter.annotation) or default
            frame.names[parameter.name] = Parameter(function.identity, parameter.name, site, default, kind)
            if parameter.kind == "*":
                rest = Member(Parameter(function.identity, parameter.name, site), "[]")
                frame.names[parameter.name] = Container("list", rest=rest, site=site)
        return frame

    def _lazy_kind(self, outside: Evaluator, annotation: ir.Expression) -> Callable[[], Value | None]:
        return cache(lambda: self._annotation(outside, annotation))

    def kind(self, frame: Frame, annotation: ir.Expression) -> Value | None:
        """The class that an annotation in `frame` names, if it is of the program or modelled."""
        return self._annotation(Evaluator(self, frame), annotation)

    def _annotation(self, outside: Evaluator, annotation: ir.Expression) -> Value | None:
        """The class that an annotation names, if it is of the program or modelled."""
        if isinstance(annotation, ir.Literal) and isinstance(annotation.value, str):
            names = annotation.value.split("[")[0].split(".")
            node: ir.Expression = ir.Name(annotation.start, annotation.end, names[0])
            for name in names[1:]:
                node = ir.Attribute(annotation.start, annotation.end, node, name)
            annotation = node
        if isinstance(annotation, ir.Operation | ir.Index):
            inner = annotation.operands if isinstance(annotation, ir.Operation) else (annotation.key,)
            return next(
                (kind for part in inner if part is not None and (kind := self._annotation(outside, part)) is not None),
                None,
            )
        if not isinstance(annotation, ir.Name | ir.Attribute):
            return None
        kind = outside.value(annotation)
        if isinstance(kind, ClassValue) or (isinstance(kind, External) and kind.name in self.models.types):
            return kind
        return None

    def observe(self, frame: Frame, observation: Observation) -> None:
        """Note something that the body in `frame` does."""
        if len(frame.observations) < 4096:
            frame.observations.append(observation)

    # --- calls ---

    def apply(self, frame: Frame, function: FunctionValue, arguments: list[Argument], site: Site) -> Value:
        """What calling a function of the program gives, and what it does with what it is handed."""
        summary = self.summarise(function)
        bound = bind(self, function, arguments, site)
        if summary.called:
            summary = self._with_callables(frame, function, summary, bound)
        return fill_in(self, frame, function, summary, bound, site)


_EMPTY = Summary(None, (), ())


def _callable_key(value: Value) -> str:
    if isinstance(value, FunctionValue | ClassValue):
        return str(value.identity)
    return f"{getattr(value, 'name', '')} of {id(getattr(value, 'receiver', None))}"
