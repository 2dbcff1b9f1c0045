"""Results of roots as plain lists of numbers and texts, and back. Entry points: `packed`, `unpacked`."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from sessionlint.link.symbols import ClassId, FunctionId
from sessionlint.solve import events
from sessionlint.solve.again.tables import Tables
from sessionlint.solve.events import Event, Given, Held, Origin, SessionCallRedundant
from sessionlint.solve.history import History
from sessionlint.solve.state.recorder import Recorder
from sessionlint.source import Location


class Packed(msgspec.Struct, array_like=True):
    """What a `Recorder` holds; each event is the number of its class and its fields."""

    events: list[tuple[int, list[Any], list[Any], list[Any]]]
    given: list[tuple[int, list[Any]]]
    methods: list[tuple[int, list[str]]]
    truncated: list[int]
    failed: list[tuple[int, str]]
    redundant: list[list[Any]]
    needed: list[int]
    taken: list[tuple[str, str, int, int]]


def packed(recorder: Recorder, tables: Tables) -> Packed:
    """What a recorder holds, as numbers of the tables."""
    return Packed(
        [
            (_NUMBERS[type(event)], _FORMS[type(event)].pack(tables, event), _all(tables, _ORIGIN, origins), _all(tables, _HELD, held))
            for event, origins, held in recorder.seen()
        ],
        [(tables.number_of_location(at), _all(tables, _GIVEN, given)) for at, given in recorder.given.items()],
        [(tables.number_of_location(at), sorted(methods)) for at, methods in recorder.methods.items()],
        [tables.number_of_function(function) for function in sorted(recorder.truncated)],
        [(tables.number_of_function(function), said) for function, said in recorder.failed.items()],
        [_REDUNDANT.pack(tables, event) for event in recorder.redundant.values()],
        [tables.number_of_location(at) for at in sorted(recorder.needed)],
        [(store, key, tables.number_of_location(at), tables.number_of_function(function)) for store, key, at, function in recorder.taken],
    )


def unpacked(found: Packed, tables: Tables) -> Recorder:
    """The recorder that was packed; raises `Moved` if a place of it is gone."""
    recorder = Recorder()
    for number, fields, origins, held in found.events:
        event = _FORMS[_CLASSES[number]].unpack(tables, fields)
        recorder.see(event, {_ORIGIN.unpack(tables, each) for each in origins}, {_HELD.unpack(tables, each) for each in held})
    for at, given in found.given:
        recorder.given[tables.location(at)] = {_GIVEN.unpack(tables, each) for each in given}
    for at, methods in found.methods:
        recorder.methods[tables.location(at)] = set(methods)
    recorder.truncated.update(tables.function(function) for function in found.truncated)
    recorder.failed.update((tables.function(function), said) for function, said in found.failed)
    for each in found.redundant:
        superfluous: SessionCallRedundant = _REDUNDANT.unpack(tables, each)
        recorder.redundant[superfluous.at] = superfluous
    recorder.needed.update(tables.location(at) for at in found.needed)
    recorder.taken += [(store, key, tables.location(at), tables.function(function)) for store, key, at, function in found.taken]
    return recorder


@dataclasses.dataclass(frozen=True, slots=True)
class Form:
    """How values of a type are packed and unpacked."""

    pack: Callable[[Tables, Any], Any]
    unpack: Callable[[Tables, Any], Any]


def _form(hint: Any) -> Form:
    """The form of a field's type."""
    if hint in _FORMS:
        return _FORMS[hint]
    if get_origin(hint) is types.UnionType:
        (inner,) = (_form(each) for each in get_args(hint) if each is not types.NoneType)
        return Form(
            lambda tables, value: None if value is None else inner.pack(tables, value),
            lambda tables, value: None if value is None else inner.unpack(tables, value),
        )
    if get_origin(hint) is tuple:
        element = _form(get_args(hint)[0])
        return Form(
            lambda tables, value: [element.pack(tables, each) for each in value],
            lambda tables, value: tuple([element.unpack(tables, each) for each in value]),
        )
    hints = get_type_hints(hint)
    fields = [(field.name, _form(hints[field.name])) for field in dataclasses.fields(hint)]
    packs, unpacks = [(name, form.pack) for name, form in fields], [form.unpack for _, form in fields]
    return Form(
        lambda tables, value: [pack(tables, getattr(value, name)) for name, pack in packs],
        lambda tables, value: hint(*[unpack(tables, each) for unpack, each in zip(unpacks, value, strict=True)]),
    )


def _all(tables: Tables, form: Form, values: set[Any]) -> list[Any]:
    return [form.pack(tables, value) for value in sorted(values)]


_AS_IT_IS = Form(lambda tables, value: value, lambda tables, value: value)
_FORMS: dict[Any, Form] = {
    str: _AS_IT_IS,
    bool: _AS_IT_IS,
    Location: Form(Tables.number_of_location, Tables.location),
    FunctionId: Form(Tables.number_of_function, Tables.function),
    ClassId: Form(Tables.number_of_class, Tables.cls),
    History: Form(lambda tables, value: [tables.number_of_step(step) for step in value.steps()], Tables.history),
}
_FORMS[Given] = _GIVEN = _form(Given)
_FORMS[Origin] = _ORIGIN = _form(Origin)
_FORMS[Held] = _HELD = _form(Held)
_FORMS[events.AttributeRead] = _form(events.AttributeRead)
_CLASSES: list[type[Event]] = sorted(Event.__subclasses__(), key=lambda cls: cls.__name__)
_NUMBERS = {cls: number for number, cls in enumerate(_CLASSES)}
for _cls in _CLASSES:
    _FORMS[_cls] = _form(_cls)
_REDUNDANT = _FORMS[SessionCallRedundant]
