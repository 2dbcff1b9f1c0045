"""Which lines of a file belong to which function, and which of them a site such as `main.py::Store.*` means."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple

Files = Mapping[str, bytes]
MODULE = "<module>"


class Definition(NamedTuple):
    """A function or class with its decorators and the comments that end it. Rows count from 1."""

    name: str
    first: int
    last: int


def decoded(source: bytes) -> str:
    """The text, line endings as they are."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    return source.decode(encoding)


def lines_of(source: bytes) -> list[bytes]:
    """Its lines as Python's parser counts them: a form feed ends none."""
    return source.split(b"\n")


def definitions(source: bytes) -> list[Definition]:
    """All of them, outer before inner."""
    lines = lines_of(source)

    def within(node: ast.AST, prefix: str) -> Iterator[Definition]:
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                yield from within(child, prefix)
                continue
            first = min((decorator.lineno for decorator in child.decorator_list), default=child.lineno)
            yield Definition(prefix + child.name, first, _last(lines, child))
            yield from within(child, f"{prefix}{child.name}.")

    return list(within(ast.parse(source), ""))


def _last(lines: list[bytes], node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    """Comments behind the last statement that are indented deeper than the definition are still in it."""
    assert node.end_lineno is not None
    last = node.end_lineno
    for row, line in enumerate(lines[last:], last + 1):
        text = line.strip(b" \t\r\f")
        indent = len(line.expandtabs()) - len(line.expandtabs().lstrip())
        if text and not (text.startswith(b"#") and indent > node.col_offset):
            break
        last = row if text else last
    return last


def covers(site: str, file: str, name: str) -> bool:
    """Whether a function, or the module's own level where `name` is empty, belongs to the site. What is inside of a function is its."""
    wanted_file, _, wanted = site.partition("::")
    if not fnmatchcase(file, wanted_file):
        return False
    if wanted in ("", MODULE) or not name:
        return wanted == "" or (wanted == MODULE) == (not name)
    parts = name.split(".")
    return any(fnmatchcase(".".join(parts[: end + 1]), wanted) for end in range(len(parts)))


def enclosing(source: bytes, row: int) -> str:
    """The innermost function or class around a row; empty at the module's level."""
    around = [found for found in definitions(source) if found.first <= row <= found.last]
    return min(around, key=lambda found: found.last - found.first).name if around else ""


def text_at(files: Files, site: str) -> str | None:
    """The source of a site; nothing where there is none."""
    wanted_file, _, wanted = site.partition("::")
    found = []
    for file, source in files.items():
        if not file.endswith(".py") or not fnmatchcase(file, wanted_file):
            continue
        spans = [(1, len(lines_of(source)))]
        if wanted:
            spans = [(it.first, it.last) for it in definitions(source) if fnmatchcase(it.name, wanted)]
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        found += [b"\n".join(lines_of(source)[first - 1 : last]).decode(encoding) for first, last in spans]
    return "\n".join(found) if found else None
