"""What an earlier run found out about roots is used again, and never changes what is found."""

from __future__ import annotations

import ast
import os
import random
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sessionlint.capture import capture
from sessionlint.config import load_settings
from sessionlint.facts import decode, encode
from sessionlint.pipeline import run
from sessionlint.solve import aligned
from sessionlint.solve.again.earlier import Earlier

APPS = Path(__file__).parents[2] / "fixtures" / "apps"
SEQUENCES = int(os.environ.get("SEQUENCES", "2"))
"""How many sequences of edits are made of each application: SEQUENCES=100 pytest tests/solve/test_again.py."""

MODEL = """
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, sessionmaker

SessionLocal = sessionmaker()

class Base(DeclarativeBase):
    pass

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    orders: Mapped[list["Order"]] = relationship()

    def label(self):
        return self.id

class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
"""
STORE = """
from models import SessionLocal, User

def find(key):
    with SessionLocal() as session:
        return session.get(User, key)

def unused(session):
    session.commit()
"""
VIEW = """
from store import find

def show(key):
    return find(key).orders

def label(key):
    return find(key).label()
"""
OTHER = """
from models import SessionLocal

def leak():
    session = SessionLocal()
    session.execute("SELECT 1")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in {"models": MODEL, "store": STORE, "view": VIEW, "other": OTHER}.items():
        (tmp_path / f"{name}.py").write_text(text)
    return tmp_path


def found(project: Path, *, is_kept: bool = True, jobs: int = 1) -> list[str]:
    settings = load_settings([project])
    done = run([project], replace(settings, cache=replace(settings.cache, enabled=is_kept)), jobs=jobs)
    return [repr(finding) for finding in (*done.findings, *done.suppressed)]


@pytest.fixture
def walked(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """The names of the functions that were walked as roots, run by run."""
    runs: list[set[str]] = []
    put, compare = Earlier.put, Earlier.compare

    def noting_run(self: Earlier, machine: object) -> None:
        runs.append(set())
        compare(self, machine)  # type: ignore[arg-type]

    def noting(self: Earlier, key: object, result: object) -> None:
        function = key[0]  # type: ignore[index]
        runs[-1].add(f"{function.file}:{function.index}")
        put(self, key, result)  # type: ignore[arg-type]

    monkeypatch.setattr(Earlier, "compare", noting_run)
    monkeypatch.setattr(Earlier, "put", noting)
    return runs


def edit(project: Path, name: str, before: str, after: str) -> None:
    path = project / f"{name}.py"
    text = path.read_text()
    assert text.count(before) == 1
    path.write_text(text.replace(before, after))


def test_a_comment_and_moved_lines_walk_nothing_again(project: Path, walked: list[set[str]]) -> None:
    first = found(project)
    assert len(first) == 2
    for name in ("models", "store", "view", "other"):
        edit(project, name, "\nfrom ", "\n# a note\n\n\nfrom ") if name != "models" else edit(
            project, name, "\nclass User", "\n\n# a note\nclass User"
        )
    again = found(project)
    assert again == found(project, is_kept=False)
    assert again != first
    assert walked[1] == set()


def test_a_leaf_is_walked_alone(project: Path, walked: list[set[str]]) -> None:
    found(project)
    edit(project, "other", '"SELECT 1"', '"SELECT 2", 3')
    assert found(project) == found(project, is_kept=False)
    assert walked[1] == {"other.py:1"}


def test_a_function_is_walked_with_those_that_call_it(project: Path, walked: list[set[str]]) -> None:
    found(project)
    edit(project, "store", "session.get(User, key)", "session.get(User, int(key))")
    assert found(project) == found(project, is_kept=False)
    assert walked[1] == {"store.py:1", "view.py:1", "view.py:2"}


def test_a_models_attribute_is_walked_with_those_that_meet_the_model(project: Path, walked: list[set[str]]) -> None:
    first = found(project)
    edit(project, "models", "= relationship()", '= relationship(lazy="selectin")')
    again = found(project)
    assert again == found(project, is_kept=False)
    assert len(again) == len(first) - 1
    assert walked[1] >= {"store.py:1", "view.py:1", "view.py:2"}


def test_what_a_function_hands_out_is_asked_again(project: Path, walked: list[set[str]]) -> None:
    found(project)
    edit(project, "store", "return session.get(User, key)", "return session.get(User, key).id")
    again = found(project)
    assert again == found(project, is_kept=False)
    assert len(again) == 1


def test_a_new_file_and_one_that_is_gone(project: Path, walked: list[set[str]]) -> None:
    found(project)
    shutil.copy(project / "other.py", project / "another.py")
    assert found(project) == found(project, is_kept=False)
    assert walked[1] == {"another.py:1"}
    (project / "store.py").unlink()
    assert found(project) == found(project, is_kept=False)


def test_other_names_for_sessions_walk_everything_again(project: Path, walked: list[set[str]]) -> None:
    found(project)
    (project / "sessionlint.toml").write_text('[sessions]\nacquirers = ["SessionLocal"]\n')
    assert found(project) == found(project, is_kept=False)
    assert len(walked[1]) == len(walked[0])


def test_spoiled_results_count_as_none(project: Path) -> None:
    first = found(project)
    for path in (project / ".sessionlint_cache").rglob("*"):
        if path.is_file() and path.parent.name == "roots":
            path.write_bytes(path.read_bytes()[:-9] + b"123456789")
    edit(project, "other", "def leak", "\ndef leak")
    assert len(found(project)) == len(first)


@pytest.mark.skipif(sys.platform != "linux", reason="only here names of files are any bytes")
def test_a_name_that_is_no_text_only_costs_time(project: Path) -> None:
    os.rename(project / "view.py", os.fsencode(project) + b"/vi\xe9w.py")
    first = found(project)
    assert first == found(project, is_kept=False)
    edit(project, "other", "def leak", "\ndef leak")
    assert found(project) == found(project, is_kept=False)


def test_what_is_kept_does_not_grow_with_edits(project: Path, walked: list[set[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sessionlint.solve.again.earlier.GROWTH", 1.2)
    sizes = []
    for number in range(12):
        (project / "store.py").write_text("\n" * number + STORE.replace("User, key", f"User, key + {number}"))
        assert found(project) == found(project, is_kept=False)
        sizes += [path.stat().st_size for path in (project / ".sessionlint_cache").glob("*/roots/*")]
    assert len(sizes) == 12
    assert max(sizes) < 1.3 * sizes[0]
    assert all(len(names) < len(walked[0]) for names in walked[2::2])


# -- alignment --------------------------------------------------------------------------------------------------------

BEFORE = "import os\n\ndef f(a):\n    return a\n\ndef g(b):\n    x = b.c\n    return x\n"


@pytest.mark.parametrize(
    ("after", "changed"),
    [
        (BEFORE, set()),
        ("# note\n" + BEFORE.replace("\n\n", "\n\n\n"), set()),
        (BEFORE.replace("return a", "return (\n        a\n    )"), set()),
        (BEFORE.replace("return a", "return a.b"), {1}),
        (BEFORE.replace("def g(b)", "def g(b=None)"), {2}),
        (BEFORE.replace("import os", "import sys"), None),
        (BEFORE.replace("def f(a)", "def h(a)"), None),
        (BEFORE.replace("return a", "global os\n    return a"), None),
        (BEFORE.replace("return a", "return lambda: a"), None),
        (BEFORE + "\ndef h():\n    pass\n", None),
        (BEFORE + "(", None),
    ],
)
def test_alignment(after: str, changed: set[int] | None) -> None:
    old, new = capture(BEFORE.encode()), capture(after.encode())
    found = aligned(old, new)
    assert (None if found is None else set(found.changed)) == changed
    assert aligned(decode(encode(old)), new) == found  # bodies that nobody has looked at are looked at now
    assert aligned(decode(encode(old)), decode(encode(new))) == found


def test_alignment_tells_where_things_have_gone() -> None:
    old, new = capture(BEFORE.encode()), capture(b"# note\n\n" + BEFORE.encode())
    found = aligned(old, new)
    assert found is not None
    assert found.ranges[old.functions[2].body[0].at] == new.functions[2].body[0].at
    assert new.functions[2].body[0].at.row == old.functions[2].body[0].at.row + 2


# -- any edits --------------------------------------------------------------------------------------------------------

WORDS = ("commit", "rollback", "close", "query", "session", "add", "get", "first", "self", "execute", "lazy", "return", "expunge")
STATEMENTS = ("session.commit()", "return None", "print(user.name)", "x = db.session", "raise ValueError()", "get_session()", "pass")
FUNCTION = "def helper_{}(session, user):\n{}    session.commit()\n{}    return user.name\n"


def mutated(text: str, chance: random.Random) -> str:
    """The text with something else in it: often nonsense, and Python mostly."""
    lines = text.split("\n")
    place, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    indent = " " * (len(lines[place]) - len(lines[place].lstrip()))
    match chance.randrange(8):
        case 0:
            del lines[place]
        case 1:
            lines.insert(place, chance.choice((lines[place], "", "# note")))
        case 2:
            lines[place], lines[other] = lines[other], lines[place]
        case 3:
            lines.insert(place, indent + chance.choice(STATEMENTS))
        case 4:
            moved = lines[place : place + 4]
            del lines[place : place + 4]
            lines[other:other] = moved
        case 5:
            lines.insert(place, indent + FUNCTION.format(chance.randrange(9), indent, indent))
        case _:
            lines[place] = lines[place].replace(chance.choice(WORDS), chance.choice(WORDS))
    return "\n".join(lines)


def is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


@pytest.mark.parametrize("seed", range(SEQUENCES))
@pytest.mark.parametrize("app", ["streamlit_scheduling", "flask_platform", "fastapi_booking"])
def test_after_any_edits_the_same_is_found(app: str, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sessionlint.solve.start.ahead.LEAST", 1)
    chance = random.Random(f"{app} {seed}")
    project = tmp_path / app
    shutil.copytree(APPS / app, project, ignore=shutil.ignore_patterns(".sessionlint_cache"))
    files = [path for path in sorted(project.rglob("*.py")) if path.stat().st_size > 50]
    found(project)
    for _ in range(4):
        for _ in range(chance.randrange(1, 4)):
            path = chance.choice(files)
            new = mutated(path.read_text(), chance)
            if is_python(new) or not chance.randrange(30):
                path.write_text(new)
        assert found(project, jobs=chance.choice((1, 2))) == found(project, is_kept=False)


def test_a_function_without_a_class_that_reads_in_its_callers_try(project: Path) -> None:
    """It is asked whether its class is a model, and has none: which is nothing to be kept."""
    handler = "    except SQLAlchemyError:\n        return None\n"
    edit(project, "view", "from store import find\n", "from sqlalchemy.exc import SQLAlchemyError\nfrom store import find\n")
    edit(project, "view", "def label(key):", f"def tried(key):\n    try:\n        return show(key)\n{handler}\n\ndef label(key):")
    for edited in ("return None", "return 0"):
        edit(project, "view", "return None", edited)
        assert found(project) == found(project, is_kept=False)
        assert "SES301" in "".join(found(project))
