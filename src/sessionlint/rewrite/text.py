"""A source file as lines: encoding, byte order mark and every line ending are kept, so that an unedited line is the same bytes."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sessionlint.source.decoding import encoding_of

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class SourceText:
    """`lines` carry their own endings; `newline` is the one that new lines get (the file's most frequent).

    `is_exact` is false where encoding the lines would not give the file's own bytes: UTF-7 and ISO 2022 spell a text in several ways.
    """

    encoding: str
    has_bom: bool
    lines: tuple[str, ...]
    newline: str
    is_exact: bool

    def encode(self, lines: list[str]) -> bytes:
        """`lines` as bytes of this file's encoding.

        Raises `UnicodeEncodeError` where it has no such character, or where lines that nobody edited would become other bytes.
        """
        text = "".join(lines)
        if not self.is_exact:
            raise UnicodeEncodeError(self.encoding, text, 0, len(text), "what was decoded does not give the same bytes")
        return (_BOM if self.has_bom else b"") + text.encode(self.encoding)

    def can_encode(self, texts: Iterable[str]) -> bool:
        """Whether lines that differ from the file's own by these texts alone could be encoded."""
        try:
            "".join(texts).encode(self.encoding)
        except UnicodeEncodeError:
            return False
        return self.is_exact


def lines_of(text: str) -> list[str]:
    """The lines of a text with their endings, as Python counts lines (`str.splitlines` knows more line breaks than Python)."""
    return _LINE.findall(text)


def read_text(content: bytes) -> SourceText:
    """The lines of a Python file; raises `SyntaxError` or `UnicodeDecodeError` where its encoding is not what it says (PEP 263)."""
    encoding = encoding_of(content)
    has_bom = content.startswith(_BOM)
    bare = content[3:] if has_bom else content
    decoded = bare.decode(encoding)
    lines = lines_of(decoded)
    crlf = sum(line.endswith("\r\n") for line in lines)
    lf = sum(line.endswith("\n") for line in lines) - crlf
    cr = sum(line.endswith("\r") for line in lines)
    newline = "\n" if lf >= max(crlf, cr) else "\r\n" if crlf >= cr else "\r"
    return SourceText(encoding, has_bom, tuple(lines), newline, _encodes_to(decoded, encoding, bare))


def _encodes_to(text: str, encoding: str, content: bytes) -> bool:
    try:
        return text.encode(encoding) == content
    except UnicodeEncodeError:
        return False


def tokens_of(content: bytes) -> Iterator[tokenize.TokenInfo]:
    """The tokens of a file, whatever ends its lines: the standard library's tokenizer does not know a carriage return alone for an ending.

    Raises `SyntaxError` or `tokenize.TokenError` where the Python that runs does not understand the file.
    """
    text = "".join(line.rstrip("\r\n") + "\n" for line in read_text(content).lines)
    return tokenize.generate_tokens(io.StringIO(text).readline)


_MAY_SPAN_ROWS = re.compile(rb"""\"{3}|'{3}|\\(?=[\r\n])|[ft](['"])(?:(?!\1)[^\r\n])*(?=[\r\n])""", re.I)
"""Triple quotes, a backslash at the end of a line, a formatted string that its line does not end."""


_OPENING, _CLOSING = ("FSTRING_START", "TSTRING_START"), ("FSTRING_END", "TSTRING_END")


def string_rows(content: bytes) -> frozenset[int]:
    """The rows that begin inside a string: their leading blanks are content and may never be changed."""
    if _MAY_SPAN_ROWS.search(content) is None:
        return frozenset()
    try:
        return _tokenized(content)
    except (tokenize.TokenError, SyntaxError):
        pass  # written for another Python than the one that runs here
    return _parsed(content)


def _parsed(content: bytes) -> frozenset[int]:
    import libcst as cst
    from libcst.metadata import MetadataWrapper, PositionProvider

    rows: set[int] = set()
    try:
        wrapper = MetadataWrapper(cst.parse_module("".join(read_text(content).lines)), unsafe_skip_copy=True)
    except cst.ParserSyntaxError:
        return frozenset()  # a template
    for node, place in wrapper.resolve(PositionProvider).items():
        if isinstance(node, cst.SimpleString | cst.FormattedString | cst.TemplatedString):
            rows.update(range(place.start.line + 1, place.end.line + 1))
    return frozenset(rows)


def _tokenized(content: bytes) -> frozenset[int]:
    rows: set[int] = set()
    opened: list[int] = []
    for found in tokens_of(content):
        kind = tokenize.tok_name[found.type]
        if kind == "STRING":
            rows.update(range(found.start[0] + 1, found.end[0] + 1))
        elif kind in _OPENING:
            opened.append(found.start[0])
        elif kind in _CLOSING:
            rows.update(range(opened.pop() + 1, found.end[0] + 1))
    return frozenset(rows)
