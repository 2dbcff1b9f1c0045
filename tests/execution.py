"""Does a case do what its header says, under the SQLAlchemy of some Python? Talks to `case_server.py`, which runs the programs."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from packaging.specifiers import SpecifierSet

from tests.cases import Case

SERVER = Path(__file__).with_name("case_server.py")
NEEDS_MARK = "needs a mark such as sqlalchemy=>=2.0"


class Server:
    """A process that runs cases one after the other, each in a fork of its own."""

    def __init__(self, python: str = sys.executable) -> None:
        self.process = subprocess.Popen(
            [python, "-B", "-W", "ignore", str(SERVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    @cached_property
    def sqlalchemy(self) -> str:
        """The version that it runs the cases under."""
        return str(self._answer()["sqlalchemy"])

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the server is gone"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def executed(self, case: Case) -> dict[str, Any]:
        """How the program ended."""
        assert self.sqlalchemy
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"main": str(case.main.resolve()), "root": str(case.root.resolve())}) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        """End the process."""
        self.process.communicate()

    def can_express(self, case: Case) -> bool:
        """Whether the header's `sqlalchemy=` admits the version."""
        return self.sqlalchemy in SpecifierSet(case.header.get("sqlalchemy", ""))

    def complaint(self, case: Case) -> str | None:
        """What is not as the header says; nothing for a case that this version cannot express."""
        outcome = case.header["outcome"]
        if not self.can_express(case):
            return None
        return unparsable(case) if outcome == "static" else disagreement(case, outcome, self.executed(case))


def unparsable(case: Case) -> str | None:
    """What cannot be run has to be Python at least."""
    try:
        for path in case.files:
            if path.suffix == ".py":
                compile(path.read_text(), str(path), "exec")
    except SyntaxError as error:
        return f"does not parse: {error}"
    return None


def disagreement(case: Case, outcome: str, result: dict[str, Any]) -> str | None:
    """How the outcome differs from the header's."""
    if result.get("missing", "").startswith(("sqlalchemy", "sqlmodel")) or result.get("said", "").startswith("module 'sqlalchemy"):
        return f"{NEEDS_MARK}: {result['said']}"
    if outcome in {"ok", "leak"}:
        if result["outcome"] != "ok":
            return f"raised {result}"
        return "no connection is left checked out" if outcome == "leak" and not result["held"] else None
    if outcome not in result["names"]:
        return f"wanted {outcome}: {result}"
    marked = {(file, row) for file, row, _ in case.marks("expect")}
    return None if (result["file"], result["row"]) in marked else f"raised on an unmarked line: {result}"


@cache
def server() -> Server:
    """The one server of this test run, under the Python that runs the tests."""
    return Server()
