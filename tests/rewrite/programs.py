"""Programs for the tests of this room, made from texts: no files, no pipeline."""

from __future__ import annotations

from pathlib import Path

from sessionlint.capture import capture
from sessionlint.check import Applicability, check
from sessionlint.config import Settings
from sessionlint.link import Program, link
from sessionlint.rewrite import Codemod, Migration, migrate
from sessionlint.solve import solve
from sessionlint.source import SourceFile

SETTINGS = Settings(root=Path("/project"))

MANAGERS = """
from contextlib import contextmanager
from flask import g
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker
_make = sessionmaker(bind=create_engine("sqlite://"))
class DatabaseManager:
    def get_session(self):
        return _make()
class UnifiedSessionManager:
    @contextmanager
    def get_db_session(self):
        session = _make()
        try:
            yield session
            session.commit()
        except Exception as error:
            session.rollback()
            RAISE
        finally:
            session.close()
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
db_manager = DatabaseManager()
unified_session_manager = UnifiedSessionManager()
request_session_manager = RequestSessionManager()
"""

MODELS = """
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
class Base(DeclarativeBase):
    pass
class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
"""

HEAD = "from managers import db_manager, unified_session_manager\nfrom models import Book\n\n\n"


def program_of(texts: dict[str, bytes]) -> Program:
    """The linked program of some files."""
    files = {}
    for name, content in texts.items():
        module = name.removesuffix(".py").replace("/", ".")
        files[name] = (SourceFile(SETTINGS.root / name, name, module), capture(content))
    return link(files, SETTINGS)


def with_support(main: str | bytes, *, translating: bool = False, **others: str) -> dict[str, bytes]:
    """`main.py` with the models and managers that it imports."""
    managers = MANAGERS.replace("RAISE", "raise RuntimeError('database') from error" if translating else "raise")
    texts = {"managers.py": managers.encode(), "models.py": MODELS.encode()}
    texts |= {f"{name}.py": text.encode() for name, text in others.items()}
    return texts | {"main.py": main if isinstance(main, bytes) else main.encode()}


def migration_of(texts: dict[str, bytes], codemods: list[type[Codemod]] | None = None) -> Migration:
    """What migrating the whole program gives; all codemods are run unless some are named."""
    program = program_of(texts)
    return migrate(program, SETTINGS, texts, lambda spot: True, check(program, solve(program), SETTINGS), codemods=codemods)


def migrated(main: str | bytes, **options: bool) -> bytes:
    """`main.py` after the migration."""
    texts = with_support(main, **options)
    found = {change.name: change.after for change in migration_of(texts).changes}
    return found.get("main.py", texts["main.py"])


def safely_migrated(main: str) -> bytes:
    """`main.py` after what can be done to it without any risk."""
    texts = with_support(main)
    program = program_of(texts)
    findings = check(program, solve(program), SETTINGS)
    done = migrate(program, SETTINGS, texts, lambda spot: True, findings, trusted=[Applicability.SAFE])
    return {change.name: change.after for change in done.changes}.get("main.py", texts["main.py"])


def refused(main: str, *, translating: bool = False, **others: str) -> list[str]:
    """The codes of the refusals in `main.py`, in order."""
    return [site.code for site in migration_of(with_support(main, translating=translating, **others)).left if site.file == "main.py"]
