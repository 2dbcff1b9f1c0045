"""The hooks under the real pre-commit: it installs this checkout into an environment of its own, and runs it on another's commits."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PRE_COMMIT = (sys.executable, "-m", "pre_commit")
LEAK = """\
from sqlalchemy.orm import Session


def names(engine):
    session = Session(engine)
    return list(session.execute("names"))
"""
CLEAN = LEAK.replace("    session = Session(engine)\n    return", "    with Session(engine) as session:\n        return")
MODELS = """\
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    books: Mapped[list["Book"]] = relationship(lazy="selectin")


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
"""
LAZY = MODELS.replace('lazy="selectin"', 'lazy="select"')
QUERIES = """\
from sqlalchemy.orm import Session

from models import Author


def find(engine, number):
    with Session(engine) as session:
        return session.get(Author, number)
"""
VIEWS = """\
from queries import find


def titles(engine, number):
    return [book.id for book in find(engine, number).books]
"""
READ = "views.py:5:54: SES301"
PAGES = """\
from flask import Flask, render_template
from sqlalchemy.orm import Session

from models import Author

app = Flask(__name__)


@app.route("/")
def page():
    with Session() as session:
        author = session.get(Author, 1)
    return render_template("author.html", author=author)
"""
OLD_GET = """\
from sqlalchemy.orm import Session

from models import Book


def find_book(session: Session, number: int) -> Book | None:
    return session.query(Book).get(number)
