"""What a scope does when it is left, read from its body."""

# ruff: noqa: E501 -- one program a line
from __future__ import annotations

import pytest

HEAD = """
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from contextvars import ContextVar
from flask import current_app, g, has_request_context
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import Session, scoped_session, sessionmaker
factory = sessionmaker()
keeping = sessionmaker(expire_on_commit=False)
registry = scoped_session(factory)
async_factory = async_sessionmaker(expire_on_commit=False)
current = ContextVar("current")
class Manager:
    def __init__(self, db_manager):
        self.db_manager = db_manager
        self._factory = sessionmaker(expire_on_commit=False)
    @contextmanager
    def plain(self):
        s = self._factory()
        try:
            yield s
        finally:
            s.close()
manager = Manager(None)
"""

FLAGS = ("is_async", "commits", "rolls_back", "closes", "expires", "is_request_bound", "is_shared")

FULL = """
    session = factory()
    try:
        yield session
        session.commit()
    except Exception:
        session.rollback()
        raise
    finally:
        session.close()
"""

BODIES = [
    (FULL, "commits rolls_back closes expires same"),
    (FULL.replace("factory()", "keeping()"), "commits rolls_back closes same"),
    (FULL.replace("raise", "raise RuntimeError()"), "commits rolls_back closes expires translated"),
    (FULL.replace("except Exception:", "except Exception as error:").replace("raise", "raise error"), "commits rolls_back closes expires same"),
    (FULL.replace("except Exception:", "except SQLAlchemyError as error:").replace("raise", "raise ValueError from error"),
     "commits rolls_back closes expires translated"),
    (FULL.replace("raise", "pass"), "commits rolls_back closes expires swallowed"),
    (FULL.replace("        raise", "        if session:\n            raise"), "commits rolls_back closes expires swallowed"),
    (FULL.replace("        session.close()", "        session.close()\n        return"), "commits rolls_back closes expires swallowed"),
    (FULL.replace("        session.commit()\n", ""), "rolls_back closes same"),
    ("\n    session = factory()\n    try:\n        yield session\n    except Exception:\n        session.rollback()\n        raise\n"
     "    else:\n        session.commit()\n    finally:\n        session.close()\n", "commits rolls_back closes expires same"),
    ("\n    session = factory()\n    yield session\n    session.commit()\n    session.close()\n", "commits closes expires same"),
    ("\n    session = factory()\n    session.commit()\n    try:\n        yield session\n    finally:\n        session.close()\n", "closes same"),
    ("\n    with factory() as session:\n        yield session\n", "closes same"),
    ("\n    with factory() as session:\n        yield session\n        session.commit()\n", "commits closes expires same"),
    ("\n    with factory.begin() as session:\n        yield session\n", "commits rolls_back closes expires same"),
    ("\n    with keeping.begin() as session:\n        yield session\n", "commits rolls_back closes same"),
    ("\n    with Session(1) as session, session.begin():\n        yield session\n", "commits rolls_back closes expires same"),
    ("\n    with Session(1, expire_on_commit=False) as session:\n        with session.begin():\n            yield session\n", "commits rolls_back closes same"),
    ("\n    with closing(factory()) as session:\n        yield session\n", "nothing"),
    ("\n    session = factory()\n    with closing(session):\n        yield session\n", "closes same"),
    ("\n    session = factory()\n    with suppress(KeyError):\n        yield session\n    session.close()\n", "closes swallowed"),
    ("\n    session = registry()\n    try:\n        yield session\n        session.commit()\n    finally:\n        registry.remove()\n",
     "commits closes expires is_shared same"),
    ("\n    session = current.get()\n    yield session\n    session.commit()\n", "commits is_shared same"),
    ("\n    if 'db' not in g:\n        g.db = factory()\n    yield g.db\n", "is_request_bound is_shared same"),
    ("\n    session = current_app.db_manager.get_session()\n    try:\n        yield session\n    finally:\n        session.close()\n",
     "closes is_request_bound same"),
    ("\n    session = db_manager.get_session()\n    try:\n        yield session\n    finally:\n        db_manager.close_session(session)\n", "closes same"),
    ("\n    session = factory()\n    try:\n        yield session\n    finally:\n        finish(session)\n", "commits closes expires same"),
    ("\n    with manager.plain() as session:\n        yield session\n", "closes same"),
    ("\n    with manager.plain() as session:\n        yield session\n        session.commit()\n", "commits closes same"),
    ("\n    import sqlite3\n    conn = sqlite3.connect('')\n    try:\n        yield conn\n        conn.commit()\n    finally:\n        conn.close()\n", "nothing"),
    ("\n    import sqlite3\n    session = sqlite3.connect('')\n    yield session\n    session.commit()\n", "nothing"),
    ("\n    session = open_somehow()\n    yield session\n    session.commit()\n", "commits same"),
    ("\n    lock = factory\n    yield lock\n", "nothing"),
    ("\n    yield factory()\n", "same"),
    ("\n    yield\n", "nothing"),
    ("\n    session = None\n    try:\n        session = factory()\n        yield session\n    finally:\n        if session:\n            session.close()\n",
     "closes same"),
]  # fmt: skip


