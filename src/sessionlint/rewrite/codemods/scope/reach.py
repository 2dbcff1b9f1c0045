"""How a scope is reached from a site: under a name that is there already, by an import beside the manager's, or as `current_app.NAME`."""

from __future__ import annotations

from dataclasses import dataclass

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.facts.walk import statements
from sessionlint.link import ClassSymbol, External, FunctionId, ModuleSymbol, Program, Scope, Symbol, VariableSymbol
from sessionlint.rewrite.codemod import NewImport, Refusal
from sessionlint.rewrite.reading.walk import dotted, root_name, target_names
from sessionlint.source import is_test

APPLICATION = frozenset({"flask.current_app", "flask.globals.current_app", "quart.current_app"})


@dataclass(frozen=True, slots=True)
class Reached:
    """The expression that calls the scope, what the scope does, and the import it needs."""

    text: str
    scope: Scope
    new_import: NewImport | None = None


def reach(program: Program, function: FunctionId, manager: Expr, wanted: str) -> Reached | Refusal:
    """How `wanted` (`unified_session_manager.get_db_session`) is reached at a site that reaches its manager as `manager`."""
    base, _, method = wanted.rpartition(".")
    if "." in base or not base:
        return Refusal("bad-scope", f"`{wanted}` is not of the form `manager.scope`")
    found = _base(program, function, manager, base)
    if isinstance(found, Refusal):
        return found
    text, target, new_import = found
    scope = _scope(program, target, base, method)
    if scope is None:
        return Refusal("unknown-scope", f"what `{base}.{method}()` does when it is left is not known")
    return Reached(f"{text}.{method}()", scope, new_import)


Base = tuple[str, Symbol | None, NewImport | None]


def _base(program: Program, function: FunctionId, manager: Expr, base: str) -> Base | Refusal:
    if isinstance(manager, ops.Name):
        symbol = program.lookup(function, manager.id)
        if isinstance(symbol, VariableSymbol):
            return _beside(program, function, manager.id, symbol, base)
        if symbol is None:
            return _local(program, function, manager.id, base)
    if isinstance(manager, ops.Attribute):
        holder = program.resolve(function, manager.value)
        if isinstance(holder, ModuleSymbol) and holder.name in program.modules:
            target = program.modules[holder.name].bindings.get(base)
            if target is None:
                return Refusal("no-scope", f"module `{holder.name}` has no `{base}`")
            return f"{dotted(manager.value)}.{base}", target, None
    return _application(program, function, manager, base)


def _beside(program: Program, function: FunctionId, name: str, symbol: VariableSymbol, base: str) -> Base | Refusal:
    """The manager is a module's variable; so is the scope's, in the same module."""
    origin = program.files[symbol.file]
    target = origin.bindings.get(base)
    if target is None:
        return Refusal("no-scope", f"`{origin.source.module or symbol.file}`, where `{name}` comes from, has no `{base}`")
    if function.file != symbol.file and _is_rebound(program, function.file, name):
        return Refusal("unknown-manager", f"`{name}` is bound anew by a `global` statement here, so it need not be the one of `{base}`")
    here = program.files[function.file].bindings
    for alias in sorted(here, key=lambda alias: (alias != base, alias)):
        if here[alias] == target and program.lookup(function, alias) == target:
            return alias, target, None
    if program.lookup(function, base) == target:
        return base, target, None
    statement = _import_of(program, function, name)
    if statement is None:
        return Refusal("no-import", f"`{name}` is not imported by a `from` statement beside which `{base}` could be")
    if _is_taken(program, function, base):
        return Refusal("name-taken", f"the name `{base}` already stands for something else here")
    return base, target, NewImport(statement.at.row, statement.at.end_row, name, base)


def _is_rebound(program: Program, file: str, name: str) -> bool:
    """Whether a function of the module puts something else in place of what the module imports."""
    functions = program.files[file].facts.functions
    return any(isinstance(s, ops.Global) and not s.is_nonlocal and name in s.names for f in functions for s in statements(f.body))


def _chain(program: Program, function: FunctionId) -> list[FunctionId]:
    found = [function]
    while found[-1].index > 0:
        found.append(FunctionId(function.file, max(program.function(found[-1]).parent, 0)))
    return found


