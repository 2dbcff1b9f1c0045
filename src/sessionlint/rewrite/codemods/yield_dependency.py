"""yield-dependency: a FastAPI dependency that returns a session yields it, and closes it after the request."""

from __future__ import annotations

from dataclasses import dataclass

from sessionlint.check.finding import Applicability, Finding
from sessionlint.facts import FunctionFacts, ops
from sessionlint.facts.ops import Expr
from sessionlint.facts.walk import statements
from sessionlint.link import External, FunctionId, FunctionSymbol, VariableSymbol
from sessionlint.rewrite.codemod import Codemod, FileEdit, Proposal, Refusal, Spot
from sessionlint.rewrite.edit import Insertion, LineEdits, Replacement
from sessionlint.rewrite.imports import Imported, importing
from sessionlint.rewrite.reading.handlers import Beginning, beginning
from sessionlint.rewrite.reading.passages import Passages
from sessionlint.rewrite.reading.references import Reference, references, unclear_uses
from sessionlint.rewrite.reading.walk import bound_names, walk

_TAKES = ("fastapi.", "fastapi_utils.")
_NAMES = ("session", "db", "db_session", "opened")


@dataclass(frozen=True, slots=True)
class _Returned:
    """What a dependency returns last thing: a session that it has made before, under a `name`, or makes there (`name` empty)."""

    statement: ops.Return
    name: str
    is_async: bool


class YieldDependency(Codemod):
    """Turn `return SessionLocal()` into `with SessionLocal() as session: yield session`, and `return session` into `yield` and `finally`.

    The annotation becomes that of a generator, and a plain function that hands out an `AsyncSession` becomes asynchronous. A function that
    is called by others than FastAPI, or used as a value, stays: it would give them a generator.
    """

    name = "yield-dependency"
    fixes = ("SES502",)

    def propose(self, spot: Spot) -> Proposal | Refusal:
        """The dependency as a generator."""
        finding = spot.about
        assert isinstance(finding, Finding)
        assert finding.function is not None
        function = finding.function
        facts = self.program.function(function)
        returned = self._returned(function, finding)
        objection = self._objection(function) if isinstance(returned, _Returned) else returned
        if isinstance(objection, Refusal) or isinstance(returned, Refusal):
            return objection or Refusal("no-return", "")
        lines = self.context.lines[spot.file]
        start = beginning(lines, facts.at)
        if start is None or (start.is_inline and "#" in start.body):
            return Refusal("unclear-text", "the function is written in a way that cannot be taken apart")
        edits = _yielding(facts, returned, start, Passages(lines))
        if returned.is_async and not facts.is_async:
            keyword = lines[facts.at.row - 1].rindex("def", 0, facts.at.column - 1) + 1
            edits.replaced.append(Replacement(facts.at.row, keyword, facts.at.row, keyword, "async "))
        annotated = self._annotated(function, edits, "AsyncIterator" if returned.is_async or facts.is_async else "Iterator")
        if isinstance(annotated, Refusal):
            return annotated
        edit = FileEdit(edits, annotated.imports, annotated.additions)
        return Proposal({spot.file: edit}, f"Yield the session in `{facts.qualname}`, and close it", Applicability.UNSAFE)

    def _returned(self, function: FunctionId, finding: Finding) -> _Returned | Refusal:
        """What the function returns, if that is a session and nothing comes after it."""
        facts = self.program.function(function)
        last = facts.body[-1] if facts.body else None
        if not isinstance(last, ops.Return) or last.value is None or sum(isinstance(s, ops.Return) for s in statements(facts.body)) > 1:
            return Refusal("several-returns", "it does not return in one place, at its end")
        if facts.decorators or facts.owner >= 0 or facts.parent > 0 or facts.is_generator:
            return Refusal("no-function", "it is not a plain function of a module")
        value = last.value
        name = value.id if isinstance(value, ops.Name) else ""
        if name:
            file = self.program.files[function.file].facts
            made = [item for item in statements(facts.body) if name in bound_names(item, file)]
            if len(made) != 1 or not isinstance(made[0], ops.Assign) or made[0].value is None:
                return Refusal("unknown-session", f"how `{name}` is made is not known")
            value = made[0].value
        elif isinstance(value, ops.Await):
            return Refusal("awaited", "the session is awaited in the `return`")
        is_async = self._is_async(function, value.value if isinstance(value, ops.Await) else value)
        if is_async is None:
            return Refusal("no-session", "what it returns is not known to be a session")
        return _Returned(last, name, is_async)

    def _is_async(self, function: FunctionId, value: Expr) -> bool | None:
        """Whether a call makes an `AsyncSession` (or a `Session`: false); None where that is not known."""
        if not isinstance(value, ops.Call):
            return None
        found = self.program.resolve(function, value.func)
        if isinstance(found, VariableSymbol):
            made = [(home, item) for home, item, _ in self.program.assignments(found)]
            found = self.program.resolve(made[0][0], made[0][1].func) if len(made) == 1 and isinstance(made[0][1], ops.Call) else None
        if not isinstance(found, External) or not found.name.endswith(("sessionmaker", "Session")):
            found = self.program.annotation_class(function, self.program.function(function).returns)
        if not isinstance(found, External) or not found.name.endswith(("sessionmaker", "Session")):
            return None
        return found.name.rpartition(".")[2].lower().startswith("async")

    def _objection(self, function: FunctionId) -> Refusal | None:
        """Who uses the function otherwise than as a dependency."""
        for reference in references(self.program, FunctionSymbol(function)):
            if not self._is_dependency(reference):
                name = self.program.function(function).name
                return Refusal(
                    "used-otherwise", f"`{name}` is also used in {reference.file}:{reference.node.at.row}, which would get a generator"
                )
        for file, row in unclear_uses(self.program, FunctionSymbol(function)):
            return Refusal("used-otherwise", f"what is called in {file}:{row} may be it, and would get a generator")
        return None

    def _is_dependency(self, reference: Reference) -> bool:
        """`Depends(f)`, `app.dependency_overrides[f]`, `… = f`, `f in app.dependency_overrides`."""
        match reference.parent:
            case ops.Call(func=ops.Attribute(value=ops.Attribute(name="dependency_overrides"))):
                return True
            case ops.Call() as call if call.func is not reference.node:
                found = reference.resolve(call.func)
                return isinstance(found, External) and found.name.startswith(_TAKES) and found.name.endswith((".Depends", ".Security"))
            case ops.Keyword():
                return str(reference.parent.name) == "dependency"
            case ops.Subscript(value=ops.Attribute(name="dependency_overrides")):
                return True
            case ops.Compare(comparators=(ops.Attribute(name="dependency_overrides"),)):
                return True
            case ops.Assign(targets=(ops.Subscript(value=ops.Attribute(name="dependency_overrides")),)):
                return True
            case _:
                return False

    def _annotated(self, function: FunctionId, edits: LineEdits, kind: str) -> Imported | Refusal:
        """The annotation of the result as that of a generator."""
        returns = self.program.function(function).returns
        if returns is None:
            return Imported("")
        for module in ("typing", "collections.abc"):
            known = importing(self.program, function, module, kind)
            if module == "collections.abc" or (isinstance(known, Imported) and not known.imports and not known.additions):
                break
        if isinstance(known, Refusal):
            return known
        at = returns.at
        edits.replaced.append(Replacement(at.row, at.column, at.row, at.column, f"{known.text}["))
        edits.replaced.append(Replacement(at.end_row, at.end_column, at.end_row, at.end_column, "]"))
        return known


