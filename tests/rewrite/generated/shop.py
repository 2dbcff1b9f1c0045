"""The application that generated programs stand in: models, managers with several kinds of scope, helpers. Entry point: `WORLDS`."""

from __future__ import annotations

from dataclasses import dataclass

MODELS = """
from contextlib import contextmanager
from functools import wraps
from flask import g
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, deferred, mapped_column, relationship, sessionmaker
from sqlalchemy import Integer, String


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"
    id = mapped_column(Integer, primary_key=True)
    name = mapped_column(String, nullable=False)
    books = relationship("Book", back_populates="author", order_by="Book.id")

    def write(self, title):
        self.books.append(Book(title=title, price=1))

    @property
    def first(self):
        return self.books[0]


class Book(Base):
    __tablename__ = "books"
    id = mapped_column(Integer, primary_key=True)
    title = mapped_column(String, nullable=False, unique=True)
    price = mapped_column(Integer, default=0)
    notes = deferred(mapped_column(String))
    author_id = mapped_column(ForeignKey("authors.id"))
    author = relationship("Author", back_populates="books")

    def label(self):
        return f"{self.title} by {self.author.name}"

    def rename(self, title):
        self.title = title
        return self

    def cost(self, number):
        return self.price * number


class AppError(Exception):
    pass


class DatabaseFailure(Exception):
    pass


ENGINE = create_engine(DATABASE, connect_args={"timeout": 0})
_make = sessionmaker(bind=ENGINE OPTIONS)
KEPT = []
CACHE = {}


def count_books(session):
    return session.query(Book).count()


def load(session, key):
    return session.get(Book, key)


def save(session, title):
    session.add(Book(title=title, price=5))


def finish(session):
    session.commit()


def undo(session):
    session.rollback()


def keep(value):
    KEPT.append(value)


def check(number):
    if number > 50:
        raise AppError(f"{number} is too much")
    return number


def describe(book):
    return f"{book.title} {book.price} {book.author.name if book.author else '-'}"


def discount(book):
    book.price -= 1
    return book.price


class Shelf:
    def __init__(self, session):
        self.session = session

    def book(self, key):
        return self.session.get(Book, key)

    def size(self):
        return self.session.query(Book).count()

    def add(self, title):
        self.session.add(Book(title=title, price=2))

    @property
    def books(self):
        return self.session.query(Book).order_by(Book.id).all()


@contextmanager
def audited(session):
    before = session.query(Book).count()
    try:
        yield
    finally:
        print("audit", before, session.query(Book).count())


@contextmanager
def logged():
    try:
        yield
    except ValueError as error:
        print("logged", error)


def caught(function):
    @wraps(function)
    def wrapper(*args):
        try:
            return function(*args)
        except Exception as error:
            return f"caught {type(error).__name__}"

    return wrapper


class DatabaseManager:
    def get_session(self):
        return _make()

    def close_session(self, session):
        session.close()


db_manager = DatabaseManager()
"""

UNIFIED = {
    "commits": """
class UnifiedSessionManager:
    def __init__(self, db_manager):
        self.db_manager = db_manager

    @contextmanager
    def get_db_session(self):
        session = self.db_manager.get_session()
        try:
            yield session
            session.commit()
        except Exception:
            session.rollback()
            raise
        finally:
            session.close()
""",
    "commits-else": """
class UnifiedSessionManager:
    def __init__(self, db_manager):
        self.db_manager = db_manager

    @contextmanager
    def get_db_session(self):
        session = _make()
        try:
            yield session
        except:
            session.rollback()
            raise
        else:
            session.commit()
        finally:
            session.close()
""",
    "closes": """
class UnifiedSessionManager:
    def __init__(self, db_manager):
        self.db_manager = db_manager

    @contextmanager
    def get_db_session(self):
        session = self.db_manager.get_session()
        try:
            yield session
        finally:
            session.close()
""",
    "translates": """
class UnifiedSessionManager:
    def __init__(self, db_manager):
        self.db_manager = db_manager

    @contextmanager
    def get_db_session(self):
        session = self.db_manager.get_session()
        try:
            yield session
            session.commit()
        except SQLAlchemyError as error:
            session.rollback()
            raise DatabaseFailure("database") from error
        finally:
            session.close()
""",
    "begins": """
class UnifiedSessionManager:
    def __init__(self, db_manager):
        self.db_manager = db_manager

    @contextmanager
    def get_db_session(self):
        with _make() as session:
            with session.begin():
                yield session
""",
}
"""What `unified_session_manager.get_db_session()` does on leaving, by a name for it."""

REQUEST = {
    "shared": """
class RequestSessionManager:
    def current(self):
        if "db_session" not in g:
            g.db_session = _make()
        return g.db_session

    @contextmanager
    def session_scope(self):
        session = self.current()
        try:
            yield session
            session.commit()
        except Exception:
            session.rollback()
            raise
""",
    "own": """
class RequestSessionManager:
    @contextmanager
    def session_scope(self):
        g.scopes = g.get("scopes", 0) + 1
        session = _make()
        try:
            yield session
            session.commit()
        except Exception:
            session.rollback()
            raise
        finally:
            session.close()
""",
}
"""What `request_session_manager.session_scope()` does."""

TAIL = """
unified_session_manager = UnifiedSessionManager(db_manager)
request_session_manager = RequestSessionManager()


def init_app(app):
    app.unified_session_manager = unified_session_manager

    @app.teardown_request
    def close(error):
        session = g.pop("db_session", None)
        if session is not None:
            session.close()
"""


@dataclass(frozen=True)
class World:
    """One kind of application; `name` says which scopes it has, `source` is the text of its module `shop`."""

    name: str
    source: str
    is_translating: bool


def _world(unified: str, request: str, options: str = "") -> World:
    source = MODELS.replace(" OPTIONS", options) + "\n" + UNIFIED[unified] + "\n" + REQUEST[request] + TAIL
    return World("-".join(part for part in (unified, request, options.strip(", ")) if part), source, unified == "translates")


WORLDS = (
    _world("commits", "shared"),
    _world("commits", "own"),
    _world("closes", "shared"),
    _world("translates", "own"),
    _world("commits-else", "own"),
    _world("commits", "shared", ", expire_on_commit=False"),
    _world("commits", "own", ", autoflush=False"),
    _world("begins", "shared"),
)
