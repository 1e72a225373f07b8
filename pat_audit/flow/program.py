"""The program under evaluation: the files of a repository, loaded when a value leads there."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Protocol

from pat_audit.flow import access, classes, command_lines, effects, ir, mapping_effects
from pat_audit.flow.combining import (
    NOTHING,
    describe,
    is_open,
    join,
    literal,
    options,
    unknown,
)
from pat_audit.flow.evaluate import Evaluator, held
from pat_audit.flow.frame import Argument, Frame, ModuleState, Pending, Summary, Write
from pat_audit.flow.instantiate import Instantiation
from pat_audit.flow.modelled_call import Call
from pat_audit.flow.observation import Observation
from pat_audit.flow.sending import pairs
from pat_audit.flow.values import (
    Auth,
    BaseView,
    ClassValue,
    Constant,
    Container,
    Encoded,
    External,
    Field,
    FunctionValue,
    Instance,
    Member,
    Method,
    ModuleValue,
    Nothing,
    OneOf,
    Parameter,
    Site,
    Source,
    Text,
    Thing,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pat_audit.flow.models import Models
    from pat_audit.vocabulary import Effect

MAX_CALLS = 8  # how far up its callers an observation is followed
MAX_OPEN = 64  # observations of one function that its callers fill in
MAX_NESTING = 40  # functions under evaluation at a time: some ten Python frames each
MAX_SPECIAL = 4  # evaluations of one function for the callables that it is handed
Callables = (External, FunctionValue, ClassValue, Method)
_BUILTIN_TYPES = {"list": "list", "tuple": "tuple", "set": "list", "dict": "dict"}


class Lower(Protocol):
    """A language front end."""

    def __call__(self, path: str, data: bytes) -> ir.Module:
        """The IR of one file; raises what `Program` was told to expect for text that it cannot read."""
        ...


class Program:
    """Evaluates files of one repository; everything learnt of a function or module is kept for the others."""

    def __init__(
        self,
        read: Callable[[str], bytes | None],
        lower: Lower,
        models: Models,
        is_credential: Callable[[str], bool],
    ) -> None:
        self.models = models
        self.is_credential = is_credential
        self.unreadable: dict[str, str] = {}
        self._read = read
        self._lower = lower
        self._modules: dict[str, ModuleState | None] = {}
        self._exists: dict[str, bool] = {}
        self._summaries: dict[int, Summary | None] = {}
        self._kept: list[ir.Module] = []  # trees are told apart by identity: they must stay
        self._modelled = _prefixes(models)
        self._inner: dict[int, list[FunctionValue]] = {}
        self._importing: set[tuple[str, str]] = set()
        self._special: dict[int, dict[tuple[tuple[str, str], ...], Summary]] = {}
        self._nesting = 0
        self._classes: dict[int, ClassValue] = {}

    def observe_file(self, path: str) -> list[Observation]:
        """Everything that the file's code does, its callees' acts filled in with what it hands them."""
        module = self._module(path)
        if module is None:
            return []
        found = list(module.frame.observations)
        pending = list(module.frame.functions)
        seen: set[int] = set()
        for function in pending:  # in the order of the file, inner ones behind: what sets up mostly stands first
            if function.identity in seen:
                continue
            seen.add(function.identity)
            summary = self.summarise(function)
            found.extend(summary.observations)
            pending.extend(self._inner.get(function.identity, ()))
        return [self._settled(observation) for observation in found]

    def _settled(self, observation: Observation) -> Observation:
        """An observation as it stands without any caller: what the class itself says is filled in."""
        if not (is_open(observation.value) or is_open(observation.url)):
            return observation

        def fill(reference: Parameter | Field) -> Value | None:
            if isinstance(reference, Field):
                owner = self._classes.get(reference.owner)
                return None if owner is None else classes.field_value(self, owner, reference.name)
            return None

        frame = Frame(observation.site.path, None, 0)
        instantiation = Instantiation(fill, lambda base, key, at: access.read(self, frame, base, key, at))
        value = instantiation.optional(observation.value)
        url = instantiation.optional(observation.url)
        return _with(observation, value, url, observation.site, observation.calls)

    # --- modules ---

    def _module(self, path: str) -> ModuleState | None:
        if path in self._modules:
            return self._modules[path]
        self._modules[path] = None
        data = self._read(path)
        if data is None:
            return None
        try:
            tree = self._lower(path, data)
        except Exception as error:
            if type(error).__name__ != "Unreadable":
                raise
            self.unreadable[path] = str(error)
            return None
        self._kept.append(tree)
        frame = Frame(path, None, id(tree))
        module = ModuleState(path, frame)
        self._modules[path] = module
        Evaluator(self, frame).run(tree.body)
        self._note_classes(frame)
        module.evaluated = True
        return module

    def _note_classes(self, frame: Frame) -> None:
        for owner in frame.classes:
            self._classes[owner.identity] = owner

    def member(self, path: str, name: str) -> Value | None:
        """What module (or folder) `path` calls `name`: a name of it, or a module in it."""
        if path.endswith(".py"):
            module = self._module(path)
            if module is not None:
                found = held(self, module.frame, name)
                if found is not None:
                    return found
                pending = module.frame.imports.get(name)
                if pending is not None:
                    return self.imported(path, pending)
                for key, star in list(module.frame.imports.items()):
                    if key.startswith("*"):
                        target = self.locate(star.module, star.level, path)
                        inner = self.member(target, name) if target is not None and target != path else None
                        if inner is not None:
                            return inner
            if not path.endswith("__init__.py"):
                return None
            path = posixpath.dirname(path)
        submodule = self._file_of(posixpath.join(path, name))
        return None if submodule is None else ModuleValue(submodule)

    def imported(self, importer: str, pending: Pending) -> Value | None:
        """What an import gives."""
        qualified = f"{pending.module}.{pending.name}" if pending.name else pending.module
        key = (importer, qualified)
        if key in self._importing:
            return None
        self._importing.add(key)
        try:
            return self._import(importer, pending, qualified)
        finally:
            self._importing.discard(key)

    def _import(self, importer: str, pending: Pending, qualified: str) -> Value | None:
        if pending.level == 0 and qualified in self._modelled:
            return access._external(self, qualified, Site(importer, 0, 0))
        path = self.locate(pending.module, pending.level, importer)
        if path is None:
            return External(qualified) if pending.level == 0 else unknown(pending.name or pending.module)
        if not pending.name:
            return ModuleValue(path)
        return self.member(path, pending.name)

    def locate(self, module: str, level: int, importer: str) -> str | None:
        """The file (or folder) of a module: relative to the importer, else upward from its folder."""
        folder = posixpath.dirname(importer)
        inner = module.replace(".", "/")
        if level:
            for _ in range(level - 1):
                folder = posixpath.dirname(folder)
            return self._file_of(posixpath.join(folder, inner) if inner else folder)
        if not inner:
            return None
        while True:
            # inside a package an absolute import does not see its siblings
            if not self._is_file(posixpath.join(folder, "__init__.py")):
                for root in (folder, posixpath.join(folder, "src")):
                    found = self._file_of(posixpath.join(root, inner))
                    if found is not None:
                        return found
            if not folder:
                return None
            folder = posixpath.dirname(folder)

    def _file_of(self, stem: str) -> str | None:
        for candidate in (f"{stem}.py", f"{stem}/__init__.py" if stem else "__init__.py"):
            if self._is_file(candidate):
                return candidate
        return stem if stem and self._is_folder(stem) else None

    def _is_file(self, path: str) -> bool:
        if path not in self._exists:
            self._exists[path] = path in self._modules or self._read(path) is not None
        return self._exists[path]

    def _is_folder(self, path: str) -> bool:
        return False

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
        return summary

    def _run(self, function: FunctionValue, known: dict[str, Value]) -> Frame:
        """The function's frame, its body evaluated with the parameters that are known."""
        self._nesting += 1
        try:
            frame = self._frame_of(function)
            frame.names.update(known)
            Evaluator(self, frame).run(function.tree.body())
        finally:
            self._nesting -= 1
        self._note_classes(frame)
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
            for name in _names_of(option)
        }
        outside = Evaluator(self, defined)
        for index, parameter in enumerate(function.tree.parameters):
            site = Site(frame.path, parameter.start, parameter.end)
            if index == 0 and function.owner is not None and not _is_static(function.tree):
                frame.names[parameter.name] = (
                    function.owner if _is_class_method(function.tree) else classes.myself(function.owner)
                )
                continue
            default = None if parameter.default is None else outside.value(parameter.default)
            if parameter.name.lower() in declared:
                default = declared[parameter.name.lower()]
            kind = None if parameter.annotation is None else self._annotation(outside, parameter.annotation)
            default = self._annotated(outside, parameter.annotation) or default
            frame.names[parameter.name] = Parameter(function.identity, parameter.name, site, default, kind)
            if parameter.kind == "*":
                rest = Member(Parameter(function.identity, parameter.name, site), "[]")
                frame.names[parameter.name] = Container("list", rest=rest, site=site)
        return frame

    def _annotated(self, outside: Evaluator, annotation: ir.Expression | None) -> Value | None:
        """What an annotation says that the parameter is given: `Annotated[str, Option("--pat")]`."""
        inner = annotation.key if isinstance(annotation, ir.Index) else None
        items = inner.items if isinstance(inner, ir.Collection) else ()
        said = [outside.value(item) for item in items if isinstance(item, ir.Call)]
        return join([value for value in said if isinstance(value, Source) and value.origin != "unknown"])

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

    def call(self, frame: Frame, callee: Value, arguments: list[Argument], site: Site) -> Value:
        """What calling `callee` gives."""
        if isinstance(callee, OneOf):
            results = [self.call(frame, option, arguments, site) for option in callee.options[:4]]
            return join(results) or unknown("", site)
        if isinstance(callee, External):
            return self._call_external(frame, callee.name, arguments, site)
        if isinstance(callee, Method):
            return self._call_method(frame, callee, arguments, site)
        if isinstance(callee, FunctionValue):
            thing = arguments[0].value if arguments else None
            if callee.owner is not None and callee.receiver is None and isinstance(thing, Thing):
                return self._call_of(frame, callee, thing, arguments[1:], site)
            return self.apply(frame, callee, arguments, site)
        if isinstance(callee, ClassValue):
            return self._construct(frame, callee, arguments, site)
        if isinstance(callee, Thing):
            found = classes.find_member(callee.owner, "__call__")
            if found is not None and isinstance(found[1], FunctionValue):
                function = FunctionValue(found[1].tree, found[1].scope, found[0], callee)
                return self.apply(frame, function, arguments, site)
        if isinstance(callee, Member):
            return self._call_unknown(frame, callee.base, callee.name, arguments, site, callee)
        if isinstance(callee, Source) and callee.origin == "entra":
            return callee  # a token provider gives its token
        if isinstance(callee, Source):
            base, _, name = callee.name.rpartition(".")
            receiver = (
                Source(callee.origin, base, callee.site, callee.default)
                if base or callee.origin != "unknown"
                else NOTHING
            )
            return self._call_unknown(frame, receiver, name, arguments, site, callee)
        if isinstance(callee, Parameter):
            if callee.function == frame.identity:
                frame.called.add(callee.name)
            kind = callee.kind
            if kind is None and callee.default is not None and not isinstance(callee.default, Nothing):
                return self.call(frame, callee.default, arguments, site)
            return unknown(f"{callee.name}()", site)
        return unknown("", site)

    def _call_external(self, frame: Frame, name: str, arguments: list[Argument], site: Site) -> Value:
        effect = self.models.functions.get(name)
        if effect is not None:
            return self._perform(frame, effect, name, None, arguments, site)
        type_ = self.models.types.get(name)
        if type_ is not None:
            if type_.make is not None:
                made = self._perform(frame, type_.make, name, None, arguments, site)
                if isinstance(made, Source) and made.origin == "unknown":
                    return Instance(type_, {}, site, name, name.rpartition(".")[2])
                return made
            return Instance(type_, {}, site, name, name.rpartition(".")[2])
        base, _, last = name.rpartition(".")
        return self._call_unknown(frame, unknown(base), last, arguments, site, External(name))

    def _call_method(self, frame: Frame, method: Method, arguments: list[Argument], site: Site) -> Value:
        receiver = method.receiver
        if isinstance(receiver, BaseView):
            return self._call_super(frame, receiver.thing, method.name, arguments, site)
        effect = None
        if isinstance(receiver, Instance):
            effect = self.models.method(receiver.type, method.name)
        elif isinstance(receiver, Thing):
            base = classes.library_base(self, receiver.owner)
            effect = self.models.method(base, method.name) if base is not None else None
        elif isinstance(receiver, Text | Encoded):
            effect = self._builtin("str", method.name)
        elif isinstance(receiver, Container):
            effect = self._builtin(_BUILTIN_TYPES[receiver.kind], method.name)
            if effect is None and receiver.kind in ("list", "set"):
                return self._grow(receiver, method.name, arguments, site)
        if effect is None:
            effect = self.models.methods.get(method.name)
        if effect is None:
            if len(arguments) == 1 and isinstance(receiver, Text):
                return receiver
            return unknown(f"{method.name}()", site)
        name = f"{getattr(receiver, 'maker', '') or 'value'}.{method.name}"
        return self._perform(frame, effect, name, receiver, arguments, site)

    def _grow(self, receiver: Container, name: str, arguments: list[Argument], site: Site) -> Value:
        """A list grows: what is added may be any of its items."""
        for argument in arguments:
            if name in ("append", "add", "insert", "appendleft"):
                access.put(receiver, Constant(len(receiver.items)), argument.value)
            elif name in ("extend", "update") and isinstance(argument.value, Container):
                for item in argument.value.items.values():
                    access.put(receiver, Constant(len(receiver.items)), item)
                receiver.rest = join([receiver.rest, argument.value.rest])
        if name in ("pop", "popleft", "get", "next"):
            return join([*receiver.items.values(), receiver.rest]) or unknown("", site)
        return NOTHING

    def _builtin(self, type_name: str, method: str) -> Effect | None:
        type_ = self.models.types.get(f"builtins.{type_name}")
        return None if type_ is None else self.models.method(type_, method)

    def _call_of(
        self, frame: Frame, method: FunctionValue, thing: Thing, arguments: list[Argument], site: Site
    ) -> Value:
        """A method of a certain class called on an instance: `Base.__init__(self, …)`."""
        function = FunctionValue(method.tree, method.scope, method.owner, thing)
        if method.tree.name in classes.CONSTRUCTORS:
            classes.state_of(thing.owner).supers.update(self._bind(function, arguments, site))
        return self.apply(frame, function, arguments, site)

    def _call_super(self, frame: Frame, thing: Thing, name: str, arguments: list[Argument], site: Site) -> Value:
        for base in list(classes.lineage(thing.owner))[1:]:
            member = base.members.get(name)
            if isinstance(member, FunctionValue):
                return self._call_of(frame, FunctionValue(member.tree, member.scope, base), thing, arguments, site)
        base_type = classes.library_base(self, thing.owner)
        if base_type is not None:
            effect = base_type.make if name == "__init__" else self.models.method(base_type, name)
            if effect is not None:
                made = self._perform(frame, effect, base_type.names[0], thing, arguments, site)
                if name == "__init__" and isinstance(made, Instance):
                    for attribute, role in base_type.attributes.items():
                        if role in made.roles:
                            classes.remember(thing.owner, attribute, made.roles[role])
                return made
        return unknown(f"{name}()", site)

    def _call_unknown(
        self, frame: Frame, receiver: Value, name: str, arguments: list[Argument], site: Site, callee: Value
    ) -> Value:
        """A call of something unknown: a known method of an annotated parameter, else by its bare name."""
        name = name.rpartition(".")[2]
        kind = receiver.kind if isinstance(receiver, Parameter) else None
        if isinstance(kind, External):
            type_ = self.models.types[kind.name]
            effect = self.models.method(type_, name)
            if effect is not None:
                instance = Instance(type_, {}, site, kind.name, getattr(receiver, "name", ""))
                return self._perform(frame, effect, f"{kind.name}.{name}", instance, arguments, site)
        elif isinstance(kind, ClassValue):
            found = classes.find_member(kind, name)
            if found is not None and isinstance(found[1], FunctionValue):
                function = FunctionValue(found[1].tree, found[1].scope, found[0], classes.myself(kind))
                return self.apply(frame, function, arguments, site)
        effect = self.models.methods.get(name)
        if effect is None and isinstance(receiver, Source) and receiver.origin in ("config", "file", "request"):
            effect = self._builtin("dict", name)  # what is read from a file is mappings mostly
        if effect is not None:
            return self._perform(frame, effect, name, receiver, arguments, site)
        self._duck(frame, name, arguments, site)
        carried = [argument.value for argument in arguments if argument.name is None]
        if len(carried) == 1 and isinstance(carried[0], Encoded | Auth):
            return carried[0]  # a conversion, or a wrapper
        if isinstance(callee, Member) and callee.base is receiver:
            return Member(callee.base, f"{callee.name}()", site)
        return unknown(f"{name}()", site)

    def _duck(self, frame: Frame, name: str, arguments: list[Argument], site: Site) -> None:
        """A call of something unknown that is handed what signs in, under the keywords that everybody uses."""
        effect = self.models.methods.get("request")
        if effect is not None and any(argument.name in ("auth", "headers") for argument in arguments):
            self._perform(frame, effect, name, NOTHING, arguments, site)

    def _perform(
        self, frame: Frame, effect: Effect, name: str, receiver: Value | None, arguments: list[Argument], site: Site
    ) -> Value:
        result = effects.perform(Call(self, frame, effect, name, receiver, arguments, site))
        if isinstance(result, Text) and result.site == site:
            return Evaluator(self, frame).composed(result)
        return result

    def _construct(self, frame: Frame, owner: ClassValue, arguments: list[Argument], site: Site) -> Value:
        """An instance of one of the program's own classes."""
        thing = Thing(owner, {}, {}, site)
        constructor = classes.find_member(owner, "__init__")
        if constructor is not None and isinstance(constructor[1], FunctionValue):
            function = FunctionValue(constructor[1].tree, constructor[1].scope, constructor[0], thing)
            thing.bindings.update(self._bind(function, arguments, site))
            self._bind_supers(thing)
            self.apply(frame, function, arguments, site)
        else:
            base = classes.library_base(self, owner)
            if base is not None and base.make is not None:
                self._perform(frame, base.make, base.names[0], None, arguments, site)
            names = [name for here in reversed(list(classes.lineage(owner))) for name in here.annotated]
            for index, argument in enumerate(arguments):
                name = argument.name or (names[index] if index < len(names) else None)
                if name is not None and name != "**":
                    thing.attributes[name] = argument.value
        return thing

    def _bind_supers(self, thing: Thing) -> None:
        for here in classes.lineage(thing.owner):
            member = here.members.get("__init__")
            if isinstance(member, FunctionValue):
                self.summarise(member)
            for key, value in classes.state_of(here).supers.items():
                if key not in thing.bindings:
                    thing.bindings[key] = access.filled(self, Frame("", None, 0), thing, value)

    def _bind(self, function: FunctionValue, arguments: list[Argument], site: Site) -> dict[tuple[int, str], Value]:
        """What each parameter gets, by the key of its references."""
        parameters = list(function.tree.parameters)
        if function.owner is not None and function.receiver is not None and not _is_static(function.tree):
            parameters = parameters[1:]
        identity = function.identity
        bound: dict[tuple[int, str], Value] = {}
        given = [Argument(name, value, site) for name, value in function.bound] + arguments
        positional = [argument.value for argument in given if argument.name is None]
        named = {argument.name: argument.value for argument in given if argument.name is not None}
        spread = "*" in named or "**" in named
        taken: set[str] = set()
        for parameter in parameters:
            key = (identity, parameter.name)
            if parameter.kind == "*":
                bound[key] = Container("list", dict(enumerate(positional)), site=site)
                positional = []
            elif parameter.kind == "**":
                rest = {name: value for name, value in named.items() if name not in taken and not name.startswith("*")}
                container = Container("dict", site=site)
                for name, value in rest.items():
                    access.put(container, Text((name,)), value)
                if isinstance(named.get("**"), Parameter | Field | Member):
                    bound[key] = named["**"] if not rest else container
                else:
                    bound[key] = container
            elif parameter.name in named:
                bound[key] = named[parameter.name]
                taken.add(parameter.name)
            elif positional and not parameter.keyword_only:
                bound[key] = positional.pop(0)
            elif parameter.default is not None and not spread:
                bound[key] = Evaluator(self, function.scope).value(parameter.default)
            elif "**" in named and isinstance(named["**"], Parameter | Field | Member):
                bound[key] = Member(named["**"], parameter.name, site)
        return bound

    def apply(self, frame: Frame, function: FunctionValue, arguments: list[Argument], site: Site) -> Value:
        """What calling a function of the program gives, and what it does with what it is handed."""
        summary = self.summarise(function)
        bound = self._bind(function, arguments, site)
        if summary.called:
            summary = self._with_callables(frame, function, summary, bound)
        receiver = function.receiver
        concrete = receiver if isinstance(receiver, Thing) and not classes.is_symbolic(receiver) else None

        def fill(reference: Parameter | Field) -> Value | None:
            if isinstance(reference, Parameter):
                found = bound.get((reference.function, reference.name))
                if found is None and concrete is not None:
                    found = concrete.bindings.get((reference.function, reference.name))
                return found
            if concrete is not None:
                return access.attribute(self, frame, concrete, reference.name, site)
            return None

        instantiation = Instantiation(fill, lambda base, key, at: access.read(self, frame, base, key, at))
        for write in summary.writes:
            self._rewrite(frame, write, instantiation, site)
        self._replay(frame, summary, instantiation, site)
        if summary.returns is None:
            return NOTHING
        return instantiation.value(summary.returns)

    def _rewrite(self, frame: Frame, write: Write, instantiation: Instantiation, site: Site) -> None:
        target = instantiation.value(write.target)
        key, value = instantiation.optional(write.key), instantiation.value(write.value)
        if write.kind == "item":
            access.store_item(self, frame, target, key, value, site)
        elif write.kind == "update":
            for option in options(target):
                if isinstance(option, Container):
                    mapping_effects.pour(option, value)
                elif isinstance(option, Parameter | Field | Member):
                    frame.writes.append(Write("update", option, None, value))
        else:
            access.store_attribute(self, frame, target, literal(key) or "", value, site)

    def _replay(self, frame: Frame, summary: Summary, instantiation: Instantiation, site: Site) -> None:
        """The callee's open acts, with what this caller hands over."""
        seen: set[object] = set()
        replayed = 0
        for observation in summary.observations:
            if len(observation.calls) >= MAX_CALLS or replayed >= MAX_OPEN:
                continue
            if not (is_open(observation.value) or is_open(observation.url)):
                continue
            instantiation.filled = False
            value = instantiation.optional(observation.value)
            url = instantiation.optional(observation.url)
            if not instantiation.filled and value is observation.value and url is observation.url:
                continue
            key = (observation.act, observation.site, describe(value), describe(url))
            if key in seen:
                continue
            seen.add(key)
            replayed += 1
            if observation.act == "run":
                command_lines.run_value(self, frame, value, site)
                continue
            where = observation.site
            if (
                observation.act == "read"
                and isinstance(observation.value, Source)
                and observation.value.key is not None
            ):
                where = site  # the name was given here
                if isinstance(value, Source):
                    value = Source(value.origin, value.name, site, value.default, value.key)
            replayed_ = _with(observation, value, url, where, (*observation.calls, site))
            self.observe(frame, replayed_)
            for auth in pairs(value) if observation.act == "request" else ():
                self.observe(frame, _handed(replayed_, auth))


