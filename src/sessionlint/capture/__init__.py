"""The bytes of one file → what is known of it: the only room besides `rewrite` that sees a libcst tree."""

from __future__ import annotations

import gc

from sessionlint.capture.parse import decoded, parse_text, too_deep
from sessionlint.capture.plain import plain_tables
from sessionlint.capture.reduction import UnknownNode
from sessionlint.capture.suppressions import has_suppressions, suppressions
from sessionlint.capture.templates import capture_template, inline_templates
from sessionlint.capture.templates.comments import TemplateRows
from sessionlint.capture.visitor import tables_of
from sessionlint.facts import FileError, FileFacts, summarized
from sessionlint.source import Range

__all__ = ["TemplateRows", "capture", "capture_template"]


def capture(content: bytes) -> FileFacts:
    """The facts of a Python file.

    `content` is the file as it is on disk, in whatever encoding it declares. Gives its facts, or facts with nothing but an `error`;
    raises nothing whatever the bytes are.
    """
    collects = gc.isenabled()
    gc.disable()  # a tree is many objects and no garbage: the collector would double the time
    try:
        text = decoded(content)
        return _failed(text) if isinstance(text, FileError) else _captured(text)
    finally:
        if collects:
            gc.enable()


def _captured(text: str) -> FileFacts:
    may_silence = has_suppressions(text)
    tables = plain_tables(text, with_lines=may_silence)
    if tables is None:
        parsed = parse_text(text)
        if isinstance(parsed, FileError):
            return _failed(parsed)
        try:
            tables = tables_of(parsed.module, text)
        except RecursionError:
            return _failed(too_deep())
        except UnknownNode as error:
            message = f"the syntax of `{error}` is newer than this version of sessionlint"
            return _failed(FileError("syntax", message, Range(1, 1, 1, 1)))
    functions = tuple(facts for facts in tables.functions if facts is not None)
    classes = tuple(facts for facts in tables.classes if facts is not None)
    found: dict[str, int] = {}
    if any(word in text for word in _RENDERING):
        more, found = inline_templates(functions, classes)
        functions += more
    silencing = suppressions(text, tables) if may_silence else ()
    return FileFacts(functions, classes, silencing, None, found, summarized(functions, classes))


_RENDERING = ("render_template_string", "Template(", "from_string", "DictLoader(")
"""What renders a template that stands in a string."""


def _failed(error: FileError) -> FileFacts:
    return FileFacts((), (), (), error)
