"""Edits to the comments that silence findings: codes taken out of one, a whole one taken away, its words put right."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from sessionlint.rewrite.edit import LineEdits, Replacement
from sessionlint.rewrite.text import SourceText
from sessionlint.source import Range

_NOQA = re.compile(r"noqa:\s?(?P<codes>(?:[A-Z]+[0-9]+(?:[,\s]+)?)+)", re.IGNORECASE)
_OURS = re.compile(r"\[(?P<codes>[^\]]*)\]")
_OF_NOQA = re.compile(r"(?P<between>[,\s]*)(?P<code>[A-Z]+[0-9]+)", re.IGNORECASE)
_OF_OURS = re.compile(r"(?P<between>[,\s]*)(?P<code>[\w-]+)")
_HEAD = re.compile(r"(?:#|\{#[-+]?)\s*sessionlint\s*:\s*", re.IGNORECASE)
_OF_FILE = re.compile(r"#\s*(?:flake8|ruff)[:=]", re.IGNORECASE)
_BLANKS = re.compile(r"[\s,]|[-+]?#\}\Z")
_TAIL = re.compile(r"\s*[-+]?#\}\Z")


def written(text: SourceText, at: Range) -> str:
    """What stands at `at`, with `\\n` for every line ending."""
    if at.row == at.end_row:
        return text.lines[at.row - 1][at.column - 1 : at.end_column - 1]
    rows = [text.lines[at.row - 1][at.column - 1 :], *text.lines[at.row : at.end_row - 1], text.lines[at.end_row - 1][: at.end_column - 1]]
    return "\n".join(row.rstrip("\r\n") for row in rows)


def is_of_file(text: SourceText, at: Range) -> bool:
    """Whether a `noqa` is about the whole file."""
    return _OF_FILE.match(written(text, at)) is not None


def is_alone(text: SourceText, at: Range) -> bool:
    """Whether a comment has its rows for itself."""
    before, after = _beside(text, at)
    return not before.strip() and not after.strip()


def without_codes(text: SourceText, at: Range, codes: Set[str], *, is_template: bool = False) -> LineEdits:
    """Take `codes` (upper case) out of the comment at `at`; if no other is left, the comment goes, and with it its row if it is alone."""
    said = written(text, at)
    _, found = _listed(said)
    kept = [match for match in found if match["code"].upper() not in codes]
    if not kept:
        return _removed(text, at, is_template=is_template)
    new = "".join(match["between"] * bool(number) + match["code"] for number, match in enumerate(kept))
    whole = said[: found[0].start("code")] + new + said[found[-1].end() :]
    return LineEdits(replaced=[Replacement.of(at, whole)])


def with_codes(text: SourceText, at: Range, codes: Sequence[str], reason: str) -> LineEdits:
    """Put `codes` into the list of the comment at `at`; a `noqa` without a reason gets this one."""
    said = written(text, at)
    is_noqa, found = _listed(said)
    known = {match["code"].upper() for match in found}
    end = found[-1].end()
    added = "".join(f", {code}" for code in codes if code.upper() not in known)
    rest = said[end:]
    if is_noqa and not _BLANKS.sub("", rest):
        rest = noqa_reason(reason) + rest
    return LineEdits(replaced=[Replacement.of(at, said[:end] + added + rest)])


def _listed(said: str) -> tuple[bool, list[re.Match[str]]]:
    """Whether a comment that names codes is a `noqa`, and its codes."""
    is_noqa = _NOQA.search(said) is not None and _HEAD.match(said) is None
    listed = (_NOQA if is_noqa else _OURS).search(said)
    assert listed is not None, "it names codes"
    return is_noqa, list((_OF_NOQA if is_noqa else _OF_OURS).finditer(said, *listed.span("codes")))


def with_text(text: SourceText, at: Range, new: str) -> LineEdits:
    """Have `new` follow `sessionlint:` in the comment at `at`."""
    said = written(text, at)
    head, tail = _HEAD.match(said), _TAIL.search(said)
    assert head is not None, "it is one of ours"
    return LineEdits(replaced=[Replacement.of(at, head[0] + new + (tail[0] if tail is not None else ""))])


def merged(edits: list[LineEdits]) -> LineEdits:
    """Edits of different rows as one."""
    together = LineEdits()
    for one in edits:
        together.deleted |= one.deleted
        together.replaced += one.replaced
        together.inserted += one.inserted
    return together


def noqa_reason(reason: str) -> str:
    """A reason as it follows the codes of a `noqa`: behind dashes if it could be taken for one more code."""
    if not reason:
        return ""
    word = reason.split(maxsplit=1)[0]
    return f" -- {reason}" if any(letter.isdigit() for letter in word) else f" {reason}"


def _beside(text: SourceText, at: Range) -> tuple[str, str]:
    return text.lines[at.row - 1][: at.column - 1], text.lines[at.end_row - 1][at.end_column - 1 :].rstrip("\r\n")


def _removed(text: SourceText, at: Range, *, is_template: bool) -> LineEdits:
    """Other comments on the row stay, with the blanks in front of the first of them; in a template all blanks are its own."""
    edits = LineEdits()
    if is_alone(text, at):
        edits.delete(at.row, at.end_row)
        return edits
    before, after = _beside(text, at)
    column, end = at.column, at.end_column
    if not is_template and after.strip():
        end += len(after) - len(after.lstrip())
    elif not is_template:
        column, end = len(before.rstrip()) + 1, end + len(after)
    edits.replaced.append(Replacement(at.row, column, at.end_row, end, ""))
    return edits