"""
NEW_GET = OLD_GET.replace("session.query(Book).get(number)", "session.get(Book, number)")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("git") is None, reason="there is no git"),
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a checkout"),
]


def environment(home: Path) -> dict[str, str]:
    """The tests' own, without what git, Python, a surrounding pre-commit or the user's settings would add."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHON", "SESSIONLINT_", "PRE_COMMIT"))}
    identity = {f"GIT_{who}_{what}": "somebody" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    own = {"PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return {**kept, **identity, **own}


def call(folder: Path, home: Path, *command: str, status: int = 0) -> str:
    """What a command prints; its exit status is part of what is expected."""
    done = subprocess.run(
        command, cwd=folder, env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=500, check=False
    )
    assert done.returncode == status, f"{' '.join(command[:6])} exited with {done.returncode}:\n{done.stdout}"
    return done.stdout


class Project:
    """A git repository whose commits pre-commit looks at."""

    def __init__(self, folder: Path, home: Path, config: str) -> None:
        self.folder, self.home = folder, home
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        self.write(".pre-commit-config.yaml", config)
        self.git("add", ".")
        self.run(*PRE_COMMIT, "install")

    def run(self, *command: str, status: int = 0) -> str:
        return call(self.folder, self.home, *command, status=status)

    def git(self, *arguments: str, status: int = 0) -> str:
        return self.run("git", *arguments, status=status)

    def hook(self, *arguments: str, status: int = 0) -> str:
        return self.run(*PRE_COMMIT, "run", *arguments, status=status)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def stage(self, **files: str) -> None:
        """Write Python files and add them to the index."""
        for name, text in files.items():
            self.write(f"{name}.py", text)
            self.git("add", f"{name}.py")

    def commit(self, message: str, *, status: int = 0) -> str:
        return self.git("commit", "--message", message, status=status)

    def bypass(self, message: str) -> None:
        """Commit everything as it stands, hooks or not."""
        self.git("add", ".")
        self.git("commit", "--no-verify", "--quiet", "--message", message)


def findings(output: str) -> list[str]:
    """`path:row:column: CODE` of all findings, in the order in which they were printed."""
    return re.findall(r"^(\S+:\d+:\d+: SES\d{3})", output, re.M)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all of the tests' processes: this checkout as it stands, as a repository, and what pre-commit installs of it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "hooks"
    building = tmp_path_factory.mktemp("building")
    source = building / "sessionlint"
    for name in call(ROOT, building, "git", "ls-files", "-co", "--exclude-standard").splitlines():
        if name.startswith(("src/", "README", "LICENSE", "pyproject", ".pre-commit-hooks")) and (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, source / name)
    call(source, building, "git", "init", "--quiet", "--initial-branch=main")
    call(source, building, "git", "add", ".")
    call(source, building, "git", "commit", "--quiet", "--message", "as it stands")
    try:
        building.rename(folder)  # the first process wins; the others take what it made
    except OSError:
        assert (folder / "sessionlint" / ".git").is_dir()
    return folder


Make = Callable[..., Project]


@pytest.fixture
def make(shared: Path, tmp_path: Path) -> Make:
    """Makes the test's repository: `hooks` are their ids, or rows of YAML for one that has more to say."""
    revision = call(shared / "sessionlint", shared, "git", "rev-parse", "HEAD").strip()

    def project(*hooks: str) -> Project:
        rows = "".join(f"  - {hook}\n" if ":" in hook else f"  - id: {hook}\n" for hook in hooks)
        config = f"repos:\n- repo: {shared / 'sessionlint'}\n  rev: {revision}\n  hooks:\n{rows}"
        return Project(tmp_path / "project", shared / "pre-commit", config)

    return project


def test_a_commit_is_held_back_until_the_misuse_is_gone(make: Make) -> None:
    project = make("sessionlint", "{id: sessionlint-project, stages: [manual]}")
    project.write("pyproject.toml", "[tool.sessionlint]\nextend-exclude = ['legacy']\n")
    project.write("legacy/old.py", LEAK)
    project.write("leak.py", LEAK)
    project.write("notes.md", "nothing\n")
    project.git("add", ".")

    held = project.commit("the first commit there is", status=1)
    assert findings(held) == ["leak.py:5:15: SES102"]
    assert "Found 1 error." in held

    project.stage(leak=CLEAN)
    assert re.search(r"^sessionlint\.+Passed$", project.commit("no leak"), re.M)
    assert project.git("status", "--porcelain") == "", "the cache ignores itself"
    assert (project.folder / ".sessionlint_cache").is_dir()

    project.stage(leak=LEAK)
    assert findings(project.hook("--hook-stage", "manual", "sessionlint-project", status=1)) == ["leak.py:5:15: SES102"]


def test_what_is_reported_lies_in_the_commit_and_what_is_analysed_is_all(make: Make) -> None:
    project = make("sessionlint")
    project.write("models.py", LAZY)
    project.write("queries.py", QUERIES)
    project.write("leak.py", LEAK)
    project.bypass("a model, a query, and a leak of long ago")

    project.stage(views=VIEWS)
    assert findings(project.commit("a view", status=1)) == [READ]
    assert sorted(findings(project.hook("--all-files", status=1))) == ["leak.py:5:15: SES102", READ]
    project.write("models.py", MODELS)
    project.git("add", "models.py")
    project.commit("the model loads its books")

    project.stage(models=LAZY)
    assert findings(project.commit("it does not any more", status=1)) == [READ], "caused by the commit, in a file outside of it"
    assert findings(project.hook("--files", "leak.py", status=1)) == ["leak.py:5:15: SES102"]


def test_what_is_committed_already_is_looked_at_before_a_push_and_with_revisions(make: Make) -> None:
    project = make("{id: sessionlint, stages: [pre-push, manual]}")
    project.write("models.py", MODELS)
    project.write("queries.py", QUERIES)
    project.write("views.py", VIEWS)
    project.write("leak.py", LEAK)
    project.bypass("all that is read is loaded")
    remote = project.folder.with_name("remote.git")
    project.git("init", "--quiet", "--bare", str(remote))
    project.git("push", "--quiet", str(remote), "main")
    project.git("remote", "add", "origin", str(remote))
    project.git("fetch", "--quiet", "origin")
    project.run(*PRE_COMMIT, "install", "--hook-type", "pre-push")
    project.write("models.py", LAZY)
    project.bypass("it is not loaded any more")

    assert findings(project.hook("--hook-stage", "manual", "--from-ref", "origin/main", "--to-ref", "HEAD", status=1)) == [READ]
    assert findings(project.git("push", "origin", "main", status=1)) == [READ]
    project.write("views.py", VIEWS.replace("find(engine, number).books", "[find(engine, number)]"))
    project.bypass("nor is it read")
    project.git("push", "--quiet", "origin", "main")


def test_the_index_is_what_counts(make: Make) -> None:
    project = make("sessionlint")
    project.stage(first=LEAK, second=CLEAN)
    project.write("first.py", CLEAN)
    project.write("second.py", LEAK)
    held = project.commit("a leak that is staged", status=1)
    assert findings(held) == ["first.py:5:15: SES102"]
    assert "Unstaged files detected" in held
    assert ((project.folder / "first.py").read_text(), (project.folder / "second.py").read_text()) == (CLEAN, LEAK)
    project.git("add", "first.py")
    project.commit("the leak in the work tree is not in the commit")
    assert project.git("status", "--porcelain") == " M second.py\n"


def test_a_commit_of_some_files_and_one_in_a_linked_work_tree(make: Make) -> None:
    """git then has its index, or its directory, elsewhere, and says so in the environment of its hooks."""
    project = make("sessionlint")
    project.stage(first=CLEAN, second=LEAK)
    assert findings(project.git("commit", "--message", "the leak", "second.py", status=1)) == ["second.py:5:15: SES102"]
    project.git("commit", "--message", "the clean one alone", "first.py", ".pre-commit-config.yaml")
    assert project.git("status", "--porcelain") == "A  second.py\n"

    linked = project.folder.with_name("linked")
    project.git("worktree", "add", "--quiet", str(linked))
    (linked / "third.py").write_text(LEAK)
    call(linked, project.home, "git", "add", "third.py")
    assert findings(call(linked, project.home, "git", "commit", "--message", "a leak", status=1)) == ["third.py:5:15: SES102"]


def test_deleted_and_renamed_files(make: Make) -> None:
    project = make("sessionlint")
    for name in ("gone", "old", "kept"):
        project.write(f"{name}.py", LEAK)
    project.bypass("three leaks")

    project.git("rm", "--quiet", "gone.py")
    assert re.search(r"\(no files to check\)Skipped$", project.commit("one is deleted"), re.M)
    project.git("mv", "old.py", "new name.py")
    assert findings(project.commit("one is renamed", status=1).replace("new name", "new_name")) == ["new_name.py:5:15: SES102"]
    project.git("mv", "kept.py", "new.py")
    project.git("rm", "--quiet", "--force", "new name.py")
    project.stage(new=CLEAN)
    project.commit("one is renamed and mended, one deleted")


def test_a_merge_with_conflicts(make: Make) -> None:
    project = make("sessionlint")
    project.stage(both=CLEAN)
    project.commit("base")
    project.git("checkout", "--quiet", "-b", "other")
    project.stage(both=CLEAN.replace("names", "titles"))
    project.commit("theirs")
    project.git("checkout", "--quiet", "main")
    project.stage(both=CLEAN.replace("names", "persons"))
    project.commit("ours")
    project.git("merge", "--quiet", "other", status=1)

    project.git("add", "both.py")
    assert findings(project.commit("marks of the conflict are left", status=1)) == ["both.py:4:1: SES001"]
    project.stage(both=LEAK)
    assert findings(project.commit("the merge brings a leak", status=1)) == ["both.py:5:15: SES102"]
    project.stage(both=CLEAN)
    project.commit("merged")


def test_the_fix_hook_changes_files_and_fails_once(make: Make) -> None:
    project = make("sessionlint-fix")
    project.stage(models=MODELS, books=OLD_GET)
    held = project.commit("an old call", status=1)
    assert "files were modified by this hook" in held
    assert "Found 1 error (1 fixed, 0 remaining)." in held
    assert (project.folder / "books.py").read_text() == NEW_GET
    assert project.git("status", "--porcelain", "*.py") == "AM books.py\nA  models.py\n"

    project.stage(books=NEW_GET)
    project.commit("mended")
    assert project.git("status", "--porcelain") == "", "nothing is left lying"

    project.stage(books=OLD_GET)
    project.write("models.py", MODELS + "\n# not staged\n")
    project.commit("with something unstaged in another file", status=1)
    assert (project.folder / "books.py").read_text() == NEW_GET
    assert (project.folder / "models.py").read_text() == MODELS + "\n# not staged\n"


def test_the_fix_hook_leaves_alone_what_is_not_in_the_commit(make: Make) -> None:
    """A finding that the commit causes elsewhere is reported; the file would be changed behind the back of who commits."""
    project = make("sessionlint-fix")
    project.write("books.py", OLD_GET)
    project.bypass("a call of a class that is no model yet")
    project.stage(models=MODELS)
    held = project.commit("it is one now", status=1)
    assert findings(held) == ["books.py:7:12: SES406"]
    assert "files were modified" not in held
    assert (project.folder / "books.py").read_text() == OLD_GET


def test_a_repository_with_two_projects(make: Make) -> None:
    project = make("sessionlint", "{id: sessionlint-project, args: [jobs], stages: [manual]}")
    for name in ("backend", "jobs"):
        project.write(f"{name}/pyproject.toml", f'[tool.sessionlint]\nignore = ["{"SES301" if name == "jobs" else "SES102"}"]\n')
        project.write(f"{name}/models.py", LAZY)
        project.write(f"{name}/queries.py", QUERIES)
        project.write(f"{name}/views.py", VIEWS)
        project.write(f"{name}/leak.py", LEAK)
    project.git("add", ".")
    held = project.commit("the same in two projects that care for different things", status=1)
    assert findings(held) == [f"backend/{READ}", "jobs/leak.py:5:15: SES102"]
    whole = project.hook("--hook-stage", "manual", "sessionlint-project", status=1)
    assert findings(whole) == ["jobs/leak.py:5:15: SES102"]


def test_a_project_in_a_directory_with_a_configuration_of_its_own_name(make: Make) -> None:
    project = make("{id: sessionlint, files: ^backend/, args: [--config, backend/lint.toml]}")
    project.write("backend/lint.toml", 'ignore = ["SES102"]\n')
    project.write("backend/models.py", LAZY)
    project.write("backend/queries.py", QUERIES)
    project.write("backend/views.py", VIEWS)
    project.write("backend/leak.py", LEAK)
    project.write("leak.py", LEAK)
    project.git("add", ".")
    assert findings(project.commit("first", status=1)) == [f"backend/{READ}"]


def test_templates(make: Make) -> None:
    """What a template reads is found where it is rendered, though the template alone is in the commit."""
    project = make("sessionlint", "{id: sessionlint, alias: all-types, types_or: [python, html, jinja], stages: [manual]}")
    project.write("models.py", LAZY)
    project.write("pages.py", PAGES)
    project.write("templates/author.html", "{{ author.id }}\n")
    project.git("add", ".")
    project.commit("a page without its books")

    project.write("templates/author.html", "{{ author.id }}\n{{ author.books }}\n")
    project.git("add", ".")
    assert findings(project.hook("--hook-stage", "manual", "all-types", status=1)) == ["pages.py:13:12: SES306"]
    assert re.search(r"\(no files to check\)Skipped$", project.commit("a page with its books"), re.M)


def test_a_list_of_names_too_long_for_one_call(make: Make) -> None:
    """pre-commit calls the hook once for 128 KiB of names: 1,600 names of 230 bytes are three calls."""
    project = make("sessionlint")
    package = "p" * 200
    project.write(f"{package}/__init__.py", "")
    for number in range(1600):
        project.write(f"{package}/module_number_{number:011}.py", "")
    leaks = [f"{package}/module_number_{number:011}.py" for number in (0, 799, 1599)]
    for name in leaks:
        project.write(name, LEAK)
    project.write("models.py", LAZY)
    project.write("queries.py", QUERIES)
    project.write("views.py", VIEWS)
    project.bypass("many")

    split = project.hook("--all-files", "--verbose", status=1)
    assert len(re.findall(r"^Found \d errors?\.$", split, re.M)) == 3, "the list was to be split in three"
    at_once = project.run(*installed(project.home), "check", "--output-format", "concise", status=1)
    assert findings(split) == findings(at_once) == sorted([*(f"{name}:5:15: SES102" for name in leaks), READ])


def installed(home: Path) -> tuple[str, ...]:
    """The command in the environment that pre-commit made."""
    found = [*home.glob("repo*/py_env-*/bin/sessionlint"), *home.glob("repo*/py_env-*/Scripts/sessionlint.exe")]
    assert len(found) == 1, found
    return (str(found[0]),)
