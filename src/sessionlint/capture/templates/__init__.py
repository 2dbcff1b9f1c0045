"""Jinja templates → facts, with Jinja's own parser; never rendered. Entry points: `capture_template`, `inline_templates`.

A template becomes functions of the same operations as Python's, so that the same walk goes through both. Every project may teach Jinja
tags of its own: a template that does not parse is nothing that anybody would want to be told, and is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import msgspec
from jinja2 import Environment, TemplateError

from sessionlint.capture.templates.comments import template_suppressions
from sessionlint.capture.templates.draft import Draft
from sessionlint.capture.templates.statements import template
from sessionlint.facts import ClassFacts, FileFacts, FunctionFacts, ops, summarized
from sessionlint.source import Range

__all__ = ["capture_template", "inline_templates"]

_START = Range(1, 1, 1, 1)
_MODULE = FunctionFacts("<module>", "<module>", _START, _START, (), None, (), False, False, -1, -1, (), ())
_EXTENSIONS = ("jinja2.ext.do", "jinja2.ext.loopcontrols", "jinja2.ext.i18n", "jinja2.ext.debug")


def capture_template(content: bytes) -> FileFacts:
    """The facts of a template file: beside an empty module its functions, the template's body under the empty text."""
    text = content.decode("utf-8", "replace").replace("\r\n", "\n")
    functions = _functions(text, 1, 1)
    if functions is None:
        return FileFacts((_MODULE,), (), (), None)
    functions = (_MODULE, *functions)
    return FileFacts(functions, (), tuple(template_suppressions(text)), None, {"": 1}, summarized(functions, ()))


def inline_templates(functions: Sequence[FunctionFacts], classes: Sequence[ClassFacts]) -> tuple[tuple[FunctionFacts, ...], dict[str, int]]:
    """The functions of the templates that stand in string constants, to be put after `functions`, and by text the index of each body."""
    more: list[FunctionFacts] = []
    found: dict[str, int] = {}
    for constant in _constants([*functions, *classes]):
        text = constant.value
        if isinstance(text, str) and text not in found and ("{{" in text or "{%" in text):
            at = constant.at
            skipped = max(at.end_row - at.row - text.count("\n"), 0) if "\n" in text else 0
            first = len(functions) + len(more)
            done = _functions(text, first, at.row + skipped)
            if done is not None:
                more += done
                found[text] = first
    return tuple(more), found


@cache
def _environment() -> Environment:
    return Environment(extensions=_EXTENSIONS)


def _functions(text: str, first: int, row: int) -> tuple[FunctionFacts, ...] | None:
    draft = Draft(text, first, row)
    try:
        template(draft, _environment().parse(text))
    except (TemplateError, RecursionError, ValueError):
        return None
    # every name is the template's own: none of them means what it means to the Python around
    names = tuple(sorted(draft.names))
    return tuple(msgspec.structs.replace(facts, names=names) for facts in draft.functions if facts is not None)


def _constants(roots: Iterable[object]) -> Iterator[ops.Constant]:
    pending: list[Any] = list(roots)
    while pending:
        node = pending.pop()
        if isinstance(node, ops.Constant):
            yield node
        elif isinstance(node, msgspec.Struct):
            pending += [getattr(node, name) for name in node.__struct_fields__]
        elif isinstance(node, tuple):
            pending += node
