"""`sessionlint check --fix` and its companions as users run them."""

from __future__ import annotations

import json
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


LEAK = """from books import Book, Session, engine


def leak():
    session = Session(engine)
    return session.get(Book, 1) is None
"""
ADDITIONAL = "Fixed 1 error (1 additional fix available with `--unsafe-fixes`).\n"
NONE = "No errors fixed (1 fix available with `--unsafe-fixes`).\n"


@pytest.mark.parametrize(
    ("options", "after", "status", "stdout", "stderr"),
    [
        (
            ("--fix", "--output-format", "concise"),
            SAFE,
            1,
            "books.py:30:40: SES301 `Author.books` is read on a detached `Author` that never loaded it\n"
            "Found 2 errors (1 fixed, 1 remaining).\n1 unsafe fix available with `--fix --unsafe-fixes`.\n",
            LEFT_1,
        ),
        (
            ("--unsafe-fixes", "--select", "SES301", "--output-format", "concise"),
            BEFORE,
            1,
            "books.py:30:40: SES301 [*] `Author.books` is read on a detached `Author` that never loaded it\n"
            "Found 1 error.\n[*] 1 fixable with `--fix`.\n",
            LEFT_1,
        ),
        (
            ("--no-unsafe-fixes", "--statistics"),
            BEFORE,
            1,
            "1\tSES301\t[ ] detached-lazy-load\n1\tSES406\t[*] legacy-query-get\nFound 2 errors.\n[*] 1 fixable with `--fix`.\n",
            LEFT_2,
        ),
        (
            ("--fix", "--statistics"),
            SAFE,
            1,
            "1\tSES301\tdetached-lazy-load\nFound 2 errors (1 fixed, 1 remaining).\n1 unsafe fix available with `--fix --unsafe-fixes`.\n",
            LEFT_1,
        ),
        (
            ("--fix", "--output-format", "pylint"),
            SAFE,
            1,
            "books.py:30: [SES301] `Author.books` is read on a detached `Author` that never loaded it\n",
            ADDITIONAL + LEFT_1,
        ),
        (("--fix-only", "--unfixable", "SES4"), BEFORE, 0, "", NONE),
        (("--fix-only", "--fixable", "SES3"), BEFORE, 0, "", NONE),
        (("--fix-only", "--config", "unfixable=['SES406']", "--fixable", "ALL"), SAFE, 0, "", ADDITIONAL),
        (("--fix-only", "--config", "unfixable=['SES406']", "--extend-fixable", "SES406"), SAFE, 0, "", ADDITIONAL),
        (("--fix-only", "--config", "extend-safe-fixes=['SES301']"), ALL, 0, "", "Fixed 2 errors.\n"),
        (("--diff", "--config", "extend-unsafe-fixes=['SES4']", "--no-unsafe-fixes"), BEFORE, 0, "", ""),
        (("--diff", "--exit-zero", "--quiet", "--select", "SES301"), BEFORE, 0, "", ""),
        (("--config", "fix-only=true", "--config", "unsafe-fixes=true"), ALL, 0, "", "Fixed 2 errors.\n"),
        (("--config", "fix=true", "--no-fix", "--select", "SES5"), BEFORE, 0, "All checks passed!\n", ""),
    ],
)
def test_what_is_said_of_fixes(
    sessionlint: Command, file: Path, options: tuple[str, ...], after: str, status: int, stdout: str, stderr: str
) -> None:
    done = sessionlint("check", *options)
    assert (done.returncode, done.stdout, done.stderr, file.read_text()) == (status, stdout, stderr, after)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--exit-zero", "--exit-non-zero-on-fix"), "`--exit-zero` cannot be used with `--exit-non-zero-on-fix`"),
        (("--diff", "--statistics"), "`--diff` cannot be used with `--statistics`"),
        (("--fixable", "SES40x"), "unknown rule code `SES40X` in `fixable` (did you mean `SES406`?)"),
        (("--unfixable", "query-get"), "unknown rule code `QUERY-GET` in `unfixable`"),
        (("--config", "extend-safe-fixes=['E501']"), "--config `extend-safe-fixes=['E501']`: unknown rule code `E501`"),
        (("--config", "fixible=[]"), "--config `fixible=[]`: unknown key `fixible` (did you mean `fixable`?)"),
    ],
)
def test_what_contradicts_itself_or_is_unknown(sessionlint: Command, file: Path, options: tuple[str, ...], message: str) -> None:
    done = sessionlint("check", "--fix", *options)
    assert (done.returncode, done.stdout, file.read_text()) == (2, "", BEFORE)
    assert message in done.stderr


def test_json_has_the_fix_and_why_there_is_none(sessionlint: Command, file: Path, project: Path) -> None:
    (project / "leak.py").write_text(LEAK)
    rows = json.loads(sessionlint("check", "--output-format", "json", "--extend-select", "ALL", "--unfixable", "SES406").stdout)
    found = {row["code"]: (row["fix"], row["fix_refused"]) for row in rows}
    assert found["SES406"] == (None, {"code": "unfixable", "message": "fixes of SES406 are turned off by `fixable` or `unfixable`"})
    assert found["SES102"] == (None, {"code": "no-codemod", "message": "no codemod mends SES102, it takes a person"})
    fix, refused = found["SES301"]
    assert refused is None
    assert (fix["applicability"], fix["message"]) == ("unsafe", "Add `selectinload(Author.books)` to the query at books.py:29")
    assert [(edit["filename"], edit["location"], edit["end_location"], edit["content"]) for edit in fix["edits"]] == [
        ("books.py", {"row": 2, "column": 89}, {"row": 2, "column": 89}, ", selectinload"),
        ("books.py", {"row": 29, "column": 44}, {"row": 29, "column": 44}, ", options=[selectinload(Author.books)]"),
    ]


def test_a_query_outside_the_paths_is_no_place_for_a_fix(sessionlint: Command, file: Path, project: Path) -> None:
    (project / "queries.py").write_text(BEFORE.replace("    return [book.id for book in author.books]\n", "    return author\n"))
    (project / "reads.py").write_text("from queries import titles\n\n\ndef read():\n    return titles(1).books\n")
    (row,) = json.loads(sessionlint("check", "reads.py", "--output-format", "json").stdout)
    assert (row["code"], row["fix"]) == ("SES301", None)
    assert row["fix_refused"] == {"code": "outside", "message": "it would change `queries.py`, which is not among the paths"}


def test_findings_on_standard_error_are_nothing_else(sessionlint: Command, file: Path) -> None:
    done = sessionlint("check", "--fix", "--stdin-filename", "books.py", "-", "--output-format", "json", "--exit-zero", input=BEFORE)
    assert (done.stdout, [row["code"] for row in json.loads(done.stderr)]) == (SAFE, ["SES301"])
