"""Loader options as they are written: `selectinload(User.orders).joinedload(Order.lines)`. Entry points: `option_of`, `extend_option`,
`narrowed`."""

from __future__ import annotations

from msgspec.structs import replace

from sessionlint.knowledge.sqlalchemy import options as known_options
from sessionlint.solve.orm import queries
from sessionlint.solve.state.objects import Arguments
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import TRUE, ClassValue, Const, MappedName, Option, OptionStep, Unknown, Value
from sessionlint.solve.walk.machine import Machine, Results


def option_of(state: PathState, strategy: str, arguments: Arguments) -> Option:
    """A loader option from the arguments of its function."""
    flag = any(name in {"sql_only", "raiseload"} and value == TRUE for name, value in arguments.keywords)
    if strategy == "load_only":
        names = [value for value in arguments.positional if isinstance(value, MappedName)]
        if len(names) != len(arguments.positional) or not names:
            texts = tuple(value.value for value in arguments.positional if isinstance(value, Const) and isinstance(value.value, str))
            return Option(None, (OptionStep("load_only", "", texts, flag=flag),), is_opaque=len(texts) != len(arguments.positional))
        return Option(names[0].model, (OptionStep("load_only", "", tuple(name.name for name in names), flag=flag),))
    steps: list[OptionStep] = []
    model = None
    for value in arguments.positional:
        known = state.value(value)
        if isinstance(known, MappedName):
            model = model or known.model
            steps.append(OptionStep(strategy, known.name, (), known.of_type, flag))
        elif isinstance(known, Const) and isinstance(known.value, str):
            steps += [OptionStep(strategy, name, flag=flag) for name in known.value.split(".")]
    if len(steps) < len(arguments.positional) or not steps:
        return Option(None, (), is_opaque=strategy not in {"undefer_group"})
    if strategy in {"joinedload_all", "subqueryload_all"} or len(steps) == 1:
        return Option(model, tuple(steps))
    return Option(model, (*(replace(step, strategy="defaultload") for step in steps[:-1]), steps[-1]))


def extend_option(machine: Machine, state: PathState, option: Option, name: str, arguments: Arguments) -> Results:
    """`selectinload(User.orders).joinedload(Order.lines)`, `.options(…)`, `.load_only(…)`."""
    if name == "options":
        given = queries.options_in(state, arguments.positional)
        is_opaque = option.is_opaque or given.is_opaque or arguments.is_open
        return [(state, replace(option, below=option.below + given.options, is_opaque=is_opaque))]
    if name not in known_options.ALL:
        return [(state, replace(option, is_opaque=True))]
    more = option_of(state, name, arguments)
    if option.is_opaque or more.is_opaque:
        return [(state, replace(option, is_opaque=True))]
    return [(state, replace(option, steps=option.steps + more.steps))]


def narrowed(value: MappedName, name: str, arguments: Arguments) -> Value:
    """`User.orders.of_type(Sub)` and `.and_(…)` name the same attribute; anything else is SQL."""
    first = arguments.positional[0] if arguments.positional else None
    if name == "of_type":
        return replace(value, of_type=first.id if isinstance(first, ClassValue) else None)
    return value if name == "and_" else Unknown(("sql", value.model.file, value.model.index, value.name, name))
