"""The mechanical part: a shape and what was decided about it to edits of lines. Nothing is left to decide here but where lines begin
and end."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sessionlint.facts import FileFacts, ops
from sessionlint.facts.ops import Stmt
from sessionlint.rewrite.codemod import Refusal
from sessionlint.rewrite.codemods.scope.pending import Pending
from sessionlint.rewrite.codemods.scope.shapes import Shape, is_rollback
from sessionlint.rewrite.edit import Insertion, LineEdits, Replacement, Shift
from sessionlint.rewrite.reading.walk import read_names

_DIRECTIVE = re.compile(r"#\s*(noqa|type:\s*ignore|pylint|pragma|nosec|fmt:|sessionlint\s*:)", re.I)
_FINALLY = re.compile(r"\s*finally\s*:")
_HEADER = re.compile(r":\s*(#.*)?$")
_RESULTS = ("result", "answer", "outcome", "value_to_return")


class _Unwritable(Exception):
    """The lines are not as simple as the edit needs them."""


@dataclass(slots=True)
class Writer:
    """Writes one site. `header_row` is that of the `def`, `names` are the names that the function uses."""

    shape: Shape
    lines: tuple[str, ...]
    header_row: int
    names: frozenset[str]
    scope: str
    edits: LineEdits

    def write(self, pending: Pending) -> LineEdits | Refusal:
        """The edits of this site, or a refusal where several statements share a line."""
        try:
            match self.shape.kind:
                case "with":
                    self._with_item()
                case "try":
                    self._before_try()
                case "inner":
                    self._inside_try()
                case "entered":
                    self._into_try()
                case _:
                    self._plain()
            self._pending(pending)
        except _Unwritable as problem:
            return Refusal("one-line", str(problem))
        return self.edits

    # -- lines ----------------------------------------------------------------------------------------------------

    def line(self, row: int) -> str:
        return self.lines[row - 1].rstrip("\r\n")

    def indent(self, statement: Stmt) -> str:
        """The blanks in front of a statement that begins its line."""
        before = self.line(statement.at.row)[: statement.at.column - 1]
        if before.strip():
            raise _Unwritable(f"line {statement.at.row} holds more than one statement")
        return before

    def comment(self, statement: Stmt) -> str:
        """The comment behind a statement that ends its line."""
        after = self.line(statement.at.end_row)[statement.at.end_column - 1 :].strip()
        if after and not after.startswith("#"):
            raise _Unwritable(f"line {statement.at.end_row} holds more than one statement")
        return after

    def unit(self, outer: str, inner: str) -> str:
        if not inner.startswith(outer) or inner == outer:
            raise _Unwritable("its indentation is inconsistent")
        return inner[len(outer) :]

    def header(self, indent: str, comment: str) -> str:
        return f"{indent}with {self.scope} as {self.shape.name}:" + (f"  {comment}" if comment else "")

    def remove(self, statement: Stmt) -> None:
        """Delete a statement with its lines; a comment behind it stays as a line of its own, unless it is meant for tools."""
        indent, comment = self.indent(statement), self.comment(statement)
        self.edits.delete(statement.at.row, statement.at.end_row)
        if comment and not _DIRECTIVE.match(comment):
            self.edits.inserted.append(Insertion(statement.at.row, indent + comment, moves=True))

    # -- shapes ---------------------------------------------------------------------------------------------------

    def _with_item(self) -> None:
        place = self.shape.context.at
        self.edits.replaced.append(Replacement.of(place, self.scope))
        for statement in self.shape.closing:
            self.remove(statement)

    def _before_try(self) -> None:
        shape = self.shape
        attempt = shape.attempt
        assert attempt is not None
        outer = self.indent(attempt)
        unit = self._unit_of(attempt)
        comment = self._take_acquisition()
        rest = [s for s in attempt.finalbody if s not in shape.closing]
        handlers = [h for h in attempt.handlers if h not in shape.dropped]
        keeps_try = bool(rest or handlers or attempt.orelse)
        wraps_between = any(not _is_inert(s, shape.name) for s in shape.between)
        if wraps_between:
            self.edits.inserted.append(Insertion(shape.statement.at.row, self.header(self.indent(shape.statement), comment)))
            self.edits.shifts.append(Shift(shape.statement.at.end_row + 1, attempt.at.row - 1, outer, unit))
        if keeps_try:
            if not wraps_between:
                self.edits.inserted.append(Insertion(attempt.at.row, self.header(outer, comment)))
            self.edits.shifts.append(Shift(attempt.at.row, attempt.at.end_row, outer, unit))
        elif wraps_between:
            self._drop_try_line(attempt, outer)
        else:
            self._retitle(attempt, comment)
        self._drop_handlers(attempt)
        self._drop_finally(attempt, whole=not rest)

    def _take_acquisition(self, header: Stmt | None = None) -> str:
        """Delete the acquisition; returns its comment. An annotation stays as a statement of its own, where it is, or above the `with` that
        `header` becomes."""
        statement = self.shape.statement
        indent, comment = self.indent(statement), self.comment(statement)
        self.edits.delete(statement.at.row, statement.at.end_row)
        if isinstance(statement, ops.Assign) and statement.annotation is not None:
            place = statement.annotation.at
            if place.row != place.end_row:
                raise _Unwritable("its annotation spans several lines")
            annotation = self.line(place.row)[place.column - 1 : place.end_column - 1]
            row = statement.at.row if header is None or self.shape.index else header.at.row
            indent = indent if header is None else self.indent(header)
            self.edits.inserted.append(Insertion(row, f"{indent}{self.shape.name}: {annotation}"))
        return "" if _DIRECTIVE.match(comment) else comment

    def _retitle(self, attempt: ops.Try, comment: str) -> None:
        """`try:` becomes `with … as …:`."""
        line = self.line(attempt.at.row)
        colon = line.index(":", attempt.at.column)
        own = line[colon + 1 :].strip()
        if comment and own:
            self.edits.inserted.append(Insertion(attempt.at.row, line[: attempt.at.column - 1] + comment))
            comment = ""
        text = f"with {self.scope} as {self.shape.name}:" + (f"  {comment}" if comment else "")
        self.edits.replaced.append(Replacement(attempt.at.row, attempt.at.column, attempt.at.row, colon + 2, text))

    def _drop_try_line(self, attempt: ops.Try, indent: str) -> None:
        line = self.line(attempt.at.row)
        own = line[line.index(":", attempt.at.column) + 1 :].strip()
        if own and not own.startswith("#"):
            raise _Unwritable(f"line {attempt.at.row} holds more than one statement")
        self.edits.delete(attempt.at.row, attempt.at.row)
        if own:
            self.edits.inserted.append(Insertion(attempt.at.row, indent + own))

    def _drop_handlers(self, attempt: ops.Try) -> None:
        for handler in self.shape.dropped:
            first, last = handler.at.row, handler.body[-1].at.end_row
            if any("#" in self.line(row) for row in range(first, last + 1)):
                raise _Unwritable("a handler that would go carries a comment")
            self.edits.delete(first, last)
            self._blank_above(first)

    def _drop_finally(self, attempt: ops.Try, *, whole: bool) -> None:
        for statement in self.shape.closing:
            if statement in attempt.finalbody and not self._shares_line(attempt, statement):
                self.remove(statement)
        if whole:
            row = self._finally_row(attempt)
            after = self._comment_of_finally(attempt, row)
            self.edits.delete(row, row)
            self._blank_above(min(statement.at.row for statement in attempt.finalbody))
            if after.startswith("#") and not _DIRECTIVE.match(after):
                self.edits.inserted.append(Insertion(row, self._inner_indent(attempt) + after, moves=True))
            self._blank_above(row)

    def _shares_line(self, attempt: ops.Try, statement: Stmt) -> bool:
        """`finally: session.close()` on one line."""
        return _FINALLY.match(self.line(statement.at.row)) is not None

    def _comment_of_finally(self, attempt: ops.Try, row: int) -> str:
        last = attempt.finalbody[-1]
        return self.comment(last) if last.at.row == row else self.line(row).partition(":")[2].strip()

    def _inner_indent(self, attempt: ops.Try) -> str:
        return self.indent(attempt if attempt.body[0].at.row == attempt.at.row else attempt.body[0])

    def _finally_row(self, attempt: ops.Try) -> int:
        for row in range(attempt.finalbody[0].at.row, attempt.at.row, -1):
            if _FINALLY.match(self.line(row)):
                return row
        raise _Unwritable("its `finally` was not found")

    def _blank_above(self, row: int) -> None:
        """Blank lines in front of a clause that goes would end up in front of whatever follows the block."""
        while row > 1 and not self.line(row - 1).strip(" \t") and row - 1 not in self.edits.deleted:
            row -= 1
            self.edits.delete(row, row)

    def _inside_try(self) -> None:
        shape = self.shape
        attempt = shape.attempt
        assert attempt is not None
        assert shape.last is not None
        outer, inner = self.indent(attempt), self.indent(shape.statement)
        unit = self.unit(outer, inner)
        rest = [s for s in attempt.finalbody if s not in shape.closing]
        nested = [s for s in shape.closing if s not in attempt.finalbody]
        keeps_try = bool(rest or attempt.handlers or attempt.orelse)
        is_whole = shape.last is shape.suite.statements[-1]
        comment = self._take_acquisition(None if keeps_try or not is_whole else attempt)
        if keeps_try or not is_whole:
            self._forget_in_handlers(attempt)
            self.edits.inserted.append(Insertion(shape.statement.at.row, self.header(inner, comment)))
            self.edits.shifts.append(Shift(shape.statement.at.end_row + 1, shape.last.at.end_row, inner, unit))
            if not keeps_try:
                raise _Unwritable("the block ends before the `try` does")
        else:
            before = shape.suite.statements[: shape.index]
            if before:
                self._drop_try_line(attempt, outer)
                self.edits.shifts.append(Shift(attempt.at.row + 1, shape.statement.at.row - 1, inner, unit, outdent=True))
                self.edits.inserted.append(Insertion(shape.statement.at.row, self.header(outer, comment)))
            else:
                self._retitle(attempt, comment)
        for statement in nested:
            self.remove(statement)
        self._drop_finally(attempt, whole=not rest)
        self._drop_empty_start()

    def _into_try(self) -> None:
        """The block is put inside the `try`, whose handlers stay around it."""
        attempt = self.shape.attempt
        assert attempt is not None
        outer, inner = self.indent(attempt), self.indent(attempt.body[0])
        if self.line(attempt.at.row).partition("#")[0].strip() != "try:":
            raise _Unwritable(f"line {attempt.at.row} holds more than one statement")
        unit = self.unit(outer, inner)
        comment = self._take_acquisition()
        self._forget_in_handlers(attempt)
        self.edits.inserted.append(Insertion(attempt.at.row, self.header(inner, comment), behind=True))
        end = attempt.handlers[0].at.row - 1 if attempt.handlers else attempt.body[-1].at.end_row
        self.edits.shifts.append(Shift(attempt.at.row + 1, end, inner, unit))
        self._drop_finally(attempt, whole=True)

    def _forget_in_handlers(self, attempt: ops.Try) -> None:
        """The scope has rolled back before a handler outside it runs, so a `rollback()` there is a call on a closed session."""
        for handler in attempt.handlers:
            for statement in handler.body:
                if is_rollback(statement, self.shape.name):
                    if len(handler.body) == 1:
                        raise _Unwritable("a handler does nothing but roll back")
                    self.remove(statement)

    def _drop_empty_start(self) -> None:
        """`session = None` in front of the `try` is of no use any more."""
        suite = self.shape.suite.parent
        if suite is None:
            return
        for statement in suite.statements[: self.shape.suite.index]:
            match statement:
                case ops.Assign(targets=(ops.Name(id=name),), value=ops.Constant(value=None), annotation=None) if name == self.shape.name:
                    if not self.comment(statement):
                        self.edits.delete(statement.at.row, statement.at.end_row)
                case _:
                    pass

    def _plain(self) -> None:
        shape = self.shape
        assert shape.last is not None
        inner = self.indent(shape.statement)
        unit = self._unit_around(inner)
        comment = self._take_acquisition()
        self.edits.inserted.append(Insertion(shape.statement.at.row, self.header(inner, comment)))
        end = max(s.at.end_row for s in shape.region)
        self.edits.shifts.append(Shift(shape.statement.at.end_row + 1, end, inner, unit))
        for statement in shape.closing:
            self.remove(statement)
        if isinstance(shape.suite.owner, ops.Try) and shape.suite.kind == "body":
            self._forget_in_handlers(shape.suite.owner)

    def _unit_of(self, attempt: ops.Try) -> str:
        """One level of indentation, as the body of the `try` has it, unless that stands on its line."""
        outer, first = self.indent(attempt), attempt.body[0]
        return self._unit_around(outer) if first.at.row == attempt.at.row else self.unit(outer, self.indent(first))

    def _unit_around(self, indent: str) -> str:
        """One level of indentation, as it is used around a block."""
        owner = self.shape.suite.owner
        if owner is not None:
            return self.unit(self.indent(owner), indent)
        return indent[len(self.function_indent) :] or "    "

    @property
    def function_indent(self) -> str:
        """The indentation of the `def` line."""
        line = self.line(self.header_row)
        return line[: len(line) - len(line.lstrip())].rpartition("\f")[2]

    # -- rollbacks ------------------------------------------------------------------------------------------------

    def _pending(self, pending: Pending) -> None:
        for handler in pending.handlers:
            rollback = f"{self.shape.name}.rollback()"
            if handler.body:
                self._insert(handler.body[0], rollback)
            else:
                self._insert_under(handler, rollback)
        for exit in pending.exits:
            call = f"{self.shape.name}.{exit.call}()"
            if exit.before is None:
                self._at_end(call)
            elif exit.needs_result and isinstance(exit.before, ops.Return):
                self._hoist(exit.before, call)
            else:
                self._insert(exit.before, call)

    def _insert(self, statement: Stmt, text: str) -> None:
        self.edits.inserted.append(Insertion(statement.at.row, self.indent(statement) + text, moves=True))

    def _insert_under(self, handler: ops.Handler, text: str) -> None:
        """The body is a `pass`, of which the facts know nothing."""
        row = handler.at.end_row
        following = next((line for line in self.lines[row:] if line.strip()), "")
        indent = following[: len(following) - len(following.lstrip())]
        if not _HEADER.search(self.line(row)) or not following.strip().startswith("pass"):
            raise _Unwritable(f"what stands in the handler in line {handler.at.row} was not found")
        self.edits.inserted.append(Insertion(row, indent + text, moves=True, behind=True))

    def _hoist(self, statement: ops.Return, call: str) -> None:
        name = next((name for name in _RESULTS if name not in self.names), "")
        if not name:
            raise _Unwritable("no name is free for its result")
        place, indent = statement.at, self.indent(statement)
        if self.comment(statement):
            raise _Unwritable("a `return` that would be taken apart carries a comment")
        self.edits.replaced.append(Replacement(place.row, place.column, place.row, place.column + len("return"), f"{name} ="))
        for text in (call, f"return {name}"):
            self.edits.inserted.append(Insertion(place.end_row, indent + text, moves=True, behind=True))

    def _at_end(self, call: str) -> None:
        shape = self.shape
        attempt = shape.attempt if shape.kind == "try" else None
        if attempt is not None:
            kept = [h for h in attempt.handlers if h not in shape.dropped]
            simple = not kept and not attempt.orelse and all(s in shape.closing for s in attempt.finalbody)
            last = attempt.body[-1] if simple else attempt
        else:
            last = shape.region[-1]
        indent = self.indent(last)
        self.edits.inserted.append(Insertion(last.at.end_row, indent + call, moves=True, behind=True))


def _is_inert(statement: Stmt, name: str) -> bool:
    """An assignment of a literal does not notice whether the session was taken before or after it."""
    match statement:
        case ops.Assign(targets=(ops.Name(id=target),), value=value) if value is not None and target != name:
            return isinstance(value, ops.Constant) or (isinstance(value, ops.Display | ops.DictDisplay) and not _has_parts(value))
        case _:
            return False


def _has_parts(value: ops.Display | ops.DictDisplay) -> bool:
    return bool(value.items if isinstance(value, ops.Display) else value.values)


def handler_uses_session(attempt: ops.Try, name: str, facts: FileFacts) -> bool:
    """Whether a handler outside the block uses the session for more than a rollback."""
    rest = [s for h in attempt.handlers for s in h.body if not is_rollback(s, name)]
    rest += list(attempt.orelse)
    return name in read_names(facts, *rest)
