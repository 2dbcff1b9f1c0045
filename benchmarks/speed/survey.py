"""What a tree is: how much code, and which of its files are worth editing (a leaf that nobody imports, the models that most others do)."""

from __future__ import annotations

import ast
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed.edits import has_statement

MODELS = ("__tablename__", "mapped_column(", "relationship(")


@dataclass(frozen=True, slots=True)
class Survey:
    """Of a tree: its Python files, their lines and functions; `leaf` and `hub` are relative to it, `importers` import the hub."""

    files: int
    lines: int
    functions: int
    leaf: str
    hub: str
    importers: int


def survey(tree: Path) -> Survey:
    """Look at every Python file of the tree."""
    texts = {path.relative_to(tree).as_posix(): path.read_text(encoding="utf-8", errors="replace") for path in sorted(tree.rglob("*.py"))}
    parsed = {name: module for name, text in texts.items() if (module := _parsed(text))}
    modules = {_dotted(name): name for name in texts}
    importers: Counter[str] = Counter()
    for name, module in parsed.items():
        importers.update({modules[to] for to in _imported(module, name) if to in modules} - {name})
    functions = sum(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for module in parsed.values() for node in ast.walk(module))
    editable = [name for name in parsed if has_statement(texts[name])]
    if not editable:
        raise SystemExit(f"{tree}: no file has a function with a statement to edit")
    leaves = [name for name in editable if not importers[name]] or editable
    near = [name for name in leaves if "session" in texts[name].lower()] or leaves
    near.sort(key=lambda name: (len(texts[name]), name))
    models = [name for name in editable if any(word in texts[name] for word in MODELS)] or editable
    hub = max(models, key=lambda name: (importers[name], name))
    lines = sum(text.count("\n") for text in texts.values())
    return Survey(len(texts), lines, functions, near[len(near) // 2], hub, importers[hub])


def _parsed(text: str) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError):
            return None


def _dotted(name: str) -> str:
    parts = name.removesuffix(".py").split("/")
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts).removeprefix("src.")


def _imported(module: ast.Module, name: str) -> Iterator[str]:
    """The dotted names that a module's imports may mean."""
    package = _dotted(name).split(".")
    if not name.endswith("__init__.py"):
        package = package[:-1]
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            yield source
            yield from (f"{source}.{alias.name}" for alias in node.names)
