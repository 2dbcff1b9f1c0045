"""What roots may ask of a program as a whole, in a form that can be compared with that of another run. Entry point: `described`."""

from __future__ import annotations

import hashlib
from collections import defaultdict

import msgspec

from sessionlint.link import Model, Program
from sessionlint.link.symbols import FunctionId
from sessionlint.solve.again.tables import Tables
from sessionlint.solve.keeping.caches import wrapped
from sessionlint.solve.orm.registries import query_properties
from sessionlint.solve.walk.machine import Machine
from sessionlint.source import Location, Range


class Described(msgspec.Struct, array_like=True):
    """What is said of functions, models and classes (their bases and what is below them) by their numbers in the tables; `whole` is what
    holds for all, `owned` whether any class of the program has a method of that name."""

    whole: str
    functions: dict[int, str]
    models: dict[int, str]
    classes: dict[int, str]
    owned: dict[str, bool]


def described(machine: Machine, tables: Tables, owned: dict[str, bool]) -> Described:
    """The program that a machine walks; `owned` are the names of methods that were asked about earlier."""
    program = machine.program
    functions = {tables.number_of_function(function): text for function, text in _functions(machine).items()}
    models = {tables.number_of_class(model.id): _model(model) for model in dict(program.models).values()}
    hierarchy = program.hierarchy
    classes = {
        tables.number_of_class(cls): _digest(repr((hierarchy.bases(cls), hierarchy.children(cls)))) for cls in program.hierarchy.classes()
    }
    now = {method: machine.handed.is_own(method) for method in sorted(owned)}
    return Described(_digest(_whole(machine)), functions, models, classes, now)


def _whole(machine: Machine) -> str:
    program: Program = machine.program
    queries = query_properties(machine)
    return repr(
        (
            program.default_expiry,
            program.default_autoflush,
            sorted(program.identity_keys),
            machine.has_injection,
            machine.user,
            sorted(machine.users),
            sorted(wrapped(machine).items()),
            sorted((repr(symbol), found[0], repr(found[1])) for symbol, found in queries.items()),
        )
    )


def _functions(machine: Machine) -> dict[FunctionId, str]:
    found: dict[FunctionId, list[object]] = defaultdict(list)
    for function, traits in machine.relevance.traits().items():
        found[function].append(traits)
    for function, scope in machine.program.scopes.items():
        found[function].append(repr(scope))
    for function, points in machine.program.entry_points.items():
        found[function].append(sorted((point.kind, point.framework) for point in points))
    return {function: str(texts) for function, texts in found.items()}


_NOWHERE = Range(0, 0, 0, 0)


def _model(model: Model) -> str:
    attributes = {
        name: msgspec.structs.replace(attribute, at=Location(attribute.at.file, _NOWHERE)) for name, attribute in model.attributes.items()
    }
    return _digest(repr(msgspec.structs.replace(model, attributes=attributes)))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
