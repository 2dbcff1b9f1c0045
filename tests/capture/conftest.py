"""Facts as short text, so that a test can say what it expects in a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from textwrap import dedent
from typing import Any

import msgspec
import pytest

from sessionlint.capture import capture
from sessionlint.facts import FileFacts, ops
from sessionlint.source import Range


def _text(value: Any) -> str:
    """`(Kind field field)` without places; a name or constant is written as it is."""
    match value:
        case ops.Name(id=name):
            return name
        case ops.Constant(value=constant):
            return repr(constant)
        case tuple():
            return f"[{' '.join(map(_text, value))}]"
        case msgspec.Struct():
            fields = [_text(getattr(value, field)) for field in value.__struct_fields__ if not isinstance(getattr(value, field), Range)]
            return f"({' '.join([type(value).__name__, *fields])})"
        case str():
            return value or "''"
        case None:
            return "-"
        case _:
            return str(value)


def _facts(source: str | bytes) -> FileFacts:
    found = capture(source if isinstance(source, bytes) else dedent(source).encode())
    assert found.error is None, found.error
    return found


@pytest.fixture
def facts() -> Callable[[str | bytes], FileFacts]:
    """The facts of a source that has to parse."""
    return _facts


@pytest.fixture
def body() -> Callable[[str | bytes], list[str]]:
    """The module's own statements, each as text."""
    return lambda source: [_text(statement) for statement in _facts(source).functions[0].body]


@pytest.fixture
def show() -> Callable[[Iterable[Any]], list[str]]:
    """Facts as text."""
    return lambda values: [_text(value) for value in values]
