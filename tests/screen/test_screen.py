"""Which files are captured. A file that says nothing of sessions still matters when instances can reach it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionlint.config import SessionSettings
from sessionlint.knowledge.speaking import SPEAKING
from sessionlint.screen import imports, parses, screen
from sessionlint.screen.imports import imported_names
from sessionlint.screen.screening import speaks
from sessionlint.source import SourceFile


def file(name: str) -> SourceFile:
    is_package = name.endswith("__init__.py")
    module = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return SourceFile(Path("/p") / name, name, module, is_package=is_package)


def kept(files: dict[str, str], sessions: SessionSettings | None = None) -> set[str]:
    contents = {file(name): text.encode() for name, text in files.items()}
    return set(screen(contents, sessions or SessionSettings()))


@pytest.mark.parametrize(
    "text",
    [
        "from sqlalchemy import select",
        "import sqlmodel",
        "session = Session()",
        "st.session_state.user = 1",
        "User.query.get(1)",
        "class A(db.Model): pass",
        "x = db_manager.get_session()",
        "@login.user_loader",
        "x = 1  # noqa: SES101",
        "x = 1  # sessionlint: ignore[SES101]",
    ],
)
def test_words_that_matter(text: str) -> None:
    assert kept({"a.py": text}) == {"a.py"}


@pytest.mark.parametrize("text", ["", "print('hello')", "x = select", "query = 1"])
def test_words_that_do_not(text: str) -> None:
    assert kept({"a.py": text}) == set()


def test_the_projects_own_words() -> None:
    assert kept({"a.py": "c = self.pool.take_one()"}) == set()
    assert kept({"a.py": "c = self.pool.take_one()"}, SessionSettings(acquirers=("pool.take_one",))) == {"a.py"}


def test_importers_and_what_they_import_are_kept() -> None:
    files = {
        "models.py": "from sqlalchemy.orm import relationship",
        "repo.py": "from models import User",
        "service.py": "from repo import find",
        "texts.py": "def describe(invoice): return invoice.client.name",
        "fonts.py": "def font(invoice): return invoice.font",
        "page.py": "import service\nfrom texts import (\n    describe,  # words\n)",
        "constants.py": "A = 1",
        "unrelated.py": "import constants\nimport fonts",
    }
    files["texts.py"] = "import fonts\n" + files["texts.py"]
    assert kept(files) == {"models.py", "repo.py", "service.py", "texts.py", "fonts.py", "page.py"}


@pytest.mark.parametrize(
    ("importer", "line"),
    [
        ("app/views.py", "from .models import User"),
        ("app/views.py", "from . import models"),
        ("app/views.py", "from . import (other,\n    models as m)"),
        ("app/sub/x.py", "from ..models import User"),
        ("app/sub/__init__.py", "from ..models import User"),
        ("main.py", "import os, app.models as m"),
        ("main.py", "from app import other, models"),
        ("main.py", "def f():\n    from app.models import User"),
        ("main.py", "import app.other, \\\n    app.models"),
        ("main.py", "from app.models import User"),
        ("main.py", "from app.models \\\n    import User"),
        ("elsewhere/main.py", "from models import User"),
    ],
)
def test_ways_to_import(importer: str, line: str) -> None:
    assert importer in kept({"app/models.py": "import sqlalchemy", "app/other.py": "", importer: line})


def test_a_package_runs_before_what_is_in_it() -> None:
    assert kept({"app/__init__.py": "", "app/models.py": "import sqlalchemy", "main.py": "import app.models"}) == {
        "app/__init__.py",
        "app/models.py",
        "main.py",
    }


def test_names_of_imports() -> None:
    content = b"from .a import (b, c as d)\nimport x.y as z, w  # v\nfrom .. import e\n"
    assert list(imported_names(content, file("p/q/r.py"))) == ["p.q.a", "p.q.a.b", "p.q.a.c", "p", "p.e", "x.y", "w"]


PIECES = [
    "from",
    "import",
    " ",
    "\n",
    "\r\n",
    "\t",
    "a",
    ".b",
    ", ",
    "(",
    ")",
    "#",
    "\\\n",
    ";",
    " as c",
    "from a import b\n",
    "import d.e\n",
    "*",
]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_imports_are_those_at_the_beginnings_of_lines(source: str) -> None:
    """Found by their words; a pattern that tries every line says the same."""
    content = source.encode()
    pairs = [(imports._FROM, b"from"), (imports._IMPORT, b"import")]
    for pattern, word in pairs:
        anchored = re.compile(rb"^[^\S\n]*(?P<all>" + pattern.pattern + rb")", re.M)
        found = [(match.start(), match.end()) for match in imports._at_beginnings(pattern, word, content)]
        assert found == [match.span("all") for match in anchored.finditer(content)]


WORDS = [
    "session",
    "Session",
    "sqlalchemy",
    ".query",
    "select(",
    ".scalar",
    ".scalars(",
    ".execute(",
    "db.Model",
    "db.Column",
    "SES",
    "SES1",
    "x",
    "1",
]
WORDS += [" ", ".", "(", "selectinload", "user_loader", "acquire", "_", "é"]


@given(st.lists(st.sampled_from(WORDS)).map("".join))
def test_what_speaks_is_what_the_pattern_finds(source: str) -> None:
    content = source.encode()
    pattern = re.compile(b"acquire|" + SPEAKING.encode())
    assert speaks(content, (b"acquire",)) == (pattern.search(content) is not None)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", True),
        (b"x = 1\n", True),
        (b"x = '\\d'\n", True),
        (b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", True),
        (b"x = '\xe9'\n", False),
        (b"x = \n", False),
        (b"x = 1\x00", False),
        (b"# coding: klingon\n", False),
    ],
)
def test_parses(content: bytes, expected: bool) -> None:
    assert parses(content) is expected
