"""What a new parameter is called, and how it is annotated. Entry point: `Naming`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sessionlint.facts import FileFacts, Parameter, ops
from sessionlint.facts.ops import Expr, Stmt
from sessionlint.link import External, FunctionId
from sessionlint.rewrite.codemod import Addition, Lines, NewImport
from sessionlint.rewrite.codemods.thread_parameter.accesses import Access
from sessionlint.rewrite.codemods.thread_parameter.kept import Kept
from sessionlint.rewrite.codemods.thread_parameter.threads import Thread
from sessionlint.rewrite.imports import Imported, importing
from sessionlint.rewrite.reading.walk import free_names, read_names, walk

_SESSIONS = ("Session", "AsyncSession")


@dataclass(frozen=True, slots=True)
class Named:
    """The name of a new parameter; `variable` is the function's own variable whose assignments go, empty if it has none of its own."""

    name: str
    variable: str = ""
    assignments: tuple[Stmt, ...] = ()


@dataclass(frozen=True, slots=True)
class Annotated:
    """An annotation as it is written, empty for none, with what the file needs for it."""

    text: str = ""
    imports: tuple[NewImport, ...] = ()
    additions: tuple[Addition, ...] = ()


class Naming:
    """Names parameters as the functions around them do."""

    def __init__(self, kept: Kept, lines: Lines) -> None:
        self._kept, self._lines, self._program = kept, lines, kept.program

    # -- names ----------------------------------------------------------------------------------------------------

    def named(self, thread: Thread, taken: frozenset[str]) -> Named:
        """What the parameter is called; `taken` are names that other new parameters of the function have."""
        variable, assignments = self._variable(thread)
        facts = self._program.function(thread.function)
        used = set(facts.names) | set(read_names(self._facts(thread.function), *facts.body)) | taken
        used |= {keyword.name or "" for given in thread.given for keyword in given.site.call.keywords}
        if variable:
            if variable not in taken and (self._is_usual(thread, variable) or self._is_shared(thread, variable)):
                return Named(variable, variable, assignments)
            used.discard(variable)
        for shown in self._shown(thread):
            if self._is_usual(thread, shown) and shown not in taken:
                return Named(shown)
        name = next(name for name in self._choices(thread) if name not in used)
        if variable and self._is_shared(thread, variable):
            return Named(name)
        return Named(name, variable, assignments)

    def _variable(self, thread: Thread) -> tuple[str, tuple[Stmt, ...]]:
        """The variable into which the function reads the value, if it is used for nothing else."""
        facts, places = self._program.function(thread.function), self._kept.places(thread.function)
        for read in thread.reads:
            name = _target(read)
            if not name or any(p.name == name for p in facts.parameters):
                continue
            bound = places.bindings(name)
            reading = [other.statement for other in thread.reads if _target(other) == name]
            if all(any(statement is other for other in reading) for statement in bound):
                return name, tuple(bound)
        return "", ()

    def _shown(self, thread: Thread) -> list[str]:
        """Variables that are bound by `name := …` of the read alone."""
        places, facts = self._kept.places(thread.function), self._program.function(thread.function)
        found = [n.target for r in thread.reads for n in walk(r.statement) if isinstance(n, ops.NamedExpr) and n.value.at == r.at]
        is_free = len(found) == 1 and len(places.bindings(found[0])) == 1 and not any(p.name == found[0] for p in facts.parameters)
        return found if is_free else []

    def _is_shared(self, thread: Thread, variable: str) -> bool:
        """Whether functions inside this one read its variable too, or a comprehension has one of that name, so that it keeps its name."""
        facts = self._program.function(thread.function)
        inner = [n.function for n in walk(*facts.body) if isinstance(n, ops.Lambda | ops.FunctionDef)]
        has_class = any(isinstance(n, ops.ClassDef) for n in walk(*facts.body))
        file = self._facts(thread.function)
        return has_class or any(variable in free_names(file, index) or variable in file.functions[index].names for index in inner)

    def _is_usual(self, thread: Thread, name: str) -> bool:
        if thread.want.kind == "identity":
            return name == thread.want.key or name.endswith("user_id")
        return "session" in name or name in self._usual_names(thread.function.file)

    def _usual_names(self, file: str) -> list[str]:
        """What the sessions among the parameters of a file's functions are called, the most frequent name first."""
        found = [p.name for function, p in self._parameters(file) if self._session_class(function, p)]
        return sorted(set(found), key=lambda name: (-found.count(name), name))

    def _choices(self, thread: Thread) -> Iterator[str]:
        key = thread.want.key if thread.want.key.isidentifier() else ""
        if thread.want.kind == "session":
            yield from [name for name in self._usual_names(thread.function.file)[:1] if "session" in name]
            yield "db_session"
        else:
            yield "user_id" if key.endswith("user_id") else key or "identity"
        if key:
            yield key
        stem = key or "kept"
        yield f"given_{stem}"
        yield from (f"given_{stem}_{number}" for number in range(2, 100))

    # -- annotations ----------------------------------------------------------------------------------------------

    def annotated(self, thread: Thread, name: str) -> Annotated:
        """The annotation of the new parameter, if the code around it has annotations."""
        if not self._has_annotations(thread.function):
            return Annotated()
        own = [read.statement.annotation for read in thread.reads if isinstance(read.statement, ops.Assign) and _target(read)]
        written = next((annotation for annotation in own if annotation is not None), None)
        if written is not None:
            return Annotated(self._text(thread.function.file, written))
        return self._session(thread) if thread.want.kind == "session" else Annotated(self._identity(thread, name))

    def _has_annotations(self, function: FunctionId) -> bool:
        facts = self._program.function(function)
        others = [p for p in facts.parameters if p.name not in ("self", "cls")]
        if others:
            return any(p.annotation is not None for p in others)
        if facts.returns is not None:
            return True
        around = [p.annotation is not None for _, p in self._parameters(function.file) if p.name not in ("self", "cls")]
        return bool(around) and all(around)

    def _session(self, thread: Thread) -> Annotated:
        file = thread.function.file
        kind = "AsyncSession" if self._is_awaited(thread) else "Session"
        for function, parameter in self._parameters(file):
            written = parameter.annotation
            if isinstance(written, ops.Name | ops.Attribute | ops.Constant) and self._session_class(function, parameter) == kind:
                return Annotated(self._text(file, written))
        known = self._for_the_checker(thread.function, kind)
        if known:
            return Annotated(known)
        module = "sqlalchemy.ext.asyncio" if kind == "AsyncSession" else "sqlalchemy.orm"
        around = self._program.names.parent(thread.function) or thread.function
        found = importing(self._program, around, module, kind)
        return Annotated(found.text, found.imports, found.additions) if isinstance(found, Imported) else Annotated()

    def _for_the_checker(self, function: FunctionId, kind: str) -> str:
        """The class as annotations may name it where it is imported for the type checker alone; empty where it is not."""
        symbol = self._program.lookup(self._program.names.parent(function) or function, kind)
        if not isinstance(symbol, External) or not symbol.name.startswith(("sqlalchemy.", "sqlmodel.")):
            return ""
        imports = [s for s in self._program.files[function.file].facts.functions[0].body if isinstance(s, ops.Import)]
        if any(item.bound == kind for statement in imports for item in statement.names):
            return ""
        return kind if any(statement.module == "__future__" for statement in imports) else f'"{kind}"'

    def _is_awaited(self, thread: Thread) -> bool:
        facts = self._program.function(thread.function)
        names = {name for name in (_target(read) for read in thread.reads) if name}
        awaited = [node.value for node in walk(*facts.body) if isinstance(node, ops.Await)]
        owners = [c.func.value for c in awaited if isinstance(c, ops.Call) and isinstance(c.func, ops.Attribute)]
        is_own = any(o.id in names if isinstance(o, ops.Name) else any(o.at == r.at for r in thread.reads) for o in owners)
        classes = {self._session_class(function, p) for file in self._program.files for function, p in self._parameters(file)}
        return is_own or (facts.is_async and "AsyncSession" in classes and "Session" not in classes)

    def _identity(self, thread: Thread, name: str) -> str:
        wanted = (name, thread.want.key, "user_id")
        for file in (thread.function.file, *self._program.files):
            for function, parameter in self._parameters(file):
                symbol = self._program.annotation_class(function, parameter.annotation)
                if parameter.name in wanted and isinstance(symbol, External) and symbol.name in ("builtins.int", "builtins.str"):
                    return symbol.name.rpartition(".")[2]
        for model in self._program.models.values():
            for attribute in model.attributes.values():
                if attribute.name in wanted:
                    declared = self._program.class_attribute(attribute.owner, attribute.name)
                    mapped = self._program.annotation_in_class(declared[0], declared[2]) if declared is not None and declared[2] else None
                    if mapped is not None and mapped.symbol == External("builtins.str"):
                        return "str"
        return "int"

    # -- what files hold ------------------------------------------------------------------------------------------

    def _parameters(self, file: str) -> Iterator[tuple[FunctionId, Parameter]]:
        for index, facts in enumerate(self._program.files[file].facts.functions):
            if facts.name != "<lambda>":
                yield from ((FunctionId(file, index), parameter) for parameter in facts.parameters)

    def _session_class(self, function: FunctionId, parameter: Parameter) -> str:
        symbol = self._program.annotation_class(function, parameter.annotation) if parameter.annotation is not None else None
        name = symbol.name.rpartition(".")[2] if isinstance(symbol, External) else ""
        return name if name in _SESSIONS else ""

    def _facts(self, function: FunctionId) -> FileFacts:
        return self._program.files[function.file].facts

    def _text(self, file: str, expression: Expr) -> str:
        at = expression.at
        line = self._lines[file][at.row - 1]
        return line[at.column - 1 : at.end_column - 1] if at.row == at.end_row else ""


def _target(read: Access) -> str:
    """The variable that a statement does nothing but read the value into."""
    match read.statement:
        case ops.Assign(targets=(ops.Name(id=name),), value=value) if value is not None and value.at == read.at:
            return name
        case _:
            return ""
