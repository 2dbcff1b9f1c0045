"""Where the body of an `except` clause or function begins in the text, and what is put in front or around. Entry point: `beginning`."""

from __future__ import annotations

import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

from sessionlint.rewrite.edit import Insertion, LineEdits, Replacement, Shift
from sessionlint.source import Range

_SKIPPED = (tokenize.COMMENT, tokenize.NL)


@dataclass(frozen=True, slots=True)
class Beginning:
    """A handler or function whose header ends on `row`. Its body has the indentation `indent`, one `unit` deeper than the header; where it
    stands on that row (`is_inline`), it goes from `column` to the end, and is a lone `pass` or not. `documented` is the row on which its
    docstring ends, or `row`."""

    row: int
    indent: str
    unit: str
    is_inline: bool = False
    column: int = 0
    body: str = ""
    is_pass: bool = False
    documented: int = 0

    def with_first(self, statement: str) -> LineEdits:
        """The statement in front of the body."""
        if self.is_pass:
            return LineEdits(replaced=[Replacement(self.row, self.column, self.row, self.column + len("pass"), statement)])
        if self.is_inline:
            return LineEdits(replaced=[Replacement(self.row, self.column, self.row, self.column, f"{statement}; ")])
        return LineEdits(inserted=[Insertion(self.row, self.indent + statement, behind=True)])

    def with_block(self, header: str, statement: str) -> LineEdits:
        """A compound statement of one line in front of the body."""
        lines = [self.indent + header, self.indent + self.unit + statement]
        if not self.is_inline:
            return LineEdits(inserted=[Insertion(self.row, line, behind=True) for line in lines])
        rest = self.body[len("pass") :].strip() if self.is_pass else self.body
        text = "\n".join(["", *lines, *([self.indent + rest] if rest else [])])
        start = self.column - 1
        return LineEdits(replaced=[Replacement(self.row, start, self.row, self.column + len(self.body), text)])

    def with_handler(self, last: int, header: str, body: list[str]) -> LineEdits:
        """The body, which ends on row `last`, in a `try` with a handler."""
        after = [self.indent + header, *(self.indent + self.unit + line for line in body)]
        if self.is_inline:
            text = "\n".join(["", f"{self.indent}try:", self.indent + self.unit + self.body, *after])
            return LineEdits(replaced=[Replacement(self.row, self.column - 1, self.row, self.column + len(self.body), text)])
        return LineEdits(
            shifts=[Shift(self.documented + 1, last, self.indent, self.unit)],
            inserted=[
                Insertion(self.documented, f"{self.indent}try:", behind=True),
                *(Insertion(last, line, behind=True) for line in after),
            ],
        )


def beginning(lines: tuple[str, ...], at: Range) -> Beginning | None:
    """The beginning of the body of the `except` or `def` on whose line a range begins; None where the text is not as expected."""
    line = lines[at.row - 1]
    outer = line[: len(line) - len(line.lstrip(" \t\f"))]
    tokens = _tokens(lines, at.row)
    depth = 0
    try:
        for token in tokens:
            if token.type == tokenize.OP:
                depth += (token.string in "([{") - (token.string in ")]}")
                if token.string == ":" and depth == 0:
                    return _behind(lines, outer, token, tokens)
    except (tokenize.TokenError, SyntaxError):
        return None
    return None


def _behind(lines: tuple[str, ...], outer: str, colon: tokenize.TokenInfo, tokens: Iterator[tokenize.TokenInfo]) -> Beginning | None:
    row = colon.start[0]
    following = next(token for token in tokens if token.type != tokenize.COMMENT)
    if following.type == tokenize.NEWLINE:
        inner = next(token for token in tokens if token.type not in _SKIPPED)
        if inner.type != tokenize.INDENT or not inner.string.startswith(outer):
            return None
        first, second = next(tokens), next(tokens)
        is_documented = first.type == tokenize.STRING and second.type == tokenize.NEWLINE
        documented = second.start[0] if is_documented else row
        return Beginning(row, inner.string, inner.string[len(outer) :], documented=documented)
    if following.start[0] != row:
        return None
    behind = next(token for token in tokens)
    unit = "\t" if outer.startswith("\t") else "    "
    body = lines[row - 1].rstrip("\r\n")[following.start[1] :]
    is_pass = following.string == "pass" and behind.type in (tokenize.NEWLINE, tokenize.COMMENT, tokenize.ENDMARKER)
    return Beginning(row, outer + unit, unit, True, following.start[1] + 1, body, is_pass)


def _tokens(lines: tuple[str, ...], row: int) -> Iterator[tokenize.TokenInfo]:
    """The tokens from a row on, with the row numbers of the file."""
    source = iter([lines[row - 1].lstrip(" \t\f"), *lines[row:]])
    shift = len(lines[row - 1]) - len(lines[row - 1].lstrip(" \t\f"))
    for token in tokenize.generate_tokens(lambda: next(source, "")):
        start = (token.start[0] + row - 1, token.start[1] + (shift if token.start[0] == 1 else 0))
        yield token._replace(start=start)
