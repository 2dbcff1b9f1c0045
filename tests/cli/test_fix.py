"""`sessionlint check --fix` and its companions as users run them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command

HEAD = """from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

engine = create_engine("sqlite://")


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    books: Mapped[list["Book"]] = relationship()


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))


def find(session: Session, number: int) -> Book | None:
    return {get}


def titles(number: int) -> list[int]:
    with Session(engine) as session:
        author = session.get(Author, number{options})
    return [book.id for book in author.books]
"""

BEFORE = HEAD.format(get="session.query(Book).get(number)", options="")
SAFE = HEAD.format(get="session.get(Book, number)", options="")
ALL = HEAD.format(get="session.get(Book, number)", options=", options=[selectinload(Author.books)]").replace(
    "mapped_column, relationship", "mapped_column, relationship, selectinload"
)
LEFT_1 = "sessionlint: exit status 1: 1 finding remains\n"
LEFT_2 = "sessionlint: exit status 1: 2 findings remain\n"
HIDDEN = " (1 additional fix available with `--unsafe-fixes`).\n"


@pytest.fixture
def file(project: Path) -> Path:
    """A file with one finding that has a safe fix and one that has an unsafe one."""
    path = project / "books.py"
    path.write_text(BEFORE)
    return path


@pytest.mark.parametrize(
    ("options", "after", "status", "said"),
    [
        ((), BEFORE, 1, LEFT_2),
        (("--unsafe-fixes",), BEFORE, 1, LEFT_2),
        (("--fix",), SAFE, 1, LEFT_1),
        (("--fix", "--unsafe-fixes"), ALL, 0, ""),
        (
            ("--fix", "--unsafe-fixes", "--exit-non-zero-on-fix"),
            ALL,
            1,
            "sessionlint: exit status 1: 2 findings fixed, 0 findings remain\n",
        ),
        (("--fix-only",), SAFE, 0, "Fixed 1 error" + HIDDEN),
        (
            ("--fix-only", "--exit-non-zero-on-fix"),
            SAFE,
            1,
            "Fixed 1 error" + HIDDEN + "sessionlint: exit status 1: 1 finding fixed, 1 finding remains\n",
        ),
        (("--fix", "--exit-zero"), SAFE, 0, ""),
        (("--fix", "--select", "SES406"), SAFE, 0, ""),
        (("--fix", "--quiet"), SAFE, 1, ""),
        (
            ("--diff",),
            BEFORE,
            1,
            "Would fix 1 error" + HIDDEN + "sessionlint: exit status 1: 1 finding would be fixed\n",
        ),
    ],
)
def test_fix(sessionlint: Command, file: Path, options: tuple[str, ...], after: str, status: int, said: str) -> None:
    done = sessionlint("check", *options)
    assert (done.returncode, file.read_text(), done.stderr) == (status, after, said)


def test_what_is_left_is_reported(sessionlint: Command, file: Path) -> None:
    done = sessionlint("check", "--fix", "--output-format", "concise", "--quiet")
    assert done.stdout == "books.py:30:40: SES301 `Author.books` is read on a detached `Author` that never loaded it\n"


def test_show_fixes(sessionlint: Command, file: Path) -> None:
    done = sessionlint("check", "--fix", "--show-fixes")
    assert "books.py:24: SES406 find: fixed: " in done.stderr
    assert "books.py:30: SES301 titles: not fixed: add `selectinload(Author.books)`" in done.stderr


def test_the_diff_is_a_patch(sessionlint: Command, file: Path) -> None:
    done = sessionlint("check", "--diff", "--unsafe-fixes")
    lines = [line for line in done.stdout.splitlines() if line.startswith(("+", "-"))]
    assert lines[:2] == ["--- a/books.py", "+++ b/books.py"]
    assert {line[1:].strip() for line in lines[2:] if line.startswith("+")} == {
        "from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload",
        "return session.get(Book, number)",
        "author = session.get(Author, number, options=[selectinload(Author.books)])",
    }
    assert sessionlint("check", "--diff", "--select", "SES1").returncode == 0


def test_nothing_outside_the_paths_changes(sessionlint: Command, file: Path, project: Path) -> None:
    (project / "other.py").write_text("from books import find, Session, engine\n\nwith Session(engine) as session:\n    find(session, 1)\n")
    done = sessionlint("check", "--fix", "--unsafe-fixes", "other.py")
    assert (done.returncode, file.read_text()) == (0, BEFORE)


def test_standard_input_is_fixed_on_standard_output(sessionlint: Command, file: Path) -> None:
    done = sessionlint("check", "--fix", "--unsafe-fixes", "--stdin-filename", "books.py", "-", input=BEFORE)
    assert (done.returncode, done.stdout, file.read_text()) == (0, ALL, BEFORE)
    again = sessionlint("check", "--fix", "--stdin-filename", "books.py", "-", input=ALL)
    assert (again.returncode, again.stdout) == (0, ALL)