def _import_of(program: Program, function: FunctionId, name: str) -> ops.Import | None:
    """The `from` import that binds `name` for the function: its own, or one around it."""
    for place in _chain(program, function):
        for statement in statements(program.function(place).body):
            if isinstance(statement, ops.Import) and any(item.bound == name for item in statement.names):
                return statement if statement.module is not None or statement.level else None
    return None


def _is_taken(program: Program, function: FunctionId, name: str) -> bool:
    facts = program.files[function.file].facts
    return any(name in place.names for place in facts.functions) or name in program.files[function.file].bindings


def _local(program: Program, function: FunctionId, name: str, base: str) -> Base | Refusal:
    """The manager is a parameter or a local variable; one that was taken from the application leads there."""
    for place in _chain(program, function):
        facts = program.function(place)
        if any(parameter.name == name for parameter in facts.parameters):
            return Refusal("handed-in", f"`{name}` is a parameter, so its caller decides which database this is")
        values = [
            s.value for s in statements(facts.body) if isinstance(s, ops.Assign) and name in {n for t in s.targets for n in target_names(t)}
        ]
        if values:
            if len(values) == 1 and values[0] is not None:
                return _application(program, place, values[0], base)
            return Refusal("unknown-manager", f"`{name}` is assigned in several places")
        if place.index and any(isinstance(s, ops.Import) and any(n.bound == name for n in s.names) for s in statements(facts.body)):
            break
    return Refusal("unknown-manager", f"where `{name}` comes from is not known")


def _application(program: Program, function: FunctionId, manager: Expr, base: str) -> Base | Refusal:
    """`current_app.config["db_manager"]`, `current_app.db_manager`, `getattr(current_app, "db_manager")`."""
    expression = manager
    while isinstance(expression, ops.Call):
        expression = expression.args[0] if dotted(expression.func) == "getattr" and expression.args else expression.func
    while isinstance(expression, ops.Attribute | ops.Subscript | ops.Call):
        inner = expression.func if isinstance(expression, ops.Call) else expression.value
        symbol = program.resolve(function, inner) if isinstance(inner, ops.Name) else None
        if isinstance(symbol, External) and symbol.name in APPLICATION:
            targets = _on_application(program, base)
            if not targets:
                return Refusal("not-on-app", f"nothing puts `{base}` on the application")
            return f"{root_name(inner)}.{base}", targets[0], None
        expression = inner
    return Refusal("unknown-manager", f"where `{dotted(manager)}` comes from is not known")


def _on_application(program: Program, base: str) -> list[Symbol | None]:
    """What is assigned to an attribute `base` of an application: `app.unified_session_manager = …`."""
    found: list[Symbol | None] = []
    for file, module in program.files.items():
        if is_test(file):
            continue
        for index, facts in enumerate(module.facts.functions):
            for statement in statements(facts.body):
                if not isinstance(statement, ops.Assign) or statement.value is None:
                    continue
                for target in statement.targets:
                    if isinstance(target, ops.Attribute) and target.name == base and "app" in dotted(target.value).lower():
                        found.append(program.resolve(FunctionId(file, index), statement.value))
    return found


APPLICATION_SCOPE = "nothing on the application is known to offer "


def application_scope(program: Program, base: str, method: str) -> Scope | None:
    """What `current_app.BASE.METHOD()` does, if something puts `base` on the application."""
    targets = _on_application(program, base)
    return _scope(program, targets[0], base, method) if targets else None


def _scope(program: Program, target: Symbol | None, base: str, method: str) -> Scope | None:
    made = program.instance_of(target) if isinstance(target, VariableSymbol) else None
    if isinstance(made, ClassSymbol):
        function = program.method(made.id, method)
        if function is not None and function in program.scopes:
            return program.scopes[function]
    named = [s for s in program.scopes.values() if s.qualname.rpartition(".")[2] == method and not is_test(s.function.file)]
    same = {(s.commits, s.rolls_back, s.closes, s.errors, s.is_request_bound, s.is_shared, s.is_async) for s in named}
    return named[0] if len(same) == 1 else None
