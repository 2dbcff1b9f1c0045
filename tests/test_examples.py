"""The examples on the rules' pages: the wrong one gives exactly its finding on the marked line, the right one nothing."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent

import pytest

from sessionlint.check import Documentation, all_rules, documentation
from sessionlint.config import Options, load_settings
from sessionlint.pipeline import run

MODELS = """\
from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Annotated

import streamlit as st
from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import ForeignKey, Text, create_engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import (
    DeclarativeBase, Mapped, MappedAsDataclass, Session, joinedload, mapped_column, raiseload, relationship, scoped_session, selectinload,
    sessionmaker, undefer,
)

from managers import db_manager, unified_session_manager

ENGINE = create_engine("sqlite://")
SessionLocal = sessionmaker(ENGINE)
AsyncSessionLocal = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))
app = FastAPI()


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    orders: Mapped[list[Order]] = relationship(back_populates="user")


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    note: Mapped[str] = mapped_column(Text, deferred=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User] = relationship(back_populates="orders")


def show_orders(*arguments):
    st.write("orders")


"""
MARK = re.compile(r"# expect: ([A-Z0-9, ]+)")


def pages(part: str) -> list[object]:
    found = []
    for rule in all_rules():
        examples = getattr(documentation(rule), part)
        found += [pytest.param(rule.code, example, id=f"{rule.code}-{number}") for number, example in enumerate(examples, 1)]
    return found


def program(code: str, example: str) -> str:
    """The example as a module: as it is where it would not parse or defines classes, else as the body of a function."""
    if code == "SES001":
        return example
    if example.startswith(("class ", "def ", "@")):
        return MODELS + example
    kind = "async def" if "async with" in example else "def"
    return MODELS + f"{kind} example(user_id: int):\n" + indent(example, "    ")


def found_in(path: Path, code: str, text: str) -> set[tuple[int, str]]:
    path.write_text(text)
    settings = load_settings([path], isolated=True, overrides=Options(cache=False, extend_select=(code,)))
    own = MODELS.count("\n") if text.startswith(MODELS) else 0  # an application among the models is none of the example's
    found = run([path], settings, jobs=1).findings
    return {(finding.at.range.row, finding.code) for finding in found if finding.at.range.row > own}


@pytest.mark.parametrize(("code", "example"), pages("wrong"))
def test_the_wrong_example_is_reported_where_it_says(code: str, example: str, tmp_path: Path) -> None:
    text = program(code, example)
    marked = {(row, found.group(1).strip()) for row, line in enumerate(text.splitlines(), 1) if (found := MARK.search(line))}
    assert {found for _, found in marked} == {code}
    assert found_in(tmp_path / "example.py", code, text) == marked


@pytest.mark.parametrize(("code", "example"), pages("right"))
def test_the_right_example_is_silent(code: str, example: str, tmp_path: Path) -> None:
    assert MARK.search(example) is None
    assert found_in(tmp_path / "example.py", code, program(code, example)) == set()


@pytest.mark.parametrize("rule", [rule for rule in all_rules() if not rule.is_of_run], ids=lambda rule: rule.code)
def test_each_rule_has_a_wrong_and_a_right_example(rule: object) -> None:
    page: Documentation = documentation(rule)  # type: ignore[arg-type]
    assert (len(page.wrong), len(page.right)) == (1, 1)
