"""The one name of a thing that libraries export under many: `canonical("sqlalchemy.orm.session.Session")`."""

from __future__ import annotations

from functools import cache

from sessionlint.knowledge.libraries import PUBLIC_MODULES
from sessionlint.knowledge.sqlalchemy.constructs import canonical_construct


@cache
def canonical(name: str) -> str:
    """The canonical dotted name of `name`, `name` itself where nothing better is known. Attributes after the name are kept.

    SQLAlchemy's names follow its documentation's import paths (docs.sqlalchemy.org, "API"); SQLModel's and Flask-SQLAlchemy's re-exports
    of SQLAlchemy's constructs become SQLAlchemy's.
    """
    root = name.partition(".")[0]
    if root in ("sqlalchemy", "sqlmodel", "flask_sqlalchemy"):
        return canonical_construct(name)
    for private, public in PUBLIC_MODULES.get(root, ()):
        if name.startswith(private):
            return public + name[len(private) :]
    return name
