"""Bytes → libcst module, or the error that says why not. No bytes make it raise, and none make it crash the process."""

from __future__ import annotations

import ast
import io
import re
import threading
import tokenize
import warnings
from dataclasses import dataclass
from itertools import accumulate

import libcst as cst

from sessionlint.facts import FileError
from sessionlint.source import Range

_START = Range(1, 1, 1, 1)
_COOKIE = re.compile(rb"[ \t\f]*#[^\r\n]*coding[:=]|[^\r\n]*(\r\n?|\n)[ \t\f]*#[^\r\n]*coding[:=]")
_BOM = b"\xef\xbb\xbf"
_BRACKET = re.compile(r"[()\[\]{}]")
_STEP = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
_DEEPEST_BRACKETS = 200
"""CPython's own limit. libcst has none: it needs time cubic in the depth, and at some 1500 overflows its stack."""
_CHAIN_MARKS = ("(", "[", "{", ".", "+", "-", "*", "/", "%", "|", "&", "~", "not ", "lambda", "if ", "await ")
_LONG_CHAIN = 1000
_LARGE_STACK = 512 * 1024 * 1024
_EXPECTED = re.compile(r"error at (\d+):(\d+): expected ")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A module with the text it was parsed from: decoded, without byte order mark, line ends as they are."""

    module: cst.Module
    text: str


def parse(content: bytes) -> Parsed | FileError:
    """The module that the bytes hold; errors as those of `decoded` and `parse_text`."""
    text = decoded(content)
    return text if isinstance(text, FileError) else parse_text(text)


def parse_text(text: str) -> Parsed | FileError:
    """The module that a text is. What does not parse is `syntax`, and so is code that nests too deeply to be followed."""
    if _bracket_depth(text) > _DEEPEST_BRACKETS and (error := _python_error(text)) is not None:
        return error
    try:
        return Parsed(_on_large_stack(text) if _may_nest_deeply(text) else _module(text), text)
    except cst.ParserSyntaxError as error:
        return _python_error(text) or _libcst_error(error)
    except RecursionError:
        return too_deep()


def too_deep() -> FileError:
    """The error for code that nests more deeply than can be followed."""
    return FileError("syntax", "the code is nested too deeply", _START)


def _module(text: str) -> cst.Module:
    return cst.parse_module(text)


def decoded(content: bytes) -> str | FileError:
    """The text that the bytes hold.

    A file that cannot be decoded (PEP 263 cookies are honoured) or holds a null byte is `unreadable`, at line 1 as SES005 reports it.
    """
    if b"\0" in content:
        row = _row_of(content, content.index(b"\0"))
        return FileError("unreadable", f"contains a null byte (line {row})", _START)
    encoding = "utf-8"
    try:
        if content.startswith(_BOM) or _COOKIE.match(content):
            encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some codecs warn of what they decode
            text = content.decode(encoding)
        text.encode("utf-8")  # a codec may give surrogates, which no parser takes
    except UnicodeDecodeError as error:
        message = f"is not {encoding}: byte 0x{content[error.start]:02x} (line {_row_of(content, error.start)})"
        return FileError("unreadable", message, _START)
    except SyntaxError as error:
        return FileError("unreadable", f"{error.msg}", _START)
    except Exception as error:  # codecs of any kind can be named in a cookie
        return FileError("unreadable", f"cannot be decoded as {encoding}: {error}".splitlines()[0], _START)
    return text


def _row_of(content: bytes, offset: int) -> int:
    before = content[:offset].replace(b"\r\n", b"\n")
    return before.count(b"\n") + before.count(b"\r") + 1


def _bracket_depth(text: str) -> int:
    """How deep brackets nest at most; more than that where strings or comments hold brackets."""
    if text.count("(") + text.count("[") + text.count("{") <= _DEEPEST_BRACKETS:
        return 0
    return max(accumulate(map(_STEP.__getitem__, _BRACKET.findall(text))))


def _may_nest_deeply(text: str) -> bool:
    """Whether there could be a chain (`a.b.c…`, `a + b + …`, `not not …`) that overflows libcst's stack, at some 3000 links."""
    return any(text.count(mark) > _LONG_CHAIN for mark in _CHAIN_MARKS)


def _on_large_stack(text: str) -> cst.Module:
    found: list[cst.Module | BaseException] = []

    def run() -> None:
        try:
            found.append(_module(text))
        except BaseException as error:  # raised again in the calling thread
            found.append(error)

    before = threading.stack_size(_LARGE_STACK)
    try:
        thread = threading.Thread(target=run, name="parse")
        thread.start()
    except RuntimeError:  # no memory to reserve
        return _module(text)
    finally:
        threading.stack_size(before)
    thread.join()
    if isinstance(found[0], BaseException):
        raise found[0]
    return found[0]


def _python_error(text: str) -> FileError | None:
    """What Python itself says: its places and words are better than libcst's, as far as this Python knows the file's grammar."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        rows = text.splitlines() or [""]
        row = min(max(error.lineno or 1, 1), len(rows) + 1)
        column = max(error.offset or 1, 1)
        end_row, end_column = max(error.end_lineno or row, row), error.end_offset or 0
        if end_row == row and end_column <= column:
            end_column = column
        return FileError("syntax", _sentence(error.msg), Range(row, column, end_row, max(end_column, 1)))
    except (RecursionError, MemoryError, ValueError, OverflowError):
        return too_deep()
    return None


def _libcst_error(error: cst.ParserSyntaxError) -> FileError:
    """What libcst says of a text that this Python accepts: a gap of libcst's, or it would be Python's error."""
    message = error.message.strip()
    row, column = max(error.raw_line, 1), max(error.raw_column + 1, 1)
    if (match := _EXPECTED.search(message)) is not None:
        row, column, message = int(match[1]), int(match[2]) + 1, ""
    reason = _sentence(message.removeprefix("tokenizer error: "))
    return FileError("syntax", f"{reason} to libcst, although Python accepts it", Range(row, column, row, column))


def _sentence(message: str) -> str:
    return " ".join(message.split()).rstrip(".") or "invalid syntax"
