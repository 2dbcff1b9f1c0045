"""What holds executable cases to their headers: it has to complain, or a case proves nothing. And which versions a case names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cases import FIXTURES, PROGRAMS, Case, cases
from tests.execution import NEEDS_MARK, server

RAISES = """
from sqlalchemy.orm.exc import DetachedInstanceError


def main():
    try:
        raise KeyError("first")
    except KeyError as error:
        raise DetachedInstanceError("second") from error{mark}
"""
HOLDS = """
from sqlalchemy import create_engine
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool)
KEPT = []


def main():
    connection = ENGINE.connect()
    {end}
"""
NEW_IN_2 = re.compile(r"\b(DeclarativeBase|MappedAsDataclass|mapped_column|Mapped|async_sessionmaker|AsyncAttrs|sqlmodel)\b")


def complaint(folder: Path, header: str, text: str) -> str | None:
    path = folder / "program.py"
    path.write_text(f'"""A case."""\n# case: {header}\n{text}')
    return server().complaint(Case(path, folder))


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("outcome=ok", "def main():\n    print('said')\n"),
        ("outcome=DetachedInstanceError", RAISES.format(mark="  # expect: SES301")),
        ("outcome=KeyError", RAISES.format(mark="  # expect: SES301")),
        ("outcome=leak", HOLDS.format(end="KEPT.append(connection)")),
        ("outcome=static", "import no_such_module\n"),
        ("outcome=ok sqlalchemy=<1", "raise SystemExit\n"),
    ],
)
def test_no_complaint(tmp_path: Path, header: str, text: str) -> None:
    assert complaint(tmp_path, header, text) is None


@pytest.mark.parametrize(
    ("header", "text", "told"),
    [
        ("outcome=ok", RAISES.format(mark=""), "raised"),
        ("outcome=MissingGreenlet", RAISES.format(mark="  # expect: SES303"), "wanted MissingGreenlet"),
        ("outcome=DetachedInstanceError", RAISES.format(mark=""), "raised on an unmarked line"),
        ("outcome=DetachedInstanceError", "def main():\n    pass  # expect: SES301\n", "wanted DetachedInstanceError"),
        ("outcome=leak", HOLDS.format(end="connection.close()"), "no connection is left checked out"),
        ("outcome=static", "def main(:\n", "does not parse"),
        ("outcome=ok", "from sqlalchemy.orm import no_such_name\n", NEEDS_MARK),
        ("outcome=ok", "import os\ndef main():\n    os._exit(3)\n", "raised"),
    ],
)
def test_a_complaint(tmp_path: Path, header: str, text: str, told: str) -> None:
    said = complaint(tmp_path, header, text)
    assert said is not None
    assert said.startswith(told)


def is_new(case: Case) -> bool:
    """Whether a line that imports names something of SQLAlchemy 2.0, or SQLModel, which there is none of for 1.4."""
    lines = (line for path in case.files if path.suffix == ".py" for line in path.read_text().splitlines())
    return any(NEW_IN_2.search(line) for line in lines if re.match(r"(from|import) (sqlalchemy|sqlmodel)\b", line))


def test_what_needs_sqlalchemy_2_says_so() -> None:
    unmarked = [
        case.id
        for case in [*cases(FIXTURES), *cases(PROGRAMS)]
        if case.header["outcome"] != "static" and "sqlalchemy" not in case.header and is_new(case)
    ]
    assert unmarked == [], "`make versions ARGS=--mark` marks them"
