"""Text of other people's files, made safe to print: it must not move the cursor, recolour the terminal, turn the reading direction, or
give commands to the machine of a CI service that reads the log."""

from __future__ import annotations

import re
import unicodedata

TAB = "    "
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""`Cf` holds the marks of direction and what is invisible."""
_JOINERS = frozenset("\u200c\u200d")
"""Parts of letters and emoji."""
_NONCHARACTERS = frozenset("\ufffe\uffff")
"""XML has no way to write them."""

_COMMAND = re.compile(r"(?<=#)#(?=[A-Za-z]*\[)|(?:(?<=^:)|(?<=\s:)):(?=[A-Za-z])")
"""What makes a workflow command of a line: `##[…`, `##vso[…`, `##teamcity[…` anywhere in it, `::name` at its start. A message may be
wrapped, so that every blank may become a start."""


def printable(text: str) -> str:
    """`text` with control characters, surrogates, line separators, marks of direction and the marks of commands as escapes, and tabs as
    spaces."""
    return text if _is_safe(text) else "".join(printables(text))


def printables(text: str) -> list[str]:
    """The same, each character of `text` by itself."""
    if _is_safe(text):
        return list(text)
    shown = [_shown(character) for character in text]
    for match in _COMMAND.finditer(text):
        shown[match.start()] = _escaped(match[0])
    return shown


def representable(text: str) -> str:
    """`text` with halves of surrogate pairs as escapes: what stands for bytes in the name of a file, and no parser of JSON takes."""
    return text if text.isascii() else "".join(_escaped(c) if unicodedata.category(c) == "Cs" else c for c in text)


def _is_safe(text: str) -> bool:
    """Whether it is printable as it is, as most lines are."""
    return text.isascii() and text.isprintable() and "##" not in text and "::" not in text


def _shown(character: str) -> str:
    if character == "\t":
        return TAB
    is_unsafe = unicodedata.category(character) in _UNSAFE and character not in _JOINERS
    return _escaped(character) if is_unsafe or character in _NONCHARACTERS else character


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
