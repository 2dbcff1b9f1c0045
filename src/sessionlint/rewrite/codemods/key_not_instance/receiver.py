"""What a function does with an instance that it is given, and how it would do it with the key. Entry point: `Receiver`."""

from __future__ import annotations

from dataclasses import dataclass

from sessionlint.facts import ops
from sessionlint.facts.ops import Stmt
from sessionlint.facts.walk import statements
from sessionlint.link import FunctionId, Program
from sessionlint.rewrite.codemod import Addition, Lines, NewImport, Refusal
from sessionlint.rewrite.codemods.key_not_instance.keys import Key, annotation, class_in, is_taken, opens_session
from sessionlint.rewrite.codemods.key_not_instance.uses import Uses
from sessionlint.rewrite.edit import Insertion, LineEdits, Replacement
from sessionlint.rewrite.reading.walk import free_names, walk
from sessionlint.rewrite.signature import parameter_at


@dataclass(slots=True)
class Taking:
    """The edits of a function that takes a key, as `name`, instead of an instance."""

    name: str
    edits: LineEdits
    imports: tuple[NewImport, ...] = ()
    additions: tuple[Addition, ...] = ()


class Receiver:
    """A function and one of its parameters."""

    def __init__(self, program: Program, lines: Lines, function: FunctionId, parameter: str, key: Key) -> None:
        self.program, self.function, self.parameter, self.key = program, function, parameter, key
        self._lines = lines[function.file]
        self._facts = program.function(function)
        self._uses = Uses(program, function, key)

    def taking(self) -> Taking | str:
        """The function with the key as its parameter; a text says why that cannot be."""
        name, at = self.key.named(self.parameter), parameter_at(self._lines, self._facts, self.parameter)
        known = next(p for p in self._facts.parameters if p.name == self.parameter)
        if at is None or known.default is not None:
            return f"the parameter `{self.parameter}` cannot be another one"
        if is_taken(self.program, self.function, name):
            return f"`{name}` already stands for something else in `{self._facts.qualname}`"
        inner = [node.function for node in walk(*self._facts.body) if isinstance(node, ops.Lambda | ops.FunctionDef)]
        if any(self.parameter in free_names(self.program.files[self.function.file].facts, index) for index in inner):
            return f"functions inside `{self._facts.qualname}` use the instance, too"
        typed = annotation(self.program, self.key) if known.annotation is not None else ""
        edits = LineEdits(replaced=[Replacement.of(at, f"{name}: {typed}" if typed else name)])
        uses = [node for node in walk(*self._facts.body) if isinstance(node, ops.Name) and node.id == self.parameter]
        others = []
        for use in uses:
            read = self._uses.key_read(use)
            if read is not None:
                edits.replaced.append(Replacement.of(read.at, name))
            else:
                others.append(use)
        return self._with_session(Taking(name, edits), others) if others else Taking(name, edits)

    # -- with a session -------------------------------------------------------------------------------------------

    def _with_session(self, taking: Taking, uses: list[ops.Name]) -> Taking | str:
        found = self._block(uses)
        if found is None:
            return f"`{self._facts.qualname}` opens no session of its own around all that it does with the instance"
        block, session = found
        model = class_in(self.program, self.function, self.key)
        if isinstance(model, Refusal):
            return model.reason
        got = f"{session}.get({model.text}, {taking.name})"
        taking.imports, taking.additions = model.imports, model.additions
        merged = [call for use in uses if (call := self._uses.merge(use, session)) is not None]
        first = self._first_merge(block, uses, merged)
        if len(merged) == len(uses) or first:
            chosen = merged if len(merged) == len(uses) else merged[:1]
            taking.edits.replaced += [Replacement.of(call.at, got) for call in chosen]
            return taking
        reason = next((why for use in uses if (why := self._uses.unfit(use, session))), "")
        if reason:
            return reason
        statement = block.body[0]
        line = self._lines[statement.at.row - 1]
        if line[: statement.at.column - 1].strip():
            return "there is no line of its own at which the instance could be got again"
        waiting = "await " if block.is_async else ""
        text = f"{line[: statement.at.column - 1]}{self.parameter} = {waiting}{got}"
        taking.edits.inserted.append(Insertion(statement.at.row, text))
        return taking

    def _block(self, uses: list[ops.Name]) -> tuple[ops.With, str] | None:
        """The `with` of a session that holds all uses, and what the session is called."""
        for statement in statements(self._facts.body):
            if not isinstance(statement, ops.With):
                continue
            for item in statement.items:
                if isinstance(item.target, ops.Name) and opens_session(self.program, self.function, item.context):
                    inside = {id(node) for node in walk(*statement.body)}
                    if all(id(use) in inside for use in uses):
                        return statement, item.target.id
        return None

    def _first_merge(self, block: ops.With, uses: list[ops.Name], merged: list[ops.Call]) -> bool:
        """Whether the block begins with `instance = session.merge(instance)`, so that all else is done with the result."""
        first: Stmt = block.body[0]
        if not merged or not isinstance(first, ops.Assign):
            return False
        value = first.value.value if isinstance(first.value, ops.Await) else first.value
        target = first.targets[0]
        is_same = isinstance(target, ops.Name) and target.id == self.parameter and len(first.targets) == 1
        return value is merged[0] and is_same and all(use.at.row >= first.at.row for use in uses)
