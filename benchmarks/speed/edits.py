"""The edits that a user makes between two runs, each round another one, and the way back."""

from __future__ import annotations

import ast
import re
import warnings
from pathlib import Path

OTHER_BREAKS = re.compile("[\\x0b\\x0c\\x1c-\\x1e\\x85\\u2028\\u2029]")
"""What ends a line for `splitlines` and not for Python."""

EDITED = re.compile(r"\bedited_\d+\b")


def has_statement(text: str) -> bool:
    """Whether there is a statement that `with_statement` could change."""
    return _return(text) is not None


def with_statement(text: str, number: int) -> str:
    """A statement in a function changed, on the line that it is on: `return total` becomes `edited_1 = total; return edited_1`."""
    if EDITED.search(text):
        return EDITED.sub(f"edited_{number}", text)
    found = _return(text)
    assert found is not None
    lines = text.splitlines(keepends=True)
    line = lines[found.lineno - 1]
    indent, expression = line[: found.col_offset], line.strip().removeprefix("return ")
    ending = line[len(line.rstrip("\r\n")) :]
    lines[found.lineno - 1] = f"{indent}edited_{number} = {expression}; return edited_{number}{ending}"
    return "".join(lines)


def with_line_on_top(text: str, number: int) -> str:
    """A line more before all others: nothing means anything else, everything has moved."""
    return f"# edit {number}\n{text}"


def _return(text: str) -> ast.Return | None:
    """The first `return` of a value that has a line to itself."""
    if OTHER_BREAKS.search(text):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            module = ast.parse(text)
        except (SyntaxError, ValueError):
            return None
    lines = text.splitlines()
    returns = [node for node in ast.walk(module) if isinstance(node, ast.Return) and node.value and node.lineno == node.end_lineno]
    alone = [node for node in returns if _is_alone(node, lines[node.lineno - 1].encode())]
    return min(alone, key=lambda node: node.lineno, default=None)


def _is_alone(node: ast.Return, line: bytes) -> bool:
    return not (line[: node.col_offset].strip() or line[node.end_col_offset :].strip())


class Edited:
    """Files of a tree that are changed, and put back at the end of the block."""

    def __init__(self, tree: Path) -> None:
        self._tree = tree
        self._before: dict[str, bytes] = {}

    def __enter__(self) -> Edited:
        return self

    def __exit__(self, *_: object) -> None:
        self.restore()

    def text(self, name: str) -> str:
        """What a file holds now."""
        return (self._tree / name).read_bytes().decode()

    def write(self, name: str, text: str) -> None:
        """Give a file another content."""
        path = self._tree / name
        self._before.setdefault(name, path.read_bytes())
        path.write_bytes(text.encode())

    def restore(self) -> None:
        """Put everything back."""
        for name, content in self._before.items():
            (self._tree / name).write_bytes(content)
        self._before.clear()
