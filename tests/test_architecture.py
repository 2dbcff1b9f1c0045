"""What the house is built like: who may import whom, what things are called, how large they may be."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sessionlint.check import all_rules
from tests.cases import FIXTURES

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "sessionlint"
MODULES = sorted(SOURCE.rglob("*.py"))
BY_MODULE = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())

LONGEST_FILE, LONGEST_FUNCTION, LONGEST_DOCSTRING, WIDEST_FOLDER = 400, 50, 5, 12
MATCHES: frozenset[str] = frozenset()
"""Functions that are longer because they are one `match` over the closed union of operations, a call an arm: `path:function`."""
WIDE_FOLDERS = {
    "check/rules": "a catalogue",
    "cli": "a file for each command",
    "report/formats": "a file for each format",
    "rewrite/codemods/scope": "one codemod in many small questions",
}
NOBODYS_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|misc)(_|$)|^base_")
LONGEST_OF_KIND = {"check/rules": 120, "report/formats": 150, "cli": 160, "rewrite/codemods": 400}


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_the_contracts_of_the_rooms_hold() -> None:
    program = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(config_filename='pyproject.toml', cache_dir=None))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@BY_MODULE
def test_a_module_says_what_it_answers(path: Path) -> None:
    said = ast.get_docstring(ast.parse(path.read_text())) or ""
    assert 1 <= len(said.splitlines()) <= LONGEST_DOCSTRING


@BY_MODULE
def test_files_and_functions_are_short(path: Path) -> None:
    name = path.relative_to(SOURCE).as_posix()
    limit = LONGEST_OF_KIND.get(path.parent.relative_to(SOURCE).as_posix(), LONGEST_FILE)
    assert len(path.read_text().splitlines()) <= limit
    long = {
        f"{name}:{node.name}"
        for node in functions(path)
        if node.end_lineno is not None and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    }
    assert long <= MATCHES


@BY_MODULE
def test_names_say_whose_a_thing_is(path: Path) -> None:
    assert not [part for part in path.relative_to(SOURCE).with_suffix("").parts if NOBODYS_NAMES.search(part)]
    assert not [node.name for node in functions(path) if NOBODYS_NAMES.search(node.name)]


def test_the_exceptions_are_needed() -> None:
    existing = {f"{path.relative_to(SOURCE).as_posix()}:{node.name}" for path in MODULES for node in functions(path)}
    assert existing >= MATCHES
    folders = {path.parent for path in MODULES}
    wide = {
        folder.relative_to(SOURCE).as_posix()
        for folder in folders
        if len([p for p in folder.glob("*.py") if p.stem != "__init__"]) > WIDEST_FOLDER
    }
    assert wide <= set(WIDE_FOLDERS)


def test_every_room_has_a_door() -> None:
    rooms = [path for path in SOURCE.iterdir() if path.is_dir() and path.name != "__pycache__"]
    without = [room.name for room in rooms if "__all__" not in (room / "__init__.py").read_text()]
    assert without == []


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_a_rule_has_one_name_everywhere(rule: object) -> None:
    code, name = rule.code, rule.name  # type: ignore[attr-defined]
    assert type(rule).__name__ == name.title().replace("-", "")
    assert type(rule).__module__.rpartition(".")[2] == f"{code.lower()}_{name.replace('-', '_')}"
    assert f"\n# {name} ({code})\n" in (ROOT / "docs" / "rules" / f"{code}.md").read_text()
    assert (FIXTURES / code.lower()).is_dir() is not rule.is_of_run  # type: ignore[attr-defined]


def test_a_codemod_has_fixtures_under_its_name() -> None:
    folder = SOURCE / "rewrite" / "codemods"
    codemods = {path.stem.replace("_", "-") for path in folder.iterdir() if not path.name.startswith("__")}
    assert codemods == {path.name for path in (ROOT / "fixtures" / "codemods").iterdir() if not path.name.startswith(".")}


EAGER = {"sessionlint.report": {"formats"}, "sessionlint.pipeline": {"run"}}
"""Names that are those of modules as well: they have to be there before the modules are."""
DOORS = [path.parent for path in MODULES if path.name == "__init__.py" and "__getattr__ = door(" in path.read_text()]


@pytest.mark.parametrize("folder", DOORS, ids=lambda folder: folder.relative_to(SOURCE).as_posix())
def test_a_door_gives_what_it_says(folder: Path) -> None:
    room = importlib.import_module(".".join(folder.relative_to(SOURCE.parent).parts))
    imports = [node for node in ast.walk(ast.parse((folder / "__init__.py").read_text())) if isinstance(node, ast.ImportFrom)]
    said = {alias.name: node.module or "" for node in imports for alias in node.names if node.module not in {"typing", "sessionlint.doors"}}
    assert sorted(said) == sorted(room.__all__)
    for name, module in said.items():
        if module != room.__name__:  # else it is a module itself
            assert getattr(room, name) is getattr(importlib.import_module(module), name)
    modules = {path.stem for path in folder.iterdir()}
    assert {name for name, module in said.items() if module != room.__name__} & modules <= EAGER.get(room.__name__, set())
