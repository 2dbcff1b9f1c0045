"""Where new text goes: behind the last argument of a call, or as one more call of a chain, laid out as what is there. Entry point:
`Layout`."""

from __future__ import annotations

import io
import tokenize
from dataclasses import dataclass, field

from sessionlint.facts import ops
from sessionlint.rewrite.edit import Insertion, LineEdits, Replacement

Place = tuple[int, int]
"""Row and column, both from 1."""

_NO_TEXT = frozenset({tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER})
_PLAIN = 88
_LONGEST = 120


@dataclass(slots=True)
class _Arguments:
    """What stands between two brackets: where each item begins, the commas between them, where the last one ends, and the comma behind
    it, if there is one."""

    opening: Place
    closing: Place
    starts: list[Place] = field(default_factory=list)
    commas: list[Place] = field(default_factory=list)
    end: Place = (0, 0)
    comma: Place | None = None


class Layout:
    """The additions to one file; texts for the same place follow one another in the order in which they are given."""

    def __init__(self, lines: tuple[str, ...], *, is_inline: bool) -> None:
        self.lines, self.is_inline = lines, is_inline
        self._texts: dict[Place, str] = {}
        self._edits = LineEdits()
        self._width = min(max(_PLAIN, *(len(line.rstrip()) for line in lines)), _LONGEST)

    def edits(self) -> LineEdits:
        """Everything so far."""
        for (row, column), text in self._texts.items():
            self._edits.replaced.append(Replacement(row, column, row, column, text))
        return self._edits

    def insert(self, place: Place, text: str) -> None:
        """Text at a place."""
        self._texts[place] = self._texts.get(place, "") + text

    def replace(self, first: Place, last: Place, text: str) -> None:
        """Text in place of other text."""
        self._edits.replaced.append(Replacement(*first, *last, text))

    def text(self, first: Place, last: Place) -> str:
        """What stands there."""
        rows = list(self.lines[first[0] - 1 : last[0]])
        rows[-1] = rows[-1][: last[1] - 1]
        rows[0] = rows[0][first[1] - 1 :]
        return "".join(rows)

    def add_arguments(self, first: Place, last: Place, new: list[str]) -> bool:
        """Items behind the last one between the brackets that begin and end a stretch; whether it is as expected."""
        found = self._arguments(first, last)
        if found is None:
            return False
        if not found.starts:
            self.insert((found.opening[0], found.opening[1] + 1), ", ".join(new))
        elif self._begins_line(found.starts[-1]):
            self._add_rows(found, new)
        elif found.comma is not None:
            self.insert(_after(found.comma), f" {', '.join(new)}")
        elif self._fits(found.end[0], "".join(f", {text}" for text in new)) or found.opening[0] != found.closing[0]:
            self.insert(found.end, "".join(f", {text}" for text in new))
        else:
            self._spread(found, new)
        return True

    def add_call(self, start: ops.Expr, calls: tuple[ops.Call, ...], name: str, new: list[str]) -> None:
        """`.name(new)` behind an expression, in front of the calls that follow."""
        place = (start.at.end_row, start.at.end_column)
        rest = self.lines[place[0] - 1][place[1] - 1 :].strip()
        following = calls[0].func if calls else None
        if isinstance(following, ops.Attribute) and following.name_at.row > place[0] and rest[:1] in ("", "#", "\\"):
            row = following.name_at.row
            before = self.lines[row - 1][: following.name_at.column - 1]
            if before.strip() == ".":
                indentation = before[: len(before) - len(before.lstrip())]
                self._add_line(place[0], indentation, name, new, " \\" if rest[:1] == "\\" else "")
                return
        flat = f".{name}({', '.join(new)})"
        if self._fits(place[0], flat):
            self.insert(place, flat)
        else:
            self.insert(place, f".{name}({self._rows(self._indentation(place[0]), new)})")

    def _add_line(self, row: int, indentation: str, name: str, new: list[str], ending: str) -> None:
        """A call on a line of its own."""
        flat = f"{indentation}.{name}({', '.join(new)}){ending}"
        lines = [flat]
        if len(flat) > self._width and len(new) > 1 and not ending:
            unit = self._unit()
            lines = [f"{indentation}.{name}(", *(f"{indentation}{unit}{text}," for text in new), f"{indentation})"]
        for line in lines:
            self._edits.inserted.append(Insertion(row, line, behind=True))

    def _add_rows(self, found: _Arguments, new: list[str]) -> None:
        """Items on lines of their own, as the last one is."""
        indentation = self.lines[found.starts[-1][0] - 1][: found.starts[-1][1] - 1]
        behind = _after(found.comma) if found.comma else found.end
        if found.closing[0] == behind[0]:
            separator = "" if found.comma else ","
            rows = ",".join(f"\n{indentation}{text}" for text in new)
            self.insert(behind, separator + rows)
            return
        if not found.comma:
            self.insert(found.end, ",")
        for text in new:
            comma = "," if found.comma or text != new[-1] else ""
            self._edits.inserted.append(Insertion(behind[0], f"{indentation}{text}{comma}", behind=True))

    def _spread(self, found: _Arguments, new: list[str]) -> None:
        """Items that stood in one line, each on a line of its own."""
        outer = self._indentation(found.opening[0])
        inner = outer + self._unit()
        self.insert(_after(found.opening), f"\n{inner}")
        for comma, start in zip(found.commas, found.starts[1:], strict=True):
            self.replace(_after(comma), start, f"\n{inner}")
        self.insert(found.end, "".join(f",\n{inner}{text}" for text in new) + f",\n{outer}")

    def _rows(self, indentation: str, new: list[str]) -> str:
        inner = indentation + self._unit()
        return "".join(f"\n{inner}{text}," for text in new) + f"\n{indentation}"

    def _fits(self, row: int, text: str) -> bool:
        """Whether a line stays as short as others are; one that is longer already may go on so."""
        length = len(self.lines[row - 1].partition("  #")[0].rstrip())
        return self.is_inline or length > self._width or length + len(text) <= self._width

    def _indentation(self, row: int) -> str:
        line = self.lines[row - 1]
        return line[: len(line) - len(line.lstrip())]

    def _unit(self) -> str:
        """One step of indentation of the file."""
        steps = [self._indentation(row) for row in range(1, len(self.lines) + 1) if self.lines[row - 1].strip()]
        return min((step for step in steps if step), key=len, default="    ")

    def _begins_line(self, place: Place) -> bool:
        return not self.lines[place[0] - 1][: place[1] - 1].strip()

    def _arguments(self, first: Place, last: Place) -> _Arguments | None:
        try:
            tokens = list(tokenize.generate_tokens(io.StringIO(self.text(first, last)).readline))
        except (tokenize.TokenError, SyntaxError):
            return None
        tokens = [token for token in tokens if token.type not in _NO_TEXT]
        if len(tokens) < 2 or tokens[0].string not in "([" or tokens[-1].string not in ")]":
            return None
        found = _Arguments(_place(tokens[0].start, first), _place(tokens[-1].start, first))
        depth, is_new = 0, True
        for token in tokens[1:-1]:
            if depth == 0 and token.string == ",":
                found.comma, is_new = _place(token.start, first), True
                continue
            if is_new:
                found.starts.append(_place(token.start, first))
                found.commas += [found.comma] if found.comma else []
            found.end, found.comma, is_new = _place(token.end, first), None, False
            depth += (token.string in ("(", "[", "{")) - (token.string in (")", "]", "}"))
        return found


def _place(position: tuple[int, int], first: Place) -> Place:
    row, column = position
    return first[0] + row - 1, column + (first[1] if row == 1 else 1)


def _after(place: Place) -> Place:
    return place[0], place[1] + 1
