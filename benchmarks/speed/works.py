"""What is measured of sessionlint itself, and the yardsticks beside it.

The order matters: each work finds the tree and the cache as the one before left them.
"""

from __future__ import annotations

import shutil
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed.edits import Edited, with_line_on_top, with_statement
from benchmarks.speed.survey import Survey

YARDSTICKS = Path(__file__).parent / "yardsticks"
SESSIONLINT = (sys.executable, "-m", "sessionlint")


@dataclass(frozen=True, slots=True)
class Site:
    """Where a work is done: a tree that may be edited, what it is, and the number of the round."""

    tree: Path
    survey: Survey
    edited: Edited
    number: int


@dataclass(frozen=True, slots=True)
class Work:
    """One command to measure.

    `prepare` is what comes before it and is not measured; `after` names the work that has to have gone well for this one to mean anything.
    `statuses` are those that the command ends with when it has done its work. `has_rooms`: `--verbose` tells the time of each room.
    `prints_seconds`: what counts is what it prints, not what the process took. `most_lines`: on larger trees it would take too long.
    `paths`: a folder of programs to be found first, and one of modules, for tools with an environment of their own.
    """

    name: str
    title: str
    command: tuple[str, ...]
    prepare: Callable[[Site], None] = lambda site: None
    stdin: Callable[[Site], bytes] = lambda site: b""
    after: str = ""
    statuses: tuple[int, ...] = (0,)
    has_rooms: bool = False
    prints_seconds: bool = False
    most_lines: int = 10**9
    paths: tuple[str, ...] = ()


def without_cache(site: Site) -> None:
    """As after a fresh clone."""
    shutil.rmtree(site.tree / ".sessionlint_cache", ignore_errors=True)


def edit(which: Callable[[Survey], str], how: Callable[[str, int], str]) -> Callable[[Site], None]:
    """An edit of one file, which stays until the round's edits are put back."""

    def prepare(site: Site) -> None:
        name = which(site.survey)
        site.edited.write(name, how(site.edited.text(name), site.number))

    return prepare


def keystroke(site: Site) -> bytes:
    """The leaf with a further statement changed, as an editor has it that was not saved."""
    return with_statement(site.edited.text(site.survey.leaf), 1000 + site.number).encode()


def restored(site: Site) -> None:
    """The tree as it came."""
    site.edited.restore()


def ours(site: Site) -> list[Work]:
    """The works of sessionlint, in their order."""
    check = (*SESSIONLINT, "check", "--exit-zero")
    leaf, hub = (lambda survey: survey.leaf), (lambda survey: survey.hub)
    one = (*check, "-", "--stdin-filename", site.survey.leaf)
    return [
        Work("cold-no-cache", "`check --no-cache`", (*check, "--no-cache"), has_rooms=True),
        Work("cold", "`check`, cache removed", check, without_cache, has_rooms=True),
        Work("warm", "`check`, nothing changed", check, after="cold", has_rooms=True),
        Work("leaf", "`check`, a statement changed in a leaf", check, edit(leaf, with_statement), after="cold", has_rooms=True),
        Work("leaf-top", "`check`, a line inserted on top of it", check, edit(leaf, with_line_on_top), after="cold", has_rooms=True),
        Work("hub", "`check`, a statement changed in the models", check, edit(hub, with_statement), after="cold", has_rooms=True),
        Work("hub-top", "`check`, a line inserted on top of them", check, edit(hub, with_line_on_top), after="cold", has_rooms=True),
        Work("stdin", "`check -`, one file, warm", one, stdin=keystroke, after="cold", has_rooms=True),
        Work(
            "migrate",
            "`migrate --diff` of the whole",
            (*SESSIONLINT, "migrate", "--diff", "--no-cache"),
            restored,
            after="cold",
            statuses=(0, 1),
        ),
    ]


F = Work("f", "F: `libcst.parse_module` of everything", (sys.executable, str(YARDSTICKS / "parse_libcst.py"), "."))


def yardsticks(site: Site) -> list[Work]:
    """What the targets are expressed in, besides F."""
    ruff = (str(Path(sysconfig.get_path("scripts")) / "ruff"), "check", "--no-cache", "--isolated", "--exit-zero", ".")
    parse = (sys.executable, str(YARDSTICKS / "parse_libcst.py"), site.survey.leaf)
    return [
        Work("ast", "`ast.parse` of everything", (sys.executable, str(YARDSTICKS / "parse_ast.py"), ".")),
        Work("click", '`python -c "import click"`', (sys.executable, "-c", "import click")),
        Work("leaf-parse", "`libcst.parse_module` of the leaf alone", parse, prints_seconds=True),
        Work("ruff", "`ruff check --no-cache`", ruff),
    ]
