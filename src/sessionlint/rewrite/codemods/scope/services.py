"""How a class that holds `self.db_manager` gets its sessions: a private method that asks the application's session manager and falls
back to the class's own. Entry point: `reach_service`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from sessionlint.facts import FunctionFacts, ops
from sessionlint.facts.ops import Stmt
from sessionlint.facts.walk import statements
from sessionlint.link import ClassId, External, FunctionId, Program, Scope
from sessionlint.rewrite.codemod import Addition, Refusal
from sessionlint.rewrite.codemods.scope.fallback import is_fallback, method_lines, method_name
from sessionlint.rewrite.codemods.scope.reach import APPLICATION_SCOPE, application_scope
from sessionlint.rewrite.codemods.scope.shapes import Shape
from sessionlint.rewrite.reading.callers import DEPTH, Callers
from sessionlint.rewrite.reading.walk import walk


@dataclass(frozen=True, slots=True)
class Service:
    """The call that replaces the acquisition, what the application's scope does, and what the file needs for it."""

    text: str
    scope: Scope
    additions: tuple[Addition, ...]


def reach_service(
    program: Program, callers: Callers, lines: Mapping[str, tuple[str, ...]], function: FunctionId, shape: Shape, wanted: str
) -> Service | Refusal:
    """The method by which a site of a service gets its session; `wanted` is the application's scope, `manager.scope`."""
    holder = _holder(program, function)
    if holder is None:
        return Refusal("service", "it does not stand in an ordinary method of a class")
    owner, self_name = holder
    attribute = _attribute(shape, self_name)
    if attribute is None:
        return Refusal("service", f"its manager is not `{self_name}.db_manager` itself")
    if self_name in _bound(program, function):
        return Refusal("service", f"`{self_name}` is assigned in the method")
    if _rolls_back_outside(shape):
        return Refusal("service", "a handler outside the block rolls back, which the class's own fallback leaves to it")
    base, _, method = wanted.rpartition(".")
    scope = application_scope(program, base, method)
    if scope is None:
        return Refusal("service", f"{APPLICATION_SCOPE}`{base}.{method}()`")
    refusal = _unfit(program, callers, function, scope, attribute)
    if refusal is not None:
        return refusal
    is_entered = isinstance(shape.context, ops.Call) and shape.kind == "with" and _is_acquisition(shape.context, attribute)
    keeps_errors = scope.errors != "same"
    name = method_name(attribute, enters=is_entered)
    body = method_lines(attribute, wanted, enters=is_entered, keeps_errors=keeps_errors)
    additions = _additions(program, lines, owner, name, body)
    return additions if isinstance(additions, Refusal) else Service(f"{self_name}.{name}()", scope, additions)


def _holder(program: Program, function: FunctionId) -> tuple[ClassId, str] | None:
    """The class, and the name of its instance, in whose method the site stands."""
    place = function
    while program.function(place).owner < 0 and program.function(place).parent > 0:
        place = FunctionId(place.file, program.function(place).parent)
    facts = program.function(place)
    owner = program.owner_of(place)
    if owner is None or not facts.parameters or {"builtins.staticmethod", "builtins.classmethod"} & program.decorator_names(place):
        return None
    if facts.name in ("__new__", "__init_subclass__", "__class_getitem__"):
        return None
    if any(p.name == facts.parameters[0].name for p in program.function(function).parameters) and function != place:
        return None
    return owner, facts.parameters[0].name


def _bound(program: Program, function: FunctionId) -> set[str]:
    found: set[str] = set()
    place = function
    while place.index > 0:
        facts = program.function(place)
        for node in walk(*facts.body):
            match node:
                case ops.Assign(targets=targets):
                    found |= {t.id for t in targets if isinstance(t, ops.Name)}
                case ops.NamedExpr(target=target):
                    found.add(target)
                case ops.For(target=ops.Name(id=id)):
                    found.add(id)
                case _:
                    pass
        place = FunctionId(place.file, facts.parent if facts.parent > 0 else 0)
    return found


def _attribute(shape: Shape, self_name: str) -> str | None:
    for node in walk(shape.context):
        if isinstance(node, ops.Call) and not node.args and not node.keywords:
            match node.func:
                case ops.Attribute(value=ops.Attribute(value=ops.Name(id=id), name=name), name="get_session"):
                    return name if id == self_name else None
                case _:
                    pass
    return None


def _is_acquisition(context: ops.Call, attribute: str) -> bool:
    match context.func:
        case ops.Attribute(value=ops.Attribute(name=name), name="get_session"):
            return name == attribute
        case _:
            return False


def _rolls_back_outside(shape: Shape) -> bool:
    """A mock in place of the session would notice that the `rollback()` of a handler around the block is gone."""
    owner = shape.suite.owner
    if shape.kind not in ("inner", "plain") or not isinstance(owner, ops.Try):
        return False
    return any(isinstance(node, ops.Attribute) and node.name == "rollback" for handler in owner.handlers for node in walk(*handler.body))


