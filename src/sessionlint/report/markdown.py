"""Other people's text within Markdown: it stays text. Nobody is mentioned by it, nothing is linked, no table or tag is broken open."""

from __future__ import annotations

import re

from sessionlint.report.printable import printable

_NOTHING = "&#8203;"
"""A blank without width, where only its being there keeps a service from making a link or a mention of what follows."""
_PUNCTUATION = re.compile(r"([\\`*_\[\]#|~>$])")
_RUN = re.compile(r"`+")
_CODE = re.compile(r"`([^`]+)`")
_LINKS = re.compile(r"(?<=:)(?=//)|(?<=@)(?=\S)|(?<=#)(?=\w)|(?<=www)(?=\.)|(?<=:)(?=\w+:)|(?<=\bGH)(?=-)", re.I)


def inline(text: str) -> str:
    """A sentence, whose words between backticks are code."""
    parts = _CODE.split(printable(text))
    return "".join(code(part) if number % 2 else _escaped(part) for number, part in enumerate(parts))


def code(text: str) -> str:
    """A code span, which may stand in a table; nothing in it means anything."""
    shown = printable(text)
    if not shown.strip() or "\\|" in shown:  # which no code span in a table can hold
        return _escaped(f"`{shown}`")
    fence = "`" * (max((len(run) for run in _RUN.findall(shown)), default=0) + 1)
    pad = " " if "`" in (shown[0], shown[-1]) else ""
    return f"{fence}{pad}{shown}{pad}{fence}".replace("|", "\\|")


def _escaped(text: str) -> str:
    parts = []
    start = 0
    for match in _LINKS.finditer(text):
        parts.append(text[start : match.start()])
        start = match.start()
    parts.append(text[start:])
    return _NOTHING.join(_PUNCTUATION.sub(r"\\\1", part.replace("&", "&amp;").replace("<", "&lt;")) for part in parts)
