"""Queries, statements and results: what a row is and what is loaded of it. Entry points: `query_method`, `executed`, `result_method`,
`select`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from sessionlint.link.symbols import ClassId
from sessionlint.solve.events import QueryGet
from sessionlint.solve.history import EMPTY, History, Step
from sessionlint.solve.orm import failures
from sessionlint.solve.orm.company import bring
from sessionlint.solve.orm.loading import instance_of
from sessionlint.solve.orm.memory import fetched, identified
from sessionlint.solve.state.objects import Arguments, Collection, Instance, Query, Result, Session
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import NONE, ClassValue, Const, Key, MappedName, Option, Ref, Unknown, Value
from sessionlint.solve.walk.exceptions import DATABASE_ERROR
from sessionlint.solve.walk.machine import Frame, Machine, Results
from sessionlint.source import Range

ONE_OR_NONE = frozenset({"first", "one_or_none", "scalar_one_or_none", "scalar"})
ONE = frozenset({"one", "scalar_one"})
MANY = frozenset({"all", "fetchall", "fetchmany", "partitions", "yield_per", "unique", "columns", "mappings", "tuples", "freeze"})


@dataclass(frozen=True, slots=True)
class Given:
    """Loader options found among arguments."""

    options: tuple[Option, ...]
    is_opaque: bool


def options_in(state: PathState, values: Sequence[Value | None]) -> Given:
    """The loader options among `values`, lists of them included; whatever cannot be understood makes the query opaque."""
    options: list[Option] = []
    is_opaque = False
    for raw in values:
        if raw is None:
            continue
        found = state.object(raw)
        if isinstance(raw, Option):
            options.append(raw)
            is_opaque |= raw.is_opaque
        elif isinstance(found, Collection):
            inner = options_in(state, (*(found.items or ()), *found.elements))
            options += inner.options
            is_opaque |= inner.is_opaque
        else:
            is_opaque = True
    return Given(tuple(options), is_opaque)


def entities_of(machine: Machine, state: PathState, values: Sequence[Value]) -> tuple[ClassId | None, ...]:
    """What a row of `query(…)`/`select(…)` holds."""
    entities: list[ClassId | None] = []
    for value in values:
        known = state.value(value)
        if isinstance(known, ClassValue) and known.id in machine.program.models:
            entities.append(known.id)
        elif isinstance(known, MappedName) and known.name == "*":
            entities.append(known.model)
        else:
            # `query(model)` of a parameter: what comes out depends on the caller
            machine.has_generic_query |= isinstance(known, Unknown) and known.key[0] != "sql"
            entities.append(None)
    return tuple(entities)


def select(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    """`select(…)`."""
    query = Query(entities_of(machine, state, arguments.positional), None, made_at=frame.at(at), is_opaque=arguments.is_open)
    return [(state, state.put(frame.site(at, "select"), query))]


def query(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    """`Query(User)`, `Query([User, Order], session)`: a query that was made without asking a session for it."""
    given = arguments.get(0, "entities")
    found = state.object(given)
    entities = (*(found.items or ()), *found.elements) if isinstance(found, Collection) else (given,) if given is not None else ()
    session = arguments.get(1, "session")
    made = Query(entities_of(machine, state, entities), session if session != NONE else None, is_legacy=True, made_at=frame.at(at))
    return [(state, state.put(frame.site(at, "query"), made))]


def queried(machine: Machine, frame: Frame, state: PathState, session: Key | None, model: ClassId, at: Range) -> History:
    """The history of an instance that comes out of a query run here."""
    facts = machine.program.models.get(model)
    found = state.heap.get(session) if session is not None else None
    history = EMPTY
    opened = found.history.first("session") if isinstance(found, Session) else None
    if opened is not None:
        history = history.then(opened)
    return history.then(Step("query", frame.at(at), f"`{facts.name if facts else 'the instance'}` is queried here"))


def row_of(machine: Machine, frame: Frame, state: PathState, query: Query, session: Key | None, at: Range) -> Value:
    """One row of a query: the instance itself for a single entity, else a tuple."""
    made = query.made_at.range if query.made_at is not None and query.made_at.file == frame.file else at
    values: list[Value] = []
    if query.made_at is not None:
        machine.recorder.ran(query.made_at, query.options, is_opaque=query.is_opaque)
    for position, entity in enumerate(query.entities):
        key = frame.site(at, f"row{position}")
        if entity is None:
            values.append(machine.fresh(frame, state, at, f"column{position}"))
            continue
        history = queried(machine, frame, state, session, entity, made)
        thing = instance_of(machine, entity, session, query.options, query.is_opaque, history)
        thing = replace(thing, identity=query.identity, queried_at=query.made_at or frame.at(at))
        found_again(machine, state, thing)
        values.append(state.put(key, thing))
    if not values:
        return machine.fresh(frame, state, at, "row")
    if len(values) == 1:
        return values[0]
    return state.put(frame.site(at, "row"), Collection("tuple", tuple(values)))


def found_again(machine: Machine, state: PathState, thing: Instance) -> None:
    """A query may bring instances that are in the session already: expired ones get their columns back, all get what it loads eagerly.

    https://docs.sqlalchemy.org/en/20/orm/session_api.html#sqlalchemy.orm.Session.get
    """
    for key, found in list(state.heap.items()):
        if not isinstance(found, Instance) or found.session is None or found.session != thing.session or found.is_transient:
            continue
        if machine.program.are_related(found.model, thing.model):
            now = fetched(machine, found)
            state.heap[key] = replace(now, loaded=now.loaded | thing.loaded)
    bring(machine, state, thing)


def query_method(machine: Machine, frame: Frame, state: PathState, key: Key, name: str, arguments: Arguments, at: Range) -> Results:
    """`query.name(…)`."""
    query = state.heap[key]
    assert isinstance(query, Query)
    session = state.value(query.session) if query.session is not None else None
    owner = session.key if isinstance(session, Ref) else None
    if query.made_at is not None:
        machine.recorder.called(query.made_at, name)
    changed = _changed(machine, state, query, name, arguments)
    if changed is not None:
        return [(state, state.put(frame.site(at, "query"), changed))]
    if name == "get" and query.is_legacy:
        machine.recorder.add(QueryGet(frame.at(at), frame.function, EMPTY, query.entities[0] if query.entities else None))
        query = replace(query, identity=arguments.get(0, "ident"))
        model = query.entities[0] if len(query.entities) == 1 and not query.refreshes else None
        known = from_identity_map(machine, state, owner, model, query.identity) if owner and model else None
        if known is not None:
            return [(state, known)]
    if name in ONE_OR_NONE | ONE | {"get", "all", "scalars"} and query.is_legacy:
        _run(machine, frame, state, owner, query, at)
        return _fetched(machine, frame, state, query, owner, name, at)
    if name in {"count", "delete", "update", "exists", "scalar_subquery", "subquery", "as_scalar", "label", "cte"}:
        if name in {"count", "delete", "update"}:
            _run(machine, frame, state, owner, query, at)
        return [(state, machine.fresh(frame, state, at, name))]
    return [(state, state.put(frame.site(at, "query"), query))]


def _changed(machine: Machine, state: PathState, query: Query, name: str, arguments: Arguments) -> Query | None:
    """The query after a method that says more of what it brings; None for any other method."""
    match name:
        case "options":
            given = options_in(state, arguments.positional)
            is_opaque = query.is_opaque or given.is_opaque or arguments.is_open
            return replace(query, options=query.options + given.options, is_opaque=is_opaque)
        case "with_entities" | "with_only_columns":
            return replace(query, entities=entities_of(machine, state, arguments.positional))
        case "add_columns" | "add_column" | "add_entity":
            return replace(query, entities=query.entities + entities_of(machine, state, arguments.positional))
        case "with_session":
            return replace(query, session=arguments.get(0, "session"))
        case "filter_by":
            return replace(query, identity=_identity_in(machine, query, arguments) or query.identity)
        case "populate_existing" | "with_for_update":
            return replace(query, refreshes=True)
        case _:
            return None


def from_identity_map(machine: Machine, state: PathState, session: Key, model: ClassId, identity: Value | None) -> Ref | None:
    """What a `get` that does not insist on new data returns where the row is in the session already."""
    known = identified(machine, state, session, model, identity)
    thing = state.heap.get(known) if known is not None else None
    if known is None or not isinstance(thing, Instance):
        return None
    state.heap[known] = fetched(machine, thing)
    return Ref(known)


def _identity_in(machine: Machine, query: Query, arguments: Arguments) -> Value | None:
    """The primary key in `filter_by(id=pk)`."""
    entity = query.entities[0] if len(query.entities) == 1 else None
    model = machine.program.models.get(entity) if entity is not None else None
    keys = [name for name, found in model.attributes.items() if found.is_primary_key] if model is not None else []
    return dict(arguments.keywords).get(keys[0]) if len(keys) == 1 else None


def _run(machine: Machine, frame: Frame, state: PathState, session: Key | None, query: Query, at: Range) -> None:
    """A query runs on its session."""
    if session is not None:
        failures.work(machine, frame, state, session, "run query", at, any(entity is not None for entity in query.entities))
    machine.may_raise(frame, state, at, DATABASE_ERROR)
    found = state.heap.get(session) if session is not None else None
    if isinstance(found, Session) and session is not None:
        state.heap[session] = replace(found, is_used=True, has_begun=True)


def _fetched(machine: Machine, frame: Frame, state: PathState, query: Query, session: Key | None, name: str, at: Range) -> Results:
    if name == "scalar":
        query = replace(query, entities=query.entities[:1])
    row = row_of(machine, frame, state, query, session, at)
    if name in {"all", "scalars"}:
        return [(state, state.put(frame.site(at, "all"), Collection("list", None, (), (row,))))]
    return [(state, nullable(state, row) if name in ONE_OR_NONE | {"get"} else row)]


def nullable(state: PathState, value: Value) -> Value:
    """`value`, which may also be None."""
    found = state.object(value)
    if isinstance(found, Instance) and isinstance(value, Ref):
        state.heap[value.key] = replace(found, is_nullable=True)
    return value


def executed(machine: Machine, frame: Frame, state: PathState, key: Key, name: str, arguments: Arguments, at: Range) -> Results:
    """`session.execute(statement)`, `scalars`, `scalar`, `exec`, `stream`."""
    statement = state.object(arguments.get(0, "statement"))
    if not isinstance(statement, Query):
        row: Value = machine.fresh(frame, state, at, "row")
        return [(state, state.put(frame.site(at, "result"), Result(row, name != "execute")))]
    if name in {"scalar", "scalars", "stream_scalars"}:
        statement = replace(statement, entities=statement.entities[:1])
    given = options_in(state, [value for keyword, value in arguments.keywords if keyword == "options"])
    statement = replace(statement, options=statement.options + given.options, is_opaque=statement.is_opaque or given.is_opaque)
    row = row_of(machine, frame, state, statement, key, at)
    if name == "scalar":
        return [(state, nullable(state, row))]
    is_scalars = name in {"scalars", "stream_scalars"} or (name == "exec" and len(statement.entities) == 1)
    if not is_scalars and len(statement.entities) == 1:
        row = state.put(frame.site(at, "row"), Collection("tuple", (row,)))
    return [(state, state.put(frame.site(at, "result"), Result(row, is_scalars)))]


def result_method(machine: Machine, frame: Frame, state: PathState, key: Key, name: str, arguments: Arguments, at: Range) -> Results:
    """`result.name(…)` of a `Result` or `ScalarResult`."""
    result = state.heap[key]
    assert isinstance(result, Result)
    if name == "scalars":
        position = arguments.get(0, "index")
        index = position.value if isinstance(position, Const) and isinstance(position.value, int) else 0
        return [(state, state.put(frame.site(at, "scalars"), Result(_column(state, result, index), True)))]
    if name in {"scalar", "scalar_one", "scalar_one_or_none", "scalar_or_none"}:
        value = _column(state, result, 0)
        return [(state, value if name == "scalar_one" else nullable(state, value))]
    if name in {"first", "one_or_none", "fetchone"}:
        return [(state, nullable(state, result.row))]
    if name == "one":
        machine.may_raise(frame, state, at, DATABASE_ERROR)
        return [(state, result.row)]
    if name in {"all", "fetchall", "fetchmany"}:
        return [(state, state.put(frame.site(at, "all"), Collection("list", None, (), (result.row,))))]
    if name == "partitions":
        part = state.put(frame.site(at, "part"), Collection("list", None, (), (result.row,)))
        return [(state, state.put(frame.site(at, "parts"), Collection("list", None, (), (part,))))]
    if name == "mappings":
        row = state.put(frame.site(at, "mapping"), Collection("dict", None, (), (result.row,)))
        return [(state, state.put(frame.site(at, "mappings"), Result(row, True)))]
    if name in {"unique", "yield_per", "tuples", "columns", "freeze"}:
        return [(state, Ref(key))]
    return [(state, NONE if name == "close" else machine.fresh(frame, state, at, name))]


def _column(state: PathState, result: Result, index: int) -> Value:
    row = state.object(result.row)
    if not result.is_scalars and isinstance(row, Collection) and row.items is not None and index < len(row.items):
        return row.items[index]
    return result.row if result.is_scalars or isinstance(row, Instance) else Unknown((index, "column", str(result.row)))
