"""Runs generated functions against SQLite and says what came of them. Entry point: `Runtime.outcomes`."""

from __future__ import annotations

import contextlib
import gc
import io
import re
import sqlite3
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.orm import Query, Session, close_all_sessions

from tests.rewrite.generated.functions import Entry
from tests.rewrite.generated.shop import World

CALLS = ((1, False), (2, True), (99, True))
"""The arguments `key` and `flag` of the calls that every function gets; there is no book 99."""

_SEED = (
    "delete from books",
    "delete from authors",
    "insert into authors values (1, 'Ann'), (2, 'Bob')",
    "insert into books values (1, 'One', 10, 'old', 1), (2, 'Two', 20, NULL, 2), (3, 'Three', 30, NULL, NULL)",
)
_ADDRESS = re.compile(r"0x[0-9a-f]+")
_DEPTH = 4


@dataclass(frozen=True)
class Outcome:
    """What one call did, described so that the outcomes of two programs can be compared."""

    result: object
    error: tuple[str, ...]
    printed: str
    kept: object
    rows: object
    connections: int
    was_locked: bool
    """Whether the database was found to be locked, by another session of the same call."""


class Runtime:
    """One world, loaded, on a database file in `folder`."""

    def __init__(self, world: World, folder: Path) -> None:
        self.path = folder / f"{world.name}.db"
        self.shop = types.ModuleType("shop")
        self.shop.__dict__["DATABASE"] = f"sqlite:///{self.path}"
        exec(compile(world.source, "shop.py", "exec"), self.shop.__dict__)
        self.engine = self.shop.ENGINE
        event.listen(self.engine, "connect", lambda connection, record: connection.execute("pragma synchronous = off"))
        event.listen(self.engine, "handle_error", self._note)
        self.was_locked = False
        self.raw = sqlite3.connect(self.path, timeout=0, isolation_level=None)
        self.raw.execute("pragma journal_mode = wal")  # readers keep nobody from writing
        self.raw.execute("pragma synchronous = off")
        self.shop.Base.metadata.create_all(self.engine)
        self._seed = self.reset()

    def close(self) -> None:
        self.raw.close()
        self.engine.dispose()

    def _note(self, context: ExceptionContext) -> None:
        self.was_locked |= "database is locked" in str(context.original_exception)

    def rows(self) -> list[list[tuple[object, ...]]]:
        return [self.raw.execute(f"select * from {table} order by id").fetchall() for table in ("authors", "books")]

    def reset(self) -> list[list[tuple[object, ...]]]:
        for statement in _SEED:
            self.raw.execute(statement)
        return self.rows()

    def outcomes(self, source: str, entries: list[Entry]) -> dict[str, list[Outcome]]:
        """The outcomes of the calls of every function."""
        main = types.ModuleType("main")
        before = sys.modules.get("shop")
        sys.modules["shop"] = self.shop
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exec(compile(source, "main.py", "exec"), main.__dict__)
                return {entry.name: [self.outcome(main, entry, *call) for call in CALLS] for entry in entries}
        finally:
            del sys.modules["shop"]
            if before is not None:
                sys.modules["shop"] = before

    def outcome(self, main: types.ModuleType, entry: Entry, key: int, flag: bool) -> Outcome:
        printed = io.StringIO()
        self.was_locked = False
        result: object = None
        error: BaseException | None = None
        with contextlib.redirect_stdout(printed):
            try:
                result = _CALLERS[entry.kind](main, entry.name, key, flag)
            except Exception as raised:
                error = raised
            connections = self.engine.pool.checkedout()
            rows = self.rows()
            was_locked = self.was_locked
            described = self.described(result)
            kept = self.described([self.shop.KEPT, self.shop.CACHE])
            found = Outcome(described, self.error(error), _ADDRESS.sub("0x", printed.getvalue()), kept, rows, connections, was_locked)
        del result, error
        self.clean(rows)
        return found

    def clean(self, rows: object) -> None:
        """Back to the rows and the idle pool that every call begins with."""
        self.shop.KEPT.clear()
        self.shop.CACHE.clear()
        close_all_sessions()
        if self.engine.pool.checkedout():
            gc.collect()
            close_all_sessions()
        assert self.engine.pool.checkedout() == 0
        self.engine.dispose()  # a result that nobody has read to its end keeps the old rows in sight of its connection
        if rows != self._seed or self.rows() != self._seed:
            self.reset()

    # -- description ------------------------------------------------------------------------------------------------

    def error(self, error: BaseException | None) -> tuple[str, ...]:
        if error is None:
            return ()
        cause = self.error(error.__cause__) if error.__cause__ is not None else ()
        return (type(error).__name__, _ADDRESS.sub("0x", str(error)), *cause)

    def described(self, value: Any, depth: int = 0) -> object:
        """What looking into a value shows."""
        if isinstance(value, str):
            return _ADDRESS.sub("0x", value)
        if value is None or isinstance(value, bool | int | float):
            return value
        if depth > _DEPTH:
            return type(value).__name__
        look: Callable[[Any, int], object] = self._other
        if isinstance(value, list | tuple):
            look = lambda items, at: [type(items).__name__, *(self.described(each, at) for each in items)]  # noqa: E731
        elif isinstance(value, dict):
            look = lambda held, at: {_ADDRESS.sub("0x", str(k)): self.described(v, at) for k, v in held.items()}  # noqa: E731
        elif isinstance(value, self.shop.Book):
            look = self._book
        elif isinstance(value, self.shop.Author):
            look = self._author
        return self._tried(lambda: look(value, depth + 1))

    def _tried(self, read: Callable[[], object]) -> object:
        try:
            return read()
        except Exception as error:
            return f"raises {type(error).__name__}"

    def _book(self, book: Any, depth: int) -> object:
        return [
            "Book",
            *(self._tried(lambda name=name: getattr(book, name)) for name in ("id", "title", "price", "notes")),
            self._tried(lambda: book.author and book.author.name),
        ]

    def _author(self, author: Any, depth: int) -> object:
        return ["Author", self._tried(lambda: author.name), self._tried(lambda: [self.described(b, _DEPTH) for b in author.books])]

    def _other(self, value: Any, depth: int) -> object:
        if isinstance(value, Session):
            states = [len(value.new), len(value.dirty), len(list(value.identity_map.values()))]
            return ["Session", states, self._tried(lambda: self.shop.count_books(value))]
        if callable(value):
            return ["function", self.described(value(), depth)]
        if isinstance(value, Query) or hasattr(value, "__next__"):
            return ["lazy", *(self.described(each, depth) for each in value)]
        return type(value).__name__


