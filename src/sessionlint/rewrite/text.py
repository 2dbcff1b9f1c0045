"""A source file as lines: encoding, byte order mark and every line ending are kept, so that an unedited line is the same bytes."""

from __future__ import annotations

import io
import re
import tokenize
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class SourceText:
    """`lines` carry their own endings; `newline` is the one that new lines get (the file's most frequent)."""

    encoding: str
    has_bom: bool
    lines: tuple[str, ...]
    newline: str

    def encode(self, lines: list[str]) -> bytes:
        """`lines` as bytes of this file's encoding; raises `UnicodeEncodeError` where it has no such character."""
        return (_BOM if self.has_bom else b"") + "".join(lines).encode(self.encoding)


def lines_of(text: str) -> list[str]:
    """The lines of a text with their endings, as Python counts lines (`str.splitlines` knows more line breaks than Python)."""
    return _LINE.findall(text)


def read_text(content: bytes) -> SourceText:
    """The lines of a Python file; raises `SyntaxError` or `UnicodeDecodeError` where its encoding is not what it says (PEP 263)."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    has_bom = content.startswith(_BOM)
    encoding = "utf-8" if encoding == "utf-8-sig" else encoding
    lines = lines_of((content[3:] if has_bom else content).decode(encoding))
    crlf = sum(line.endswith("\r\n") for line in lines)
    lf = sum(line.endswith("\n") for line in lines) - crlf
    cr = sum(line.endswith("\r") for line in lines)
    newline = "\n" if lf >= max(crlf, cr) else "\r\n" if crlf >= cr else "\r"
    return SourceText(encoding, has_bom, tuple(lines), newline)


class _Strings(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.rows: set[int] = set()

    def _inside(self, node: cst.CSTNode) -> None:
        place = self.get_metadata(PositionProvider, node)
        self.rows.update(range(place.start.line + 1, place.end.line + 1))

    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        self._inside(node)

    def visit_FormattedString(self, node: cst.FormattedString) -> None:
        self._inside(node)


_MAY_SPAN_ROWS = re.compile(rb"""\"{3}|'{3}|\\(?=[\r\n])|f(['"])(?:(?!\1)[^\r\n])*(?=[\r\n])""", re.I)
"""Triple quotes, a backslash at the end of a line, a formatted string that its line does not end."""


_LONE_RETURN = re.compile(rb"\r(?!\n)")
_OPENING, _CLOSING = ("FSTRING_START", "TSTRING_START"), ("FSTRING_END", "TSTRING_END")


def string_rows(content: bytes) -> frozenset[int]:
    """The rows that begin inside a string: their leading blanks are content and may never be changed."""
    if _MAY_SPAN_ROWS.search(content) is None:
        return frozenset()
    if _LONE_RETURN.search(content) is None:
        try:
            return _tokenized(content)
        except (tokenize.TokenError, SyntaxError):
            pass  # written for another Python than the one that runs here
    wrapper = MetadataWrapper(cst.parse_module(content), unsafe_skip_copy=True)
    visitor = _Strings()
    wrapper.visit(visitor)
    return frozenset(visitor.rows)


def _tokenized(content: bytes) -> frozenset[int]:
    rows: set[int] = set()
    opened: list[int] = []
    for found in tokenize.tokenize(io.BytesIO(content).readline):
        kind = tokenize.tok_name[found.type]
        if kind == "STRING":
            rows.update(range(found.start[0] + 1, found.end[0] + 1))
        elif kind in _OPENING:
            opened.append(found.start[0])
        elif kind in _CLOSING:
            rows.update(range(opened.pop() + 1, found.end[0] + 1))
    return frozenset(rows)