def _yielding(facts: FunctionFacts, returned: _Returned, start: Beginning, text: Passages) -> LineEdits:
    """The `return` as a `yield` after which the session is closed."""
    statement, name = returned.statement, returned.name or _free_name(facts)
    assert statement.value is not None
    behind = [start.indent + start.unit + f"yield {name}"]
    wait = "await " if returned.is_async else ""
    if returned.name:
        header = "try:"
        behind += [f"{start.indent}finally:", f"{start.indent}{start.unit}{wait}{name}.close()"]
    else:
        source = text.text[text.start(statement.at) : text.end(statement.at)].removeprefix("return").strip()
        header = f"{'async ' if returned.is_async else ''}with {source} as {name}:"
    at = statement.at
    if start.is_inline:
        first = text.place(text.start(at) - len(text.text[: text.start(at)]) + len(text.text[: text.start(at)].rstrip()))
        return LineEdits(replaced=[Replacement(*first, at.end_row, at.end_column, "\n".join(["", start.indent + header, *behind]))])
    replaced = text.replacement(text.start(at), text.end(at), header)
    return LineEdits(replaced=[replaced], inserted=[Insertion(at.end_row, line, behind=True) for line in behind])


def _free_name(facts: FunctionFacts) -> str:
    used = {node.id for node in walk(*facts.body) if isinstance(node, ops.Name)} | set(facts.names)
    return next(name for name in (*_NAMES, *(f"session_{n}" for n in range(len(used) + 1))) if name not in used)
