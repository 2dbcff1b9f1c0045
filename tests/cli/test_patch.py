"""`check --diff` and `git apply`: the patch is taken as it is, whatever the files are called and however their lines end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

MODELS = """from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
"""
FIND = """from models import Book, Session


def find(session: Session, number: int) -> "Book | None":
    # Größe
    return {get}"""
OLD, NEW = FIND.format(get="session.query(Book).get(number)"), FIND.format(get="session.get(Book, number)")


def git(folder: Path, *arguments: str, input: bytes = b"") -> str:
    command = ["git", "-c", "core.autocrlf=false", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments]
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_CEILING_DIRECTORIES": str(folder)}
    done = subprocess.run(command, cwd=folder, input=input, capture_output=True, timeout=60, env=environment, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def patch(folder: Path, *arguments: str) -> bytes:
    """What `check --diff` prints to standard output."""
    command = [sys.executable, "-m", "sessionlint", "check", "--diff", "--no-cache", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=60, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    return done.stdout


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "sessionlint.toml").write_text("src = ['.', 'deep/er']\n")
    (tmp_path / "models.py").write_text(MODELS)
    return tmp_path


CONTENTS = {
    "plain": lambda text: f"{text}\n".encode(),
    "carriage returns": lambda text: f"{text}\n".replace("\n", "\r\n").encode(),
    "no newline at the end": lambda text: text.encode(),
    "carriage returns and none at the end": lambda text: text.replace("\n", "\r\n").encode(),
    "byte order mark": lambda text: b"\xef\xbb\xbf" + f"{text}\n".encode(),
    "latin-1": lambda text: f"# -*- coding: latin-1 -*-\n{text}\n".encode("latin-1"),
    "form feed": lambda text: f"\f{text}\n\x1c\n".replace("\x1c", "# \x1c").encode(),
}


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
@pytest.mark.parametrize("is_repository", [True, False], ids=["in a repository", "outside"])
def test_line_ends_and_encodings(content: object, is_repository: bool, root: Path) -> None:
    assert callable(content)
    (root / "find.py").write_bytes(content(OLD))
    if is_repository:
        git(root, "init", "-q")
    git(root, "apply", input=patch(root))
    assert (root / "find.py").read_bytes() == content(NEW)


NAMES = [
    *("with space.py", "größe.py", 'quo"te.py', "tab\there.py", "back\\slash.py", "new\nline.py", "-dash.py", "a b/c d.py", "日本/x.py"),
    os.fsdecode(b"latin\xe9.py"),
]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not allow such names")
@pytest.mark.parametrize("is_repository", [True, False], ids=["in a repository", "outside"])
def test_names(is_repository: bool, root: Path) -> None:
    for name in NAMES:
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(OLD)
    if is_repository:
        git(root, "init", "-q")
    git(root, "apply", input=patch(root))
    assert [name for name in NAMES if (root / name).read_text() != NEW] == []


@pytest.mark.parametrize("is_repository", [True, False], ids=["in a repository", "outside"])
@pytest.mark.parametrize("where", [".", "deep", "deep/er"])
def test_it_is_applied_where_it_was_made(where: str, is_repository: bool, root: Path) -> None:
    (root / "deep" / "er").mkdir(parents=True)
    for name in ("find.py", "deep/find.py", "deep/er/find.py", "deep/er/deep.py"):
        (root / name).write_text(OLD)
    if is_repository:
        git(root, "init", "-q")
    git(root / where, "apply", input=patch(root / where, "."))
    changed = {path.relative_to(root).as_posix() for path in root.rglob("*.py") if path.read_text() == NEW}
    beneath = {"find.py", "deep/find.py", "deep/er/find.py", "deep/er/deep.py"}
    assert changed == {name for name in beneath if where == "." or name.startswith(f"{where}/")}


def test_a_project_beneath_its_repository(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    top = tmp_path_factory.mktemp("top")
    project = top / "services" / "books"
    project.parent.mkdir()
    root.rename(project)
    (project / "find.py").write_text(OLD)
    git(top, "init", "-q")
    made = patch(top, "services/books")
    assert made.startswith(b"diff --git a/services/books/find.py b/services/books/find.py\n--- a/services/books/find.py\n+++ b/")
    git(top, "apply", input=made)
    assert (project / "find.py").read_text() == NEW


def test_what_nothing_is_to_be_done_about_is_no_patch(root: Path) -> None:
    (root / "find.py").write_text(NEW)
    assert patch(root) == b""
