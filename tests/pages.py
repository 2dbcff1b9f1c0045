"""A rule's page as programs: each of its examples in the module that it is thought to stand in, beside what runs it.

`fixtures/pages/` has that module's beginning (`around.py`), what stands beside it (`beside/`) and one driver a rule. Read by
`test_examples.py` (what the analyzer says of the examples), `test_pages.py` (what happens when they are run) and `.ci/pages.py`.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import indent, wrap
from typing import Any

from packaging.version import Version

from sessionlint.check import all_rules, documentation

FIXTURES = Path(__file__).parents[1] / "fixtures" / "pages"
AROUND = (FIXTURES / "around.py").read_text(encoding="utf-8")
SERVER = Path(__file__).with_name("page_server.py")
WIDTH = 96
_RIGHT = re.compile(r"^# right: ?(.*)$", re.M)
_OLDER = re.compile(r"^# 2\.0: (.*)$", re.M)
FILES = {"SES001": "utf-8", "SES005": "latin-1"}
"""Rules whose examples are whole files, and how these are encoded."""
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Example:
    """The code of an example: `text` is the module, in which it begins at row `first`."""

    text: str
    first: int
    encoding: str = "utf-8"

    def write(self, path: Path) -> None:
        """Make the module's file."""
        path.write_text(self.text, encoding=self.encoding)


def module_of(code: str, example: str) -> Example:
    """The example of a rule as a module: as it is if it defines something, else as the body of a function; alone if it is about files."""
    if code in FILES:
        return Example(example, 1, FILES[code])
    body = ast.parse(example).body
    row = AROUND.count("\n") + 1
    if any(isinstance(node, _DEFINITIONS) for node in body) and not any(isinstance(node, ast.Return) for node in body):
        return Example(AROUND + example, row)
    kind = "async def" if re.search(r"\b(async with|await)\b", example) else "def"
    return Example(AROUND + f"{kind} example(user_id: int):\n" + indent(example, "    "), row + 1)


@dataclass(frozen=True)
class Ran:
    """What a program `printed`, as a page shows it: long lines are wrapped; and how many connections are `held` when it ends."""

    printed: str
    held: int


@dataclass(frozen=True)
class Driver:
    """What calls a rule's examples and says what comes of it; in its first lines what the right one prints."""

    path: Path

    @cached_property
    def right(self) -> str:
        """What is printed where nothing goes wrong."""
        found = _RIGHT.findall(self.path.read_text(encoding="utf-8"))
        return "".join(f"{line}\n" for text in found for line in wrapped(text))

    @cached_property
    def older(self) -> str:
        """The error as SQLAlchemy 2.0 words it, if that is another wording."""
        found = _OLDER.search(self.path.read_text(encoding="utf-8"))
        return found.group(1) if found else ""

    def expected(self, page: str, sqlalchemy: str) -> str:
        """What is to be printed under that version, where a page shows `page`."""
        if not self.older or Version(sqlalchemy) >= Version("2.1"):
            return page
        head, lines = [], iter(page.splitlines())
        for line in lines:
            if head and not line.startswith(" "):
                break
            head.append(line)
        return "".join(f"{line}\n" for line in [*head, *wrapped(self.older)])

    def ran(self, server: PageServer, example: Example) -> Ran:
        """What comes of the program."""
        with TemporaryDirectory() as name:
            folder = Path(name).resolve()
            self.lay_out(example, folder)
            return server.ran(folder, example)

    def lay_out(self, example: Example, folder: Path) -> None:
        """Write the program."""
        shutil.copytree(FIXTURES / "beside", folder, dirs_exist_ok=True)
        shutil.copy(self.path, folder / "main.py")
        example.write(folder / "example.py")


def driver_of(code: str) -> Driver | None:
    """The driver of a rule; None for one whose examples have nothing to show."""
    path = FIXTURES / f"{code.lower()}.py"
    return Driver(path) if path.exists() else None


class PageServer:
    """A process that runs programs one after the other, each in a fork of its own."""

    def __init__(self, python: str = sys.executable) -> None:
        self._process = subprocess.Popen(
            [python, "-B", "-W", "ignore", str(SERVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.sqlalchemy = str(self._answer()["sqlalchemy"])

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the server is gone"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def ran(self, folder: Path, example: Example) -> Ran:
        """What comes of the program in the folder."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"folder": str(folder), "first": example.first}) + "\n")
        self._process.stdin.flush()
        answer = self._answer()
        assert "printed" in answer, answer
        return Ran("".join(f"{line}\n" for text in answer["printed"].splitlines() for line in wrapped(text)), answer["held"])

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def wrapped(line: str) -> list[str]:
    """A line in pieces that fit on a page."""
    return wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False, drop_whitespace=True) or [""]


def complaints(server: PageServer) -> list[str]:
    """The rules whose examples print something else under the server's SQLAlchemy than their pages, or drivers, say."""
    found = []
    for rule in all_rules():
        driver, page = driver_of(rule.code), documentation(rule)
        if driver is None:
            continue
        wrong = driver.ran(server, module_of(rule.code, page.bare(page.wrong)))
        right = driver.ran(server, module_of(rule.code, page.bare(page.right)))
        if wrong.printed != driver.expected(page.printed, server.sqlalchemy):
            found.append(f"the wrong example of {rule.code} prints\n{wrong.printed}")
        if right != Ran(driver.right, 0):
            found.append(f"the right example of {rule.code} holds {right.held} connections, and prints\n{right.printed}")
    return found


@cache
def page_server() -> PageServer:
    """The one server of this test run, under the Python that runs the tests."""
    return PageServer()
