"""Text of other people's files, made safe to print: it must not move the cursor, recolour the terminal or turn the reading direction."""

from __future__ import annotations

import unicodedata

TAB = "    "
_DIRECTIONS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSAFE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def printable(text: str) -> str:
    """`text` with control characters, surrogates, line separators and marks of direction as escapes, and tabs as spaces."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character == "\t":
        return TAB
    if character in _DIRECTIONS or unicodedata.category(character) in _UNSAFE:
        number = ord(character)
        return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"
    return character
