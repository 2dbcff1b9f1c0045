"""key-not-instance: instances in `session_state`, whose stores and readers change together or not at all."""

from __future__ import annotations

import pytest

from tests.rewrite.programs import migrated, refused

HEAD = """import streamlit as st
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session
from models import Book

ENGINE = create_engine("sqlite://")


def choose():
    with Session(ENGINE) as session:
        st.session_state.book = session.scalars(select(Book)).one()


def chosen():
    with Session(ENGINE) as session:
        book = session.scalars(select(Book)).one()
        st.session_state["book"] = book


"""
KEPT = HEAD.replace("        st.session_state.book = session.scalars(select(Book)).one()\n", "        pass\n")


@pytest.mark.parametrize(
    ("reader", "after"),
    [
        (
            "def show(session: Session):\n    return st.session_state.book.title\n",
            "def show(session: Session):\n    return session.get(Book, st.session_state.book).title\n",
        ),
        ("def key():\n    return st.session_state.book.id\n", "def key():\n    return st.session_state.book\n"),
        (
            "def both(db: Session):\n    book = db.merge(st.session_state['book'])\n    book.title = 'x'\n",
            "def both(db: Session):\n    book = db.get(Book, st.session_state['book'])\n    book.title = 'x'\n",
        ),
        (
            "def own():\n    with Session(ENGINE) as s:\n        book = st.session_state.book\n        return book.title\n",
            "def own():\n    with Session(ENGINE) as s:\n        book = s.get(Book, st.session_state.book)\n        return book.title\n",
        ),
        ("def there():\n    return 'book' in st.session_state\n", "def there():\n    return 'book' in st.session_state\n"),
    ],
)
def test_readers_get_the_instance_again(reader: str, after: str) -> None:
    stored = KEPT.replace('["book"] = book', '["book"] = book.id')
    assert migrated(KEPT + reader).decode() == stored + after


@pytest.mark.parametrize(
    "reader",
    [
        "def show():\n    return st.session_state.book.title\n",
        "def show(session: Session):\n    st.session_state.book.title = 'x'\n",
        "def show(session: Session):\n    return st.session_state.book\n",
        "def show(session: Session):\n    return other(st.session_state.book)\n",
        "def show(session: Session):\n    return st.session_state.get('book')\n",
        "def show(session: Session):\n    return list(st.session_state.values())\n",
        "def show(session: Session):\n    st.session_state.book = None\n",
    ],
)
def test_a_reader_that_cannot_keeps_the_instance_for_all(reader: str) -> None:
    assert migrated(KEPT + reader).decode() == KEPT + reader
    assert set(refused(KEPT + reader)) <= {"reader", "not-by-key"}
    assert refused(KEPT + reader)


def test_an_instance_without_a_variable_is_left() -> None:
    assert migrated(HEAD).decode() == HEAD
    assert refused(HEAD) == ["not-by-key", "not-by-key"]


@pytest.mark.parametrize("change", ["book.title = 'x'", "session.add(Book(title='y'))", "book = Book(title='z'); session.add(book)"])
def test_an_instance_that_is_not_as_in_the_database_is_left(change: str) -> None:
    text = KEPT.replace('        st.session_state["book"]', f'        {change}\n        st.session_state["book"]')
    assert migrated(text).decode() == text
    assert refused(text) == ["not-by-key"]
