"""query-get: both spellings are one to SQLAlchemy, and where the program has something of its own in its place the call stays."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import pytest
from sqlalchemy import ForeignKey, create_engine, event
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship

from tests.rewrite.programs import migrated, refused, safely_migrated


class Base(DeclarativeBase):
    pass


class Owner(Base):
    __tablename__ = "owners"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    cars: Mapped[list[Car]] = relationship()


class Car(Base):
    __tablename__ = "cars"
    country: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owners.id"))


Get = Callable[[Session], object]
PAIRS: dict[str, tuple[Get, Get]] = {
    "key": (lambda s: s.query(Owner).get(1), lambda s: s.get(Owner, 1)),
    "keyword": (lambda s: s.query(Owner).get(ident=1), lambda s: s.get(Owner, ident=1)),
    "no such row": (lambda s: s.query(Owner).get(9), lambda s: s.get(Owner, 9)),
    "no key": (lambda s: s.query(Owner).get(None), lambda s: s.get(Owner, None)),
    "tuple": (lambda s: s.query(Car).get(("D", 1)), lambda s: s.get(Car, ("D", 1))),
    "dictionary": (
        lambda s: s.query(Car).get({"country": "D", "number": 1}),
        lambda s: s.get(Car, {"country": "D", "number": 1}),
    ),
    "too few": (lambda s: s.query(Car).get("D"), lambda s: s.get(Car, "D")),
    "options": (
        lambda s: s.query(Owner).options(joinedload(Owner.cars)).get(1),
        lambda s: s.get(Owner, 1, options=[joinedload(Owner.cars)]),
    ),
    "refreshed": (lambda s: s.query(Owner).populate_existing().get(1), lambda s: s.get(Owner, 1, populate_existing=True)),
    "locked": (
        lambda s: s.query(Owner).with_for_update(nowait=True).get(1),
        lambda s: s.get(Owner, 1, with_for_update={"nowait": True}),
    ),
    "execution options": (
        lambda s: s.query(Owner).execution_options(note="x").get(1),
        lambda s: s.get(Owner, 1, execution_options={"note": "x"}),
    ),
}


def _seen(get: Get, prepare: Callable[[Session], object]) -> tuple[object, list[str]]:
    """What comes out of a `get` in a session with something in it, and the statements that it took."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    statements: list[str] = []
    with Session(engine) as session:
        session.add_all([Owner(id=1, name="ann", cars=[Car(country="D", number=1)]), Owner(id=2, name="bo")])
        session.commit()
        kept = prepare(session)
        event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2].replace("anon_1_", "")))
        try:
            found = get(session)
        except InvalidRequestError as error:
            return str(error).partition(";")[0], statements
        shown = (vars(found).get("name"), sorted(key for key in vars(found) if key[0] != "_"), found is kept) if found else None
        return shown, statements


PREPARED: dict[str, Callable[[Session], object]] = {
    "nothing": lambda s: s.expunge_all(),
    "loaded": lambda s: (s.expunge_all(), s.query(Owner).filter_by(id=1).one())[1],
    "expired": lambda s: s.query(Owner).filter_by(id=1).one().__class__ and (s.expire_all(), s.query(Owner).first())[1],
    "pending": lambda s: s.add(Owner(id=9, name="new")),
    "changed": lambda s: setattr(s.query(Owner).filter_by(id=1).one(), "name", "Ann"),
    "deleted": lambda s: s.delete(s.query(Owner).filter_by(id=2).one()),
}


@pytest.mark.parametrize("prepare", PREPARED.values(), ids=PREPARED)
@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_both_are_one_to_sqlalchemy(pair: tuple[Get, Get], prepare: Callable[[Session], object]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert _seen(pair[0], prepare) == _seen(pair[1], prepare)


PLAIN = """from models import Book


def work(session):
    return session.query(Book).get(1)
"""


def test_mocked_queries_stay() -> None:
    mocks = "def test_it(session):\n    session.query.return_value.get.return_value = None\n"
    assert refused(PLAIN) == []
    assert refused(PLAIN, test_it=mocks) == ["mocked"]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("session.query(Book).filter_by(title='a').get(1)", "other-call"),
        ("session.query(Book.id).get(1)", ""),
        ("session.query(Book, Book.id).get(1)", "not-a-class"),
        ("session.query(Book).get(1, 2)", "odd-arguments"),
        ("session.query(Book).options([]).get(1)", "other-call"),
        ("made(session).get(1)", "query-elsewhere"),
    ],
)
def test_left(call: str, code: str) -> None:
    main = f"from models import Book\n\n\ndef made(session):\n    return session.query(Book)\n\n\ndef work(session):\n    return {call}\n"
    assert refused(main) == ([code] if code else [])


def test_safe_where_only_sessions_have_queries() -> None:
    changed = PLAIN.replace("query(Book).get(1)", "get(Book, 1)").encode()
    assert safely_migrated(PLAIN) == changed
    lookalike = PLAIN + "\n\nclass Directory:\n    def query(self, kind):\n        return {}\n"
    assert safely_migrated(lookalike) == lookalike.encode()
    assert migrated(lookalike) == lookalike.replace("query(Book).get(1)", "get(Book, 1)").encode()
