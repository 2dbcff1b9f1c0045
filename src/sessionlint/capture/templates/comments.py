"""Jinja comments that silence findings, and the rows each speaks for. Entry point: `template_suppressions`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from sessionlint.capture.positions import row_starts
from sessionlint.capture.suppressions import FORM, codes_in
from sessionlint.facts import Suppression
from sessionlint.source import Range

_TAG = re.compile(
    r"""\{\#.*?\#\}
    |\{%[-+]?\s*raw\s*[-+]?%\}.*?\{%[-+]?\s*endraw\s*[-+]?%\}
    |\{\{(?:'[^']*'|"[^"]*"|.)*?\}\}
    |\{%(?:'[^']*'|"[^"]*"|.)*?%\}""",
    re.DOTALL | re.VERBOSE,
)
_SIGNS = re.compile(r"^[-+]?\s+|^[-+]|\s*[-+]?$")
_OURS = re.compile(r"sessionlint\s*:\s*(?P<text>.*)", re.IGNORECASE | re.DOTALL)
_NOQA = re.compile(r"noqa:\s?(?P<codes>(?:[A-Z]+[0-9]+(?:[,\s]+)?)+)(?P<reason>.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Tag:
    """`{{ … }}`, `{% … %}` or a comment, with its first and last row."""

    start: int
    text: str
    first: int
    last: int

    @property
    def is_comment(self) -> bool:
        return self.text.startswith("{#")


class TemplateRows:
    """The tags of a template, and which rows belong together because a tag reaches over them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = row_starts(text)
        self.last = len(self._starts) - 1
        self.tags = [_Tag(match.start(), match[0], self._row(match.start()), self._row(match.end() - 1)) for match in _TAG.finditer(text)]

    def _row(self, offset: int) -> int:
        return bisect_right(self._starts, offset)

    def line(self, row: int) -> str:
        """The text of a row."""
        return self._text[self._starts[row - 1] : min(self._starts[row], len(self._text))]

    def at(self, tag: _Tag) -> Range:
        """Where a tag stands."""
        end = tag.start + len(tag.text)
        return Range(tag.first, tag.start - self._starts[tag.first - 1] + 1, tag.last, end - self._starts[tag.last - 1] + 1)

    def around(self, first: int, last: int) -> tuple[int, int]:
        """These rows, and those that tags tie to them: every tag begins and ends inside or outside."""
        for tag in reversed(self.tags):
            if not tag.is_comment and tag.first < first <= tag.last:
                first = tag.first
        for tag in self.tags:
            if not tag.is_comment and tag.first <= last < tag.last:
                last = tag.last
        return first, last

    def spoken(self, tag: _Tag) -> tuple[int, int]:
        """The rows that a comment is about: its own, or where it stands alone those of the next row that holds more than comments."""
        if not self._is_bare(tag.first, tag.last):
            return self.around(tag.first, tag.last)
        row = tag.last + 1
        while row <= self.last and self._is_bare(row, row):
            row += 1
        return self.around(row, row) if row <= self.last else (tag.first, tag.last)

    def _is_bare(self, first: int, last: int) -> bool:
        """Whether there is nothing but comments on these rows."""
        start, end = self._starts[first - 1], min(self._starts[last], len(self._text))
        rest = list(self._text[start:end])
        for tag in self.tags:
            if tag.is_comment and tag.start < end and tag.start + len(tag.text) > start:
                low, high = max(tag.start - start, 0), tag.start + len(tag.text) - start
                rest[low:high] = " " * (min(high, len(rest)) - low)
        return not "".join(rest).strip()


def template_suppressions(text: str) -> Iterator[Suppression]:
    """`{# sessionlint: ignore[SES503] -- reason #}` and `{# noqa: SES503 #}` of a template, in its order."""
    lowered = text.lower()
    if "noqa" not in lowered and "sessionlint" not in lowered:
        return
    rows = TemplateRows(text)
    for tag in rows.tags:
        if not tag.is_comment:
            continue
        said = _SIGNS.sub("", tag.text[2:-2])
        if match := _NOQA.fullmatch(said):
            reason = " ".join(match["reason"].split()).lstrip("-–—:,").strip()
            yield Suppression("noqa", codes_in(match["codes"]), reason, rows.at(tag), *rows.spoken(tag))
        elif match := _OURS.fullmatch(said):
            yield _ours(" ".join(match["text"].split()), tag, rows)


def _ours(said: str, tag: _Tag, rows: TemplateRows) -> Suppression:
    form = FORM.fullmatch(said)
    if form is None or form["kind"] not in {"ignore", "file-ignore"}:
        return Suppression("malformed", (), said, rows.at(tag), *rows.spoken(tag))
    spoken = (1, rows.last) if form["kind"] == "file-ignore" else rows.spoken(tag)
    return Suppression(form["kind"], codes_in(form["codes"]), (form["reason"] or "").strip(), rows.at(tag), *spoken)