def spelled(scope) -> str:
    if scope is None:
        return "nothing"
    return " ".join([*(flag for flag in FLAGS if getattr(scope, flag)), scope.errors])


@pytest.mark.parametrize(("body", "expected"), BODIES)
def test_generators(build, body, expected):
    helper = "def finish(session):\n    session.commit()\n    session.close()\n"
    program = build(f"{HEAD}{helper}@contextmanager\ndef scope():{body}")
    assert spelled(program.program.scopes.get(program.function("main.py", "scope"))) == expected


@pytest.mark.parametrize(
    ("source", "qualname", "expected"),
    [
        ("@asynccontextmanager\nasync def scope():\n    async with async_factory() as session:\n        yield session\n        await session.commit()\n",
         "scope", "is_async commits closes same"),
        ("@asynccontextmanager\nasync def scope():\n    async with async_factory.begin() as session:\n        yield session\n",
         "scope", "is_async commits rolls_back closes same"),
        ("def scope():\n    yield factory()\n", "scope", "nothing"),
        ("def scope():\n    return factory.begin()\n", "scope", "commits rolls_back closes expires same"),
        ("def scope():\n    return factory()\n", "scope", "nothing"),
        ("def scope():\n    return manager.plain()\n", "scope", "closes same"),
        ("class A:\n    def __init__(self, m: Manager):\n        self.m = m\n    def scope(self):\n        return self.m.plain()\n", "A.scope", "closes same"),
        ("class A:\n    def scope(self):\n        return self.unknown.plain()\n", "A.scope", "closes same"),
        ("@contextmanager\ndef one():\n    with two() as s:\n        yield s\n@contextmanager\ndef two():\n    with one() as s:\n        yield s\n", "one", "nothing"),
        ("class A:\n    def get(self):\n        if not has_request_context():\n            raise RuntimeError\n        if not hasattr(g, 'db'):\n"
         "            g.db = factory()\n        return g.db\n    @contextmanager\n    def scope(self):\n        session = self.get()\n        try:\n"
         "            yield session\n            session.commit()\n        except Exception:\n            session.rollback()\n            raise\n",
         "A.scope", "commits rolls_back expires is_request_bound is_shared same"),
        ("class A:\n    def __enter__(self):\n        self.session = factory()\n        return self.session\n    def __exit__(self, kind, error, trace):\n"
         "        if kind:\n            self.session.rollback()\n        else:\n            self.session.commit()\n        self.session.close()\n",
         "A.__enter__", "commits rolls_back closes expires same"),
        ("class A:\n    def __enter__(self):\n        session = self.session = keeping()\n        return session\n    def __exit__(self, kind, error, trace):\n"
         "        self.session.commit()\n        return True\n", "A.__enter__", "commits swallowed"),
        ("class A:\n    def __init__(self, session: Session):\n        self.session = session\n    def __enter__(self):\n        return self.session\n"
         "    def __exit__(self, kind, error, trace):\n        if error:\n            raise ValueError from error\n", "A.__enter__", "is_shared translated"),
        ("class A:\n    async def __aenter__(self):\n        self.s = async_factory()\n        return self.s\n    async def __aexit__(self, *args):\n"
         "        await self.s.close()\n", "A.__aenter__", "is_async closes same"),
        ("class A:\n    def __enter__(self):\n        return self\n    def __exit__(self, *args): ...\n", "A.__enter__", "nothing"),
        ("class A:\n    def __enter__(self):\n        return open('x')\n    def __exit__(self, *args): ...\n", "A.__enter__", "nothing"),
    ],
)  # fmt: skip
def test_others(build, source, qualname, expected):
    program = build(HEAD + source)
    assert spelled(program.program.scopes.get(program.function("main.py", qualname))) == expected


def test_names_and_order(build):
    program = build({"b.py": HEAD, "a.py": HEAD})
    assert [(scope.function.file, scope.qualname) for scope in program.program.scopes.values()] == [
        ("a.py", "Manager.plain"),
        ("b.py", "Manager.plain"),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", True),
        ("from sqlalchemy.orm import sessionmaker\nS = sessionmaker()", True),
        ("from sqlalchemy.orm import sessionmaker\nS = sessionmaker(expire_on_commit=True)", True),
        ("from sqlalchemy.orm import sessionmaker\nS = sessionmaker()\nT = sessionmaker(expire_on_commit=False)", False),
        ("import sqlalchemy.ext.asyncio as a\ndef f():\n    return a.async_sessionmaker(expire_on_commit=False)", False),
        ("from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy(session_options={'expire_on_commit': False})", False),
        ("from elsewhere import sessionmaker\nS = sessionmaker(expire_on_commit=False)", True),
    ],
)
def test_default_expiry(build, source, expected):
    assert build(source).program.default_expiry is expected
