"""safe-repr: a `__repr__` that fails on a detached instance shows what is in memory instead; a generated one leaves relationships out."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Applicability, Finding
from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.facts.walk import statements
from sessionlint.link import ClassId, External, FunctionId, FunctionSymbol, Program, VariableSymbol
from sessionlint.rewrite.codemod import Addition, Codemod, FileEdit, NewImport, Proposal, Refusal, Spot
from sessionlint.rewrite.edit import LineEdits
from sessionlint.rewrite.imports import Imported, importing
from sessionlint.rewrite.reading.arguments import Written
from sessionlint.rewrite.reading.handlers import beginning
from sessionlint.rewrite.reading.own_sessions import OwnSessions
from sessionlint.rewrite.reading.passages import Passages
from sessionlint.rewrite.reading.walk import read_names, walk

_SHOWING = ("__repr__", "__str__", "__format__")


class SafeRepr(Codemod):
    """Put the body of `__repr__` or `__str__` into a `try`; where what it reads cannot be loaded, it shows the columns that are in memory.

    So the text stays what it is wherever there is one today, lazy loads of attached instances included. What the repr calls is left alone,
    for others may call it too. A dataclass's relationship gets `repr=False`.
    """

    name = "safe-repr"
    fixes = ("SES401", "SES402", "SES403")

    def propose(self, spot: Spot) -> Proposal | Refusal:
        """The guarded `__repr__`s that come to the read, or the argument."""
        finding = spot.about
        assert isinstance(finding, Finding)
        if spot.code == "SES403":
            return self._left_out(finding)
        assert finding.function is not None
        shown = sorted(set(self._reprs_reading(finding.function)))
        if not shown:
            return Refusal("unknown-repr", "which `__repr__` comes here is not known")
        files: dict[str, FileEdit] = {}
        for function in shown:
            edit = self._guarded(function)
            if isinstance(edit, Refusal):
                return edit
            files[function.file] = _both(files[function.file], edit) if function.file in files else edit
        names = " and ".join(f"`{self.program.function(function).qualname}`" for function in shown)
        message = f"Show what is in memory where {names} cannot load the rest"
        return Proposal(files, message, Applicability.SAFE, key=" ".join(f"{function.file}:{function.index}" for function in shown))

    def _reprs_reading(self, function: FunctionId) -> Iterator[FunctionId]:
        """The `__repr__`s and `__str__`s of models in which a read in `function` happens."""
        if self.program.function(function).name in _SHOWING and self.program.owner_of(function) is not None:
            yield function
            return
        for model in self.program.models.values():
            for shown in (model.repr_function, model.str_function):
                if shown is not None and function in _called(self.program, model.id, shown):
                    yield shown

    def _guarded(self, function: FunctionId) -> FileEdit | Refusal:
        facts = self.program.function(function)
        lines = self.context.lines[function.file]
        owner = self.program.owner_of(function)
        if owner is None or not facts.parameters or facts.name not in _SHOWING:
            return Refusal("no-method", "the repr is not a method of a class")
        if any(known not in self.program.models for known in (owner, *self.program.subclasses(owner)) if known != owner):
            return Refusal("not-mapped", "the repr is also that of a class which is not mapped")
        start = beginning(lines, facts.at)
        if start is None or not facts.body or isinstance(facts.body[-1], ops.FunctionDef | ops.ClassDef):
            return Refusal("unclear-text", "the method is written in a way that cannot be taken apart")
        errors = self._errors(function)
        if isinstance(errors, Refusal):
            return errors
        me = facts.parameters[0].name
        shown = f'(f"{{name}}={{{me}.__dict__[name]!r}}" for name in {me}.__mapper__.column_attrs.keys() if name in {me}.__dict__)'
        file = self.program.files[function.file]
        taken = read_names(file.facts, *facts.body) | set(facts.names)
        columns = next(name for name in ("columns", *(f"columns_{n}" for n in range(2, len(taken) + 3))) if name not in taken)
        made = f"{me}.__class__" if "type" in {*facts.names, *file.bindings} else f"type({me})"
        body = [f"{columns} = {shown}", f"return f\"<{{{made}.__name__}}({{', '.join({columns})}})>\""]
        edits = start.with_handler(max(item.at.end_row for item in statements(facts.body)), f"except {errors.text}:", body)
        return FileEdit(edits, errors.imports, errors.additions)

    def _errors(self, function: FunctionId) -> Imported | Refusal:
        """The errors that say that something cannot be loaded, as they are reached in a function's file."""
        if OwnSessions(self.program).is_async:
            # a load outside of a greenlet is a `MissingGreenlet`, which drivers that open a cursor by awaiting wrap in a `StatementError`
            return importing(self.program, function, "sqlalchemy.exc", "SQLAlchemyError")
        detached = importing(self.program, function, "sqlalchemy.orm.exc", "DetachedInstanceError")
        if isinstance(detached, Refusal) or not self._raises_on_load:
            return detached
        invalid = importing(self.program, function, "sqlalchemy.exc", "InvalidRequestError")
        if isinstance(invalid, Refusal):
            return invalid
        both = f"({detached.text}, {invalid.text})"
        return Imported(both, _unique(detached.imports, invalid.imports), _added(detached.additions, invalid.additions))

    @property
    def _raises_on_load(self) -> bool:
        """Whether a load may fail on an attached instance too, by `lazy="raise"`."""
        attributes = (attribute for model in self.program.models.values() for attribute in model.attributes.values())
        return any(attribute.lazy.startswith("raise") or attribute.deferred_raiseload for attribute in attributes)

    def _left_out(self, finding: Finding) -> Proposal | Refusal:
        """`repr=False` for the relationship that is declared at the finding."""
        file = finding.at.file
        for index, facts in enumerate(self.program.files[file].facts.classes):
            for item in facts.body:
                targets = item.targets if isinstance(item, ops.Assign) else ()
                if isinstance(item, ops.Assign) and any(target.at == finding.at.range for target in targets):
                    return self._with_argument(file, ClassId(file, index), item.value)
        return Refusal("no-declaration", "the declaration is not found")

    def _with_argument(self, file: str, owner: ClassId, value: Expr | None) -> Proposal | Refusal:
        found = self.program.resolve_in_class(owner, value.func) if isinstance(value, ops.Call) else None
        if not isinstance(value, ops.Call) or not isinstance(found, External) or not found.name.endswith(".relationship"):
            return Refusal("no-call", "it is not declared by a call of `relationship()`")
        if not all(keyword.name is not None or self._lacks_repr(owner, keyword.value) for keyword in value.keywords):
            return Refusal("unknown-arguments", "it is not known what arguments `**` brings")
        text = Passages(self.context.lines[file])
        start, end = text.text.index("(", text.end(value.func.at)) + 1, text.end(value.at) - 1
        written = Written.parsed(text.text[start:end])
        behind = start + len(written.lead) + len(written.body) if written.body else start
        indent = text.text[text.text.rfind("\n", 0, behind) + 1 :]
        indent = indent[: len(indent) - len(indent.lstrip(" \t"))]
        edits = LineEdits(replaced=[text.replacement(behind, end, _tail(written, indent))])
        return Proposal({file: FileEdit(edits)}, "Add `repr=False`", Applicability.UNSAFE)

    def _lacks_repr(self, owner: ClassId, value: Expr) -> bool:
        """Whether `**value` is known not to bring a `repr`."""
        found = self.program.resolve_in_class(owner, value)
        made = [item for _, item, _ in self.program.assignments(found)] if isinstance(found, VariableSymbol) else []
        keys = [key for item in made if isinstance(item, ops.DictDisplay) for key in item.keys]
        is_known = len(made) == 1 and isinstance(made[0], ops.DictDisplay) and all(isinstance(key, ops.Constant) for key in keys)
        return is_known and all(isinstance(key, ops.Constant) and key.value != "repr" for key in keys)


