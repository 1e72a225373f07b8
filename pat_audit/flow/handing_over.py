"""A call of a function of the program: what each parameter gets, and what the callee then does with it."""

from __future__ import annotations

from pat_audit.flow import access, classes, command_lines, ir, mapping_effects
from pat_audit.flow.combining import (
    NOTHING,
    describe,
    is_open,
    join,
    literal,
    options,
)
from pat_audit.flow.evaluate import Evaluator
from pat_audit.flow.frame import Argument, Frame, Machine, Summary, Write
from pat_audit.flow.instantiate import Instantiation
from pat_audit.flow.observation import Observation
from pat_audit.flow.sending import pairs
from pat_audit.flow.values import (
    Auth,
    Container,
    Field,
    FunctionValue,
    Member,
    Parameter,
    Site,
    Source,
    Text,
    Thing,
    Value,
)

MAX_CALLS = 8  # how far up its callers an observation is followed
MAX_OPEN = 64  # observations of one function that its callers fill in


def bind(
    machine: Machine, function: FunctionValue, arguments: list[Argument], site: Site
) -> dict[tuple[int, str], Value]:
    """What each parameter gets, by the key of its references."""
    parameters = list(function.tree.parameters)
    if function.owner is not None and function.receiver is not None and function.tree.kind != "static":
        parameters = parameters[1:]
    identity = function.identity
    bound: dict[tuple[int, str], Value] = {}
    given = [Argument(name, value, site) for name, value in function.bound] + arguments
    positional = [argument.value for argument in given if argument.name is None]
    named = {argument.name: argument.value for argument in given if argument.name is not None}
    fold = str.lower if machine.language.caseless else str
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
        elif fold(parameter.name) in named:
            bound[key] = named[fold(parameter.name)]
            taken.add(fold(parameter.name))
        elif positional and not parameter.keyword_only:
            bound[key] = positional.pop(0)
        elif parameter.kind == ir.PIPED and ir.PIPED in named:
            bound[key] = named[ir.PIPED]
        elif parameter.default is not None and not spread:
            bound[key] = Evaluator(machine, function.scope).value(parameter.default)
        elif "**" in named and isinstance(named["**"], Parameter | Field | Member):
            bound[key] = Member(named["**"], parameter.name, site)
    return bound


def fill_in(
    machine: Machine,
    frame: Frame,
    function: FunctionValue,
    summary: Summary,
    bound: dict[tuple[int, str], Value],
    site: Site,
) -> Value:
    """What a function of that summary gives and does when its parameters are bound so."""
    receiver = function.receiver
    concrete = receiver if isinstance(receiver, Thing) and not classes.is_symbolic(receiver) else None

    def fill(reference: Parameter | Field) -> Value | None:
        if isinstance(reference, Parameter):
            found = bound.get((reference.function, reference.name))
            if found is None and concrete is not None:
                found = concrete.bindings.get((reference.function, reference.name))
            return found
        if concrete is not None:
            return access.attribute(machine, frame, concrete, reference.name, site)
        return None

    if concrete is not None and classes.writes_fields(function):
        concrete.bindings.update(bound)  # what a setter was handed is what its fields hold
    instantiation = Instantiation(fill, lambda base, key, at: access.read(machine, frame, base, key, at))
    for write in summary.writes:
        rewrite(machine, frame, write, instantiation, site)
    replay(machine, frame, summary, instantiation, site)
    if summary.returns is None:
        return NOTHING
    if concrete is not None:
        given = [concrete if classes.is_myself(option, concrete) else option for option in options(summary.returns)]
        return instantiation.value(join(given) or NOTHING)
    return instantiation.value(summary.returns)


def rewrite(machine: Machine, frame: Frame, write: Write, instantiation: Instantiation, site: Site) -> None:
    target = instantiation.value(write.target)
    key, value = instantiation.optional(write.key), instantiation.value(write.value)
    if write.kind == "item":
        access.store_item(machine, frame, target, key, value, site)
    elif write.kind == "update":
        for option in options(target):
            if isinstance(option, Container):
                mapping_effects.pour(option, value)
            elif isinstance(option, Parameter | Field | Member):
                frame.writes.append(Write("update", option, None, value))
    else:
        access.store_attribute(machine, frame, target, literal(key) or "", value, site)


def replay(machine: Machine, frame: Frame, summary: Summary, instantiation: Instantiation, site: Site) -> None:
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
            command_lines.run_value(machine, frame, value, site)
            continue
        where = observation.site
        if observation.act == "read" and isinstance(observation.value, Source) and observation.value.key is not None:
            where = site  # the name was given here
            if isinstance(value, Source):
                value = Source(value.origin, value.name, site, value.default, value.key)
        replayed_ = with_values(observation, value, url, where, (*observation.calls, site))
        machine.observe(frame, replayed_)
        for auth in pairs(value) if observation.act == "request" else ():
            machine.observe(frame, _handed(replayed_, auth))


def with_values(
    observation: Observation, value: Value | None, url: Value | None, site: Site, calls: tuple[Site, ...]
) -> Observation:
    return Observation(
        observation.act, site, value, observation.scope, url, observation.sink, observation.service,
        observation.credential, observation.method, calls, observation.at,
        (observation.root or observation) if calls else None, observation.setting,
        holder=observation.holder,
    )  # fmt: skip


def _handed(request: Observation, auth: Auth) -> Observation:
    """A pair that turned out to sign a request in, as the act of handing it over."""
    return Observation(
        "client", auth.site or request.site, auth, request.scope, request.url, request.sink, request.service,
        request.credential, at=request.at, holder=request.holder,
    )  # fmt: skip


def names_of(option: Source) -> list[str]:
    """The names that an option may be given by: its variable's and its own."""
    names = [option.name]
    while isinstance(option.default, Source):
        option = option.default
        names.append(option.name)
    return names
