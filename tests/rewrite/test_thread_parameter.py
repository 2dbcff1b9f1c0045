"""thread-parameter: who is threaded, who is not and why, and what tests get that call such functions."""

from __future__ import annotations

import pytest

from tests.rewrite.programs import migrated, migration_of, refused, with_support

HEAD = """import streamlit as st
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from models import Book

ENGINE = create_engine("sqlite://")


def titles():
    return st.session_state.db.query(Book).all()


"""

PAGE = """def page():
    with Session(ENGINE) as session:
        st.session_state.db = session
        st.write(titles())
"""


def test_the_store_goes_with_its_last_reader() -> None:
    after = migrated(HEAD + PAGE).decode()
    assert "def titles(db_session):\n    return db_session.query(Book).all()\n" in after
    assert "as session:\n        st.write(titles(session))\n" in after
    assert "session_state" not in after


@pytest.mark.parametrize(
    "use",
    [
        "st.button('x', on_click=titles)",
        "PAGES = {'titles': titles}",
        "def other(function=titles):\n    return function()",
        "class Shelf:\n    shown = titles",
        "getattr(pages, 'titles')()",
        "titles = st.fragment(titles)",
        "st.write(sorted([], key=lambda x: titles()))",
    ],
)
def test_functions_that_others_call_keep_their_read(use: str) -> None:
    text = f"{HEAD}{PAGE}\n\n{use}\n"
    assert migrated(text).decode() == text
    assert refused(text) == ["not-threaded", "still-read"]


@pytest.mark.parametrize(
    "body",
    [
        "if len(st.query_params):\n    st.session_state.db = session\ntitles()",
        "st.session_state.db = session\nsession = None\ntitles()",
        "st.session_state.setdefault('db', session)\ntitles()",
        "st.session_state.db = session\nother()\ntitles()",
        "titles()\nst.session_state.db = session",
        "for _ in range(2):\n    titles()\n    st.session_state.db = session",
        "try:\n    st.session_state.db = session\nfinally:\n    titles()",
    ],
)
def test_a_variable_that_may_be_something_else_is_not_passed(body: str) -> None:
    other = "def other():\n    st.session_state.db = Session(ENGINE)\n\n\n" if "other" in body else ""
    lines = "".join(f"        {line}\n" for line in body.splitlines())
    text = f"{HEAD}{other}def page():\n    with Session(ENGINE) as session:\n{lines}"
    assert migrated(text).decode() == text
    assert set(refused(text)) == {"not-threaded", "still-read"}


def test_a_variable_that_another_function_binds_is_not_passed() -> None:
    text = HEAD + (
        "def page():\n    def again():\n        nonlocal session\n        session = Session(ENGINE)\n\n"
        "    with Session(ENGINE) as session:\n        st.session_state.db = session\n        again()\n        titles()\n"
    )
    assert migrated(text).decode() == text


def test_a_session_that_nobody_else_keeps_alive_stays() -> None:
    page = "def page():\n    session = Session(ENGINE)\n    st.session_state.db = session\n    titles()\n"
    assert "    st.session_state.db = session\n    titles(session)\n" in migrated(HEAD + page).decode()
    assert refused(HEAD + page) == ["still-read"]


def test_an_identity_is_read_by_the_page_only_where_it_was_read_for_certain() -> None:
    head = HEAD.replace("def titles", "def unused") + (
        "def mine(session: Session):\n    return session.get(Book, st.session_state.user_id)\n\n\n"
        "def some(session: Session, all):\n    if all:\n        return None\n    return session.get(Book, st.session_state.user_id)\n\n\n"
    )
    page = "def page():\n    with Session(ENGINE) as session:\n        st.write(mine(session), some(session, True))\n"
    after = migrated(head + page).decode()
    assert "def mine(session: Session, user_id: int):\n    return session.get(Book, user_id)\n" in after
    assert "st.write(mine(session, st.session_state.user_id), some(session, True))" in after


def test_tests_read_what_the_function_read() -> None:
    test = "from main import titles\n\n\ndef test_titles():\n    assert titles() == []\n"
    texts = with_support(HEAD + PAGE) | {"tests/test_main.py": test.encode()}
    after = {change.name: change.after.decode() for change in migration_of(texts).changes}
    assert after["tests/test_main.py"] == (
        "import streamlit as st\nfrom main import titles\n\n\ndef test_titles():\n    assert titles(st.session_state.db) == []\n"
    )
    assert "st.write(titles(session))" in after["main.py"]


def test_the_framework_s_own_session_is_left() -> None:
    text = (
        "from flask import session as kept\nfrom sqlalchemy.orm import Session\n\n\n"
        "def keep():\n    with Session() as db:\n        kept['db'] = db\n"
    )
    assert migrated(text).decode() == text
    assert refused(text) == ["other-store"]
