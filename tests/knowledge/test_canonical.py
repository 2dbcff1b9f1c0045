"""The one name of a thing that libraries export under many."""

from __future__ import annotations

import importlib

import pytest

from sessionlint.knowledge import canonical

SAME_OBJECT = [
    ("sqlalchemy.orm.session.Session", "sqlalchemy.orm.Session"),
    ("sqlalchemy.orm.decl_api.DeclarativeBase", "sqlalchemy.orm.DeclarativeBase"),
    ("sqlalchemy.orm.strategy_options.joinedload", "sqlalchemy.orm.joinedload"),
    ("sqlalchemy.orm.scoping.scoped_session", "sqlalchemy.orm.scoped_session"),
    ("sqlalchemy.ext.declarative.declarative_base", "sqlalchemy.orm.declarative_base"),
    ("sqlalchemy.ext.declarative.ConcreteBase", "sqlalchemy.ext.declarative.ConcreteBase"),
    ("sqlalchemy.ext.asyncio.session.AsyncSession", "sqlalchemy.ext.asyncio.AsyncSession"),
    ("sqlalchemy.ext.asyncio.engine.create_async_engine", "sqlalchemy.ext.asyncio.create_async_engine"),
    ("sqlalchemy.future.select", "sqlalchemy.select"),
    ("sqlalchemy.sql.expression.select", "sqlalchemy.select"),
    ("sqlalchemy.sql.func", "sqlalchemy.func"),
    ("sqlalchemy.schema.Column", "sqlalchemy.Column"),
    ("sqlalchemy.types.Integer", "sqlalchemy.Integer"),
    ("sqlalchemy.engine.create_engine", "sqlalchemy.create_engine"),
    ("sqlalchemy.orm.exc.NoResultFound", "sqlalchemy.exc.NoResultFound"),
    ("sqlalchemy.orm.exc.DetachedInstanceError", "sqlalchemy.orm.exc.DetachedInstanceError"),
    ("typing_extensions.Annotated", "typing.Annotated"),
    ("flask.globals.g", "flask.g"),
    ("fastapi.routing.APIRouter", "fastapi.APIRouter"),
    ("starlette.background.BackgroundTask", "fastapi.BackgroundTask"),
    ("flask_login.utils.current_user", "flask_login.current_user"),
]

BY_MEANING = [
    ("sqlmodel.select", "sqlalchemy.select"),
    ("sqlmodel.Session", "sqlalchemy.orm.Session"),
    ("sqlmodel.orm.session.Session", "sqlalchemy.orm.Session"),
    ("sqlmodel.ext.asyncio.session.AsyncSession", "sqlalchemy.ext.asyncio.AsyncSession"),
    ("sqlmodel.main.SQLModel", "sqlmodel.SQLModel"),
    ("sqlmodel.Relationship", "sqlmodel.Relationship"),
    ("flask_sqlalchemy.SQLAlchemy.Column", "sqlalchemy.Column"),
    ("flask_sqlalchemy.SQLAlchemy.relationship", "sqlalchemy.orm.relationship"),
    ("flask_sqlalchemy.SQLAlchemy.orm.joinedload", "sqlalchemy.orm.joinedload"),
    ("flask_sqlalchemy.SQLAlchemy.session", "flask_sqlalchemy.SQLAlchemy.session"),
    ("flask_sqlalchemy.extension.SQLAlchemy", "flask_sqlalchemy.SQLAlchemy"),
    ("sqlalchemy.orm.session.Session.execute", "sqlalchemy.orm.Session.execute"),
    ("sqlalchemy.sql.functions.now", "sqlalchemy.func.now"),
    ("sqlalchemy", "sqlalchemy"),
    ("elsewhere.orm.session.Session", "elsewhere.orm.session.Session"),
]


@pytest.mark.parametrize(("name", "expected"), [*SAME_OBJECT, *BY_MEANING])
def test_canonical(name, expected):
    assert canonical(name) == expected


@pytest.mark.parametrize("name", [name for names in SAME_OBJECT if names[0] != "starlette.background.BackgroundTask" for name in names])
def test_the_names_of_the_table_exist(name):
    module, _, attribute = name.rpartition(".")
    assert hasattr(importlib.import_module(module), attribute)


@pytest.mark.parametrize(("name", "expected"), [*SAME_OBJECT, *BY_MEANING])
def test_a_canonical_name_is_its_own(name, expected):
    assert canonical(expected) == expected
