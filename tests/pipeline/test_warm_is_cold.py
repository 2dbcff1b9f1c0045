"""Small programs edited, renamed, deleted and configured anew by chance: what a warm run reports is what a cold one does, byte for byte.

`SEQUENCES=1000 pytest tests/pipeline/test_warm_is_cold.py` goes through as many sequences of changes; without it a few are enough.
"""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sessionlint.config import Options, load_settings
from sessionlint.pipeline import Run, Stdin, acquirer_to_name, run, with_offers
from sessionlint.report import report

SEQUENCES = int(os.environ.get("SEQUENCES", "12"))

MODELS = """\
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, sessionmaker

SessionLocal = sessionmaker()


class Base(DeclarativeBase): ...


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    posts: Mapped[list["Post"]] = relationship({lazy})


class Post(Base):
    __tablename__ = "post"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
"""
LOADING = """\
from sqlalchemy import select
from models import SessionLocal, User


def users():
    with SessionLocal() as session:
        return session.scalars(select(User)).all()
"""
READING = """\
from flask import render_template
from {module} import users


def show():
    for user in users():
        print(user.posts){comment}
    return render_template("page.html", users=users())
"""
LEAKING = """\
from models import SessionLocal


def hand_out():
    return SessionLocal()


def leak(key):
    session = hand_out()
    session.get(object, key){comment}
"""
PLAIN = "def add(a, b):\n    return a + b\n"
BROKEN = "def broken(:\n"
PAGES = ("{% for user in users %}{{ user.posts }}{% endfor %}", "{{ users }}", "{% broken")

COMMENTS = st.sampled_from(
    ["", "  # noqa: SES301", "  # sessionlint: ignore[SES301] -- known", "  # sessionlint: ignore[SES102]", "  # noqa"]
)
CONTENTS = st.one_of(
    st.sampled_from(["", 'lazy="selectin"', 'lazy="raise"']).map(lambda lazy: MODELS.replace("{lazy}", lazy)),
    st.just(LOADING),
    st.builds(lambda module, comment: READING.format(module=module, comment=comment), st.sampled_from(["loading", "other"]), COMMENTS),
    COMMENTS.map(lambda comment: LEAKING.format(comment=comment)),
    st.sampled_from([PLAIN, BROKEN, "\n" + LOADING, "#\n" + PLAIN]),
)
NAMES = st.sampled_from(["models.py", "loading.py", "other.py", "reading.py", "leaking.py", "package/__init__.py", "package/reading.py"])
CONFIGURATIONS = (
    "",
    'select = ["ALL"]',
    'select = ["SES3"]\nignore = ["SES301"]',
    'extend-select = ["SES304"]',
    "require-reason = true",
    '[per-file-ignores]\n"reading.py" = ["SES301"]',
    'exclude = ["package"]',
    'extend-exclude = ["le*.py"]',
    'src = ["package", "."]',
    'fixable = ["SES3"]',
    'extend-unsafe-fixes = ["ALL"]',
    '[sessions]\nacquirers = ["hand_out"]',
    '[migrate]\ndefault = "scopes.own"',
)
IGNORED = ("", "leaking.py\n", "package\n!package\n", "*.html\n")

Change = Callable[[Path], object]


def _written(root: Path, name: str, content: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(content)


def _renamed(root: Path, old: str, new: str) -> None:
    if (root / old).exists():
        (root / new).parent.mkdir(parents=True, exist_ok=True)
        (root / old).replace(root / new)


def _appended(root: Path, name: str, line: str) -> None:
    if (root / name).exists():
        (root / name).write_text((root / name).read_text() + line)


EDITS = st.one_of(
    st.builds(lambda name, content: lambda root: _written(root, name, content), NAMES, CONTENTS),
    st.builds(lambda name, line: lambda root: _appended(root, name, line), NAMES, st.sampled_from(["\n", "# end\n", "X = 1\n"])),
    st.builds(lambda old, new: lambda root: _renamed(root, old, new), NAMES, NAMES),
    NAMES.map(lambda name: lambda root: (root / name).unlink(missing_ok=True)),
    st.sampled_from(PAGES).map(lambda page: lambda root: _written(root, "templates/page.html", page)),
)
CONFIGURES = st.one_of(
    st.sampled_from(CONFIGURATIONS).map(lambda text: lambda root: _written(root, "sessionlint.toml", text)),
    st.sampled_from(["", "leaking.py\n", "package\n!package\n", "*.html\n"]).map(
        lambda text: lambda root: _written(root, ".gitignore", text)
    ),
)
CHANGES = st.one_of(EDITS, EDITS, EDITS, CONFIGURES)
ASKED = st.sampled_from([(".",), (".",), ("reading.py",), ("package",), ("models.py", "loading.py"), ("-",)])


@contextmanager
def program() -> Iterator[Path]:
    root = Path(tempfile.mkdtemp()).resolve()
    _written(root, "models.py", MODELS.replace("{lazy}", ""))
    _written(root, "loading.py", LOADING)
    _written(root, "reading.py", READING.format(module="loading", comment=""))
    _written(root, "leaking.py", LEAKING.format(comment=""))
    _written(root, "templates/page.html", PAGES[0])
    _written(root, "sessionlint.toml", "")
    try:
        yield root
    finally:
        shutil.rmtree(root)


def reported(root: Path, asked: tuple[str, ...], buffer: str, *, cache: bool) -> tuple[Run, list[str]]:
    """A run, and all that `check` makes of it."""
    stdin = Stdin(str(root / "reading.py"), buffer.encode()) if asked == ("-",) else None
    paths = [] if stdin else [root / name for name in asked if (root / name).exists()] or [root]
    found = load_settings(paths or [root], overrides=Options(cache=cache))
    done = with_offers(run(paths, found, stdin=stdin, jobs=1))
    told = [repr(sorted(done.noqa.items())), repr(acquirer_to_name(done)), repr(sorted(done.stats.files))]
    for format in ("full", "report", "sarif"):
        out = io.StringIO()
        report(done, format, out)
        told.append(out.getvalue())
    return done, told


@settings(max_examples=SEQUENCES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(CHANGES, ASKED, CONTENTS), min_size=2, max_size=6))
def test_a_warm_run_reports_what_a_cold_one_does(changes: list[tuple[Change, tuple[str, ...], str]]) -> None:
    with program() as root:
        for change, asked, buffer in changes:
            change(root)
            _, cold = reported(root, asked, buffer, cache=False)
            _, warm = reported(root, asked, buffer, cache=True)
            again, kept = reported(root, asked, buffer, cache=True)
            assert cold == warm == kept
            assert again.stats.is_kept