def _with(
    observation: Observation, value: Value | None, url: Value | None, site: Site, calls: tuple[Site, ...]
) -> Observation:
    return Observation(
        observation.act, site, value, observation.scope, url, observation.sink, observation.service,
        observation.credential, observation.method, calls, observation.at,
        (observation.root or observation) if calls else None,
    )  # fmt: skip


def _handed(request: Observation, auth: Auth) -> Observation:
    """A pair that turned out to sign a request in, as the act of handing it over."""
    return Observation(
        "client", auth.site or request.site, auth, request.scope, request.url, request.sink, request.service,
        request.credential, at=request.at,
    )  # fmt: skip


_EMPTY = Summary(None, (), ())


def _names_of(option: Source) -> list[str]:
    """The names that an option may be given by: its variable's and its own."""
    names = [option.name]
    while isinstance(option.default, Source):
        option = option.default
        names.append(option.name)
    return names


def _callable_key(value: Value) -> str:
    if isinstance(value, FunctionValue | ClassValue):
        return str(value.identity)
    return f"{getattr(value, 'name', '')} of {id(getattr(value, 'receiver', None))}"


def _decorated(function: ir.Function, name: str) -> bool:
    return any(getattr(decorator, "name", "") == name for decorator in function.decorators)


def _is_static(function: ir.Function) -> bool:
    return _decorated(function, "staticmethod")


def _is_class_method(function: ir.Function) -> bool:
    return _decorated(function, "classmethod")


def _prefixes(models: Models) -> frozenset[str]:
    """Every name under which something modelled can be reached, with all its outer names."""
    found: set[str] = set()
    for name in (*models.functions, *models.types, *models.values):
        while name:
            found.add(name)
            name = name.rpartition(".")[0]
    return frozenset(found)