def _tail(written: Written, indent: str) -> str:
    """What stands behind the last argument, with one more."""
    if not written.body:
        return "repr=False"
    if "\n" not in written.trail:
        return ", repr=False"
    note = written.trail.rstrip()
    closing = written.trail[len(note) :]
    return f",{note}\n{indent}repr=False{',' if written.has_comma else ''}{closing}"


def _called(program: Program, model: ClassId, start: FunctionId) -> set[FunctionId]:
    """The functions that are called from one, or read as properties of `self`."""
    found, pending = set(), [start]
    while pending:
        function = pending.pop()
        if function in found:
            continue
        found.add(function)
        for node in walk(*program.function(function).body):
            if isinstance(node, ops.Attribute) and isinstance(node.value, ops.Name):
                method = program.method(model, node.name)
                pending += [method] if method is not None else []
            elif isinstance(node, ops.Call):
                symbol = program.resolve(function, node.func)
                pending += [symbol.id] if isinstance(symbol, FunctionSymbol) else []
            elif isinstance(node, ops.Lambda):
                pending.append(FunctionId(function.file, node.function))
    return found


def _both(one: FileEdit, two: FileEdit) -> FileEdit:
    edits = LineEdits(
        one.edits.deleted | two.edits.deleted,
        one.edits.shifts + two.edits.shifts,
        one.edits.inserted + two.edits.inserted,
        one.edits.replaced + two.edits.replaced,
    )
    return FileEdit(edits, _unique(one.imports, two.imports), _added(one.additions, two.additions))


def _unique(one: tuple[NewImport, ...], two: tuple[NewImport, ...]) -> tuple[NewImport, ...]:
    return (*one, *(new for new in two if new not in one))


def _added(one: tuple[Addition, ...], two: tuple[Addition, ...]) -> tuple[Addition, ...]:
    return (*one, *(new for new in two if new not in one))