# -- ways to call -----------------------------------------------------------------------------------------------------


def _plain(main: Any, name: str, key: int, flag: bool) -> object:
    return getattr(main, name)(key, flag)


def _generator(main: Any, name: str, key: int, flag: bool) -> object:
    if key == 2:
        made = getattr(main, name)(key, flag)
        first = next(made)
        made.close()
        return first
    return list(getattr(main, name)(key, flag))


def _async(main: Any, name: str, key: int, flag: bool) -> object:
    coroutine = getattr(main, name)(key, flag)
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    raise AssertionError("nothing here waits")


def _route(main: Any, name: str, key: int, flag: bool) -> object:
    main.app.testing = True
    answer = main.app.test_client().get(f"/{name}/{key}/{int(flag)}")
    return [answer.status_code, answer.get_data(as_text=True)]


def _method(main: Any, name: str, key: int, flag: bool) -> object:
    service = getattr(main, f"Service{name.capitalize()}")(main.db_manager)
    if key == 2:
        with main.app.test_request_context():
            return getattr(service, name)(key, flag)
    return getattr(service, name)(key, flag)


_CALLERS: dict[str, Callable[[Any, str, int, bool], object]] = {
    "plain": _plain,
    "generator": _generator,
    "async": _async,
    "route": _route,
    "method": _method,
}


@contextlib.contextmanager
def without_collection() -> Iterator[None]:
    """No garbage collection inside, so that a leaked connection is one until the count has been taken."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
