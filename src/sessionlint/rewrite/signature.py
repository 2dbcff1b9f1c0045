"""Parameters for functions and arguments for calls, added in place. Entry points: `add_parameters`, `add_arguments`,
`parameter_at`."""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sessionlint.facts import FunctionFacts, ops
from sessionlint.rewrite.edit import Insertion, LineEdits, Replacement
from sessionlint.source import Range

_BLANK = (tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT)

_BEGINNING = re.compile(r"\s*(\w+\s*=\s*|\*\*?\s*)?\(*")
"""What may stand in front of an argument that has its line to itself."""


@dataclass(frozen=True, slots=True)
class NewParameter:
    """`name: annotation`, or the name alone."""

    name: str
    annotation: str = ""

    @property
    def text(self) -> str:
        return f"{self.name}: {self.annotation}" if self.annotation else self.name


def is_keyword_only(function: FunctionFacts) -> bool:
    """Whether what is added behind the parameters can be given by keyword alone."""
    kinds = {parameter.kind for parameter in function.parameters}
    has_defaults = any(p.default is not None for p in function.parameters if p.kind in ("positional", "positional-only"))
    return has_defaults or bool(kinds & {"*", "keyword-only"})


def add_parameters(lines: Sequence[str], function: FunctionFacts, wanted: Sequence[NewParameter]) -> LineEdits | None:
    """The edits that give a function further parameters without default, last but for `**`; None where its text is not as expected."""
    tokens = _signature(lines, function)
    if tokens is None:
        return None
    needs_star = is_keyword_only(function) and not any(p.kind in ("*", "keyword-only") for p in function.parameters)
    texts = ["*"] * needs_star + [parameter.text for parameter in wanted]
    last, closing = tokens[-2], tokens[-1]
    edits = LineEdits()
    mapping = next((token for token in _outer(tokens) if token.string == "**"), None)
    if mapping is not None:
        row, column = mapping.start
        edits.replaced.append(_inserted(row, column + 1, "".join(f"{text}, " for text in texts)))
        return edits
    row, column = last.end
    if last.string == "(":
        edits.replaced.append(_inserted(row, column + 1, ", ".join(texts)))
    elif closing.start[0] > row and not lines[closing.start[0] - 1][: closing.start[1]].strip():
        if last.string != ",":
            edits.replaced.append(_inserted(row, column + 1, ","))
        line = lines[row - 1]
        indent = line[: len(line) - len(line.lstrip())]
        edits.inserted += [Insertion(row, f"{indent}{text},", behind=True) for text in texts]
    elif last.string == ",":
        edits.replaced.append(_inserted(row, column + 1, "".join(f" {text}," for text in texts)))
    else:
        edits.replaced.append(_inserted(row, column + 1, "".join(f", {text}" for text in texts)))
    return edits


def add_arguments(lines: Sequence[str], call: ops.Call, texts: Sequence[str]) -> LineEdits | None:
    """The edits that give a call further arguments, last of all; None where its text is not as expected."""
    edits = LineEdits()
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    last = max(given, key=lambda argument: (argument.at.end_row, argument.at.end_column), default=None)
    if last is None:
        row, column = call.at.end_row, call.at.end_column - 1
        if lines[row - 1][column - 1] != ")":
            return None
        edits.replaced.append(_inserted(row, column, ", ".join(texts)))
        return edits
    row, column, comma = last.at.end_row, last.at.end_column, False
    for here, at, character in _tail(lines, row, column, call.at.end_row, call.at.end_column - 1):
        if character == ",":
            comma = True
        if character not in "),":
            return None
        row, column = here, at + 1
    if len(given) == 1 and isinstance(last, ops.Comprehension) and last.kind == "generator":
        edits.replaced += [_inserted(last.at.row, last.at.column, "("), _inserted(last.at.end_row, last.at.end_column, ")")]
        if (row, column) != (last.at.end_row, last.at.end_column):  # it has parentheses of its own
            edits.replaced.clear()
        else:
            edits.replaced[-1] = _inserted(row, column, ")" + "".join(f", {text}" for text in texts))
            return edits
    first_line = lines[last.at.row - 1]
    is_own_line = last.at.row > call.at.row and _BEGINNING.fullmatch(first_line[: last.at.column - 1]) and call.at.end_row > row
    if is_own_line:
        if not comma:
            edits.replaced.append(_inserted(row, column, ","))
        indent = first_line[: len(first_line) - len(first_line.lstrip())]
        edits.inserted += [Insertion(row, f"{indent}{text},", behind=True) for text in texts]
    else:
        edits.replaced.append(_inserted(row, column, "".join(f" {text}," if comma else f", {text}" for text in texts)))
    return edits


def _tail(lines: Sequence[str], row: int, column: int, end_row: int, end_column: int) -> Iterator[tuple[int, int, str]]:
    """The characters between two places that are neither blanks, continuations nor comments."""
    for here in range(row, end_row + 1):
        first = column - 1 if here == row else 0
        text = lines[here - 1][first:].partition("#")[0] if here < end_row else lines[here - 1][first : end_column - 1]
        for index, character in enumerate(text, first + 1):
            if not character.isspace() and character != "\\":
                yield here, index, character


def _inserted(row: int, column: int, text: str) -> Replacement:
    return Replacement(row, column, row, column, text)


def _signature(lines: Sequence[str], function: FunctionFacts) -> list[tokenize.TokenInfo] | None:
    """The tokens of the parameter list with both parentheses, in rows of the file."""
    offset = function.at.row - 1
    rest = iter([line.rstrip("\r\n") + "\n" for line in lines[offset:]])
    found: list[tokenize.TokenInfo] = []
    depth = 0
    try:
        for token in tokenize.generate_tokens(lambda: next(rest, "")):
            row, column = token.start
            if (row, column) < (1, function.at.end_column - 1) or token.type in _BLANK:
                continue
            if not found and depth == 0 and token.string not in "([":
                return None
            depth += (token.string in "([{" and token.type == tokenize.OP) - (token.string in ")]}" and token.type == tokenize.OP)
            if found or (token.string == "(" and depth == 1):
                found.append(token._replace(start=(row + offset, column), end=(token.end[0] + offset, token.end[1])))
            if found and depth == 0:
                return found
    except (tokenize.TokenError, SyntaxError):
        return None
    return None


def _outer(tokens: Sequence[tokenize.TokenInfo]) -> Iterator[tokenize.TokenInfo]:
    """The tokens that stand in the outermost parentheses alone, and where a parameter begins."""
    depth, is_first = 0, False
    for token in tokens:
        if token.type == tokenize.OP and token.string in ")]}":
            depth -= 1
        if depth == 1 and is_first:
            yield token
        if token.type == tokenize.OP and token.string in "([{":
            depth += 1
        is_first = depth == 1 and token.string in (",", "(")


def parameter_at(lines: Sequence[str], function: FunctionFacts, name: str) -> Range | None:
    """Where a parameter stands in the signature, its annotation included; None where the text is not as expected."""
    parameter = next(p for p in function.parameters if p.name == name)
    for token in _outer(_signature(lines, function) or ()):
        if token.string == name:
            (row, column), end = token.start, (token.end[0], token.end[1] + 1)
            if parameter.annotation is not None:
                end = (parameter.annotation.at.end_row, parameter.annotation.at.end_column)
            return Range(row, column + 1, *end)
    return None