def _unfit(program: Program, callers: Callers, function: FunctionId, scope: Scope, attribute: str) -> Refusal | None:
    owner = program.owner_of(scope.function)
    if owner is None or not _sets(program, owner, attribute):
        return Refusal("service", f"`{scope.qualname}` does not say by a `{attribute}` of its own which database it is for")
    if _is_called_by(callers, function, scope.function):
        return Refusal("service", f"`{scope.qualname}` itself may call it, and would call itself without end")
    return None


def _sets(program: Program, owner: ClassId, attribute: str) -> bool:
    for index in program.class_(owner).methods.values():
        for statement in statements(program.function(FunctionId(owner.file, index)).body):
            if isinstance(statement, ops.Assign):
                for target in statement.targets:
                    match target:
                        case ops.Attribute(value=ops.Name(id="self"), name=name) if name == attribute:
                            return True
                        case _:
                            pass
    return False


def _is_called_by(callers: Callers, function: FunctionId, scope: FunctionId) -> bool:
    seen = {function}
    pending = [function]
    for _ in range(DEPTH):
        pending = [site.function for place in pending for site in callers.of(place) if site.function not in seen]
        seen.update(pending)
    return scope in seen


# -- what the file needs ----------------------------------------------------------------------------------------------


def _additions(
    program: Program, lines: Mapping[str, tuple[str, ...]], owner: ClassId, name: str, body: list[str]
) -> tuple[Addition, ...] | Refusal:
    known = program.method(owner, name)
    if known is not None and _text(lines.get(known.file, ()), program.function(known)) == _plain(body):
        return ()
    if known is not None or _is_taken(program, owner, name):
        return Refusal("name-taken", f"the class has, or is given, a `{name}` of its own")
    place = _place(program, owner)
    if place is None:
        return Refusal("service", "the class has no method of the usual form in front of which another one could stand")
    new_import = _import(program, owner.file)
    if isinstance(new_import, Refusal):
        return new_import
    text = lines[owner.file]
    line = text[place.span.row - 1]
    indent = line[: len(line) - len(line.lstrip())]
    if len(indent) != place.span.column - 1 or not indent:
        return Refusal("one-line", "the class and its method share a line")
    row = place.span.row
    while row > 1 and text[row - 2].startswith(f"{indent}#"):
        row -= 1
    first = place.body[0].at.row if place.body else 0
    inner = text[first - 1][: place.body[0].at.column - 1] if first > place.at.row else ""
    unit = inner[len(indent) :] if inner.startswith(indent) and not inner.strip() and inner != indent else "    "
    method = tuple(_indented(each, indent, unit) for each in [*body, ""])
    return (*new_import, Addition(row, method))


def _indented(line: str, indent: str, unit: str) -> str:
    if not line:
        return ""
    bare = line.lstrip(" ")
    return indent + unit * ((len(line) - len(bare)) // 4) + bare


def _plain(body: list[str]) -> list[str]:
    return [line.strip() for line in body if line.strip()]


def _text(lines: tuple[str, ...], function: FunctionFacts) -> list[str]:
    return _plain(list(lines[function.span.row - 1 : function.span.end_row]))


def _is_taken(program: Program, owner: ClassId, name: str) -> bool:
    """Whether a related class defines the name otherwise, or anybody assigns such an attribute."""
    for other in program.subclasses(owner):
        index = program.class_(other).methods.get(name)
        if index is not None and not is_fallback(program.function(FunctionId(other.file, index))):
            return True
    if program.class_attribute(owner, name) is not None:
        return True
    for module in program.files.values():
        for function in module.facts.functions:
            for statement in statements(function.body):
                if isinstance(statement, ops.Assign) and any(isinstance(t, ops.Attribute) and t.name == name for t in statement.targets):
                    return True
    return False


def _place(program: Program, owner: ClassId) -> FunctionFacts | None:
    """The method in front of which the new one is to stand: the first behind `__init__`, or the first."""
    methods = [program.function(FunctionId(owner.file, s.function)) for s in program.class_(owner).body if isinstance(s, ops.FunctionDef)]
    for index, method in enumerate(methods[:-1]):
        if method.name == "__init__":
            return methods[index + 1]
    return methods[0] if methods else None


def _import(program: Program, file: str) -> tuple[Addition, ...] | Refusal:
    """`from contextlib import contextmanager`, in front of the first import."""
    module = program.files[file]
    if module.bindings.get("contextmanager") == External("contextlib.contextmanager"):
        return ()
    if "contextmanager" in module.bindings or any("contextmanager" in f.names for f in module.facts.functions):
        return Refusal("name-taken", "the name `contextmanager` already stands for something else here")
    top: tuple[Stmt, ...] = module.facts.functions[0].body
    for statement in top:
        if isinstance(statement, ops.Import) and statement.module != "__future__" and statement.at.column == 1:
            first = statement.module if statement.module or statement.level else statement.names[0].name
            gap = () if (first or "").partition(".")[0] in sys.stdlib_module_names else ("",)
            return (Addition(statement.at.row, ("from contextlib import contextmanager", *gap)),)
    return Refusal("no-import", "the file imports nothing beside which `contextmanager` could be imported")
