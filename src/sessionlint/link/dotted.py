"""By which dotted texts an expression may be known: what configured names (`db_manager.get_session`) are compared with. Entry
point: `Dotting`."""

from __future__ import annotations

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.link.names.hierarchy import Hierarchy
from sessionlint.link.names.lookup import Names
from sessionlint.link.names.tables import Assigned
from sessionlint.link.names.walk import nodes, text
from sessionlint.link.symbols import ClassId, ClassSymbol, External, FunctionId, FunctionSymbol, ModuleSymbol, Symbol, VariableSymbol

HOPS = 3
"""How many assignments are followed from one to the next."""

_LOOKUPS = frozenset({"get", "setdefault", "pop"})


class Dotting:
    """Follows names, assignments of locals and of `self` attributes, look-ups by constant keys, and getters of one `return`."""

    def __init__(self, names: Names, hierarchy: Hierarchy) -> None:
        self._names = names
        self._hierarchy = hierarchy
        self._known: dict[tuple[FunctionId, Expr], tuple[str, ...]] = {}

    def dotted(self, function: FunctionId, expression: Expr) -> str:
        """The spelling that is farthest followed."""
        return self.spellings(function, expression)[-1]

    def spellings(self, function: FunctionId, expression: Expr) -> tuple[str, ...]:
        """All spellings, the written one first; `dbm.get_session` after `dbm = app.config["db_manager"]` is also
        `app.config.db_manager.get_session`. What has no name is written `?`."""
        return tuple(dict.fromkeys(self._of(function, expression, 0)))

    def _of(self, function: FunctionId, expression: Expr, hops: int) -> list[str]:
        match expression:
            case ops.Name(id=name):
                return [name, *self._behind_name(function, name, hops)]
            case ops.Attribute(value=value, name=name):
                return [*self._joined(function, value, name, hops), *self._behind_attribute(function, value, name, hops)]
            case ops.Subscript(value=value, index=index):
                return self._joined(function, value, text(index) or "?", hops)
            case ops.Call():
                return self._of_call(function, expression, hops)
            case ops.Await(value=value) | ops.NamedExpr(value=value):
                return self._of(function, value, hops)
            case ops.BoolOp(values=values):
                return [spelling for value in reversed(values) for spelling in self._of(function, value, hops)]
            case ops.Conditional(body=body, orelse=orelse):
                return [*self._of(function, orelse, hops), *self._of(function, body, hops)]
            case _:
                return ["?"]

    def _joined(self, function: FunctionId, value: Expr, name: str, hops: int) -> list[str]:
        return [f"{owner}.{name}" for owner in dict.fromkeys(self._of(function, value, hops))]

    def _of_call(self, function: FunctionId, call: ops.Call, hops: int) -> list[str]:
        func = call.func
        if isinstance(func, ops.Attribute) and func.name in _LOOKUPS and call.args and text(call.args[0]):
            return self._joined(function, func.value, text(call.args[0]), hops)
        if isinstance(func, ops.Name) and len(call.args) > 1:
            if func.id == "getattr" and text(call.args[1]):
                return self._joined(function, call.args[0], text(call.args[1]), hops)
            if func.id == "cast":
                return self._of(function, call.args[1], hops)
        written = [f"{owner}()" for owner in self._of(function, func, HOPS)[:1]]
        symbol = self._names.resolve(function, func)
        return [*written, *(self._returned(symbol.id, hops) if isinstance(symbol, FunctionSymbol) else ())]

    # -- names ----------------------------------------------------------------------------------------------------

    def _behind_name(self, function: FunctionId, name: str, hops: int) -> list[str]:
        owner = self._owner(function, name)
        if owner is not None:
            assigned = self._names.bindings(owner).assigned.get(name, [])
            return self._followed(owner, _single(assigned, self._is_parameter(owner, name)), hops)
        symbol = self._names.lookup(function, name)
        found = self._text_of(symbol)
        if not isinstance(symbol, VariableSymbol):
            return found
        behind = self._names.value_of(symbol)
        return [*found, *(self._followed(behind[0], behind[1], hops) if behind is not None else ())]

    def _owner(self, function: FunctionId, name: str) -> FunctionId | None:
        """The function of which `name` is a local variable, seen from `function`; None where it is not a local variable of any."""
        here: FunctionId | None = function
        while here is not None and here.index != 0:
            table = self._names.bindings(here)
            binding = table.names.get(name)
            if binding is not None and not isinstance(binding, Assigned):
                return None
            if name not in table.declared and self._names.is_local(here, name):
                return here
            here = self._names.parent(here)
        return None

    def _is_parameter(self, function: FunctionId, name: str) -> bool:
        return any(parameter.name == name for parameter in self._names.function(function).parameters)

    def _followed(self, function: FunctionId, value: Expr | None, hops: int) -> list[str]:
        if value is None or hops >= HOPS:
            return []
        return [found for found in self._of(function, value, hops + 1) if found.rpartition(".")[2] != "?" and not found.endswith("()")]

    def _text_of(self, symbol: Symbol | None) -> list[str]:
        match symbol:
            case ModuleSymbol(name=name) | External(name=name):
                return [name]
            case VariableSymbol(file=file, name=name):
                return [f"{self._module(file)}.{name}"]
            case FunctionSymbol(id=function):
                return [f"{self._module(function.file)}.{self._names.function(function).qualname}"]
            case ClassSymbol(id=class_):
                return [f"{self._module(class_.file)}.{self._names.facts[class_.file].classes[class_.index].qualname}"]
            case None:
                return []

    def _module(self, file: str) -> str:
        return self._names.sources[file].module

    # -- attributes of self ---------------------------------------------------------------------------------------

    def owner_class(self, function: FunctionId) -> ClassId | None:
        """The class whose method `function` is, or stands in."""
        here: FunctionId | None = function
        while here is not None:
            facts = self._names.function(here)
            if facts.owner >= 0:
                return ClassId(here.file, facts.owner)
            here = self._names.parent(here)
        return None

    def _behind_attribute(self, function: FunctionId, value: Expr, name: str, hops: int) -> list[str]:
        if isinstance(value, ops.Name) and value.id in ("self", "cls"):
            found = self.self_attribute(function, name)
            return self._followed(*found, hops) if found is not None else []
        symbol = self._names.resolve(function, ops.Attribute(value.at, value, name, value.at))
        if isinstance(symbol, VariableSymbol):
            behind = self._names.value_of(symbol)
            return [*self._text_of(symbol), *(self._followed(behind[0], behind[1], hops) if behind is not None else ())]
        return self._text_of(symbol)

    def self_attribute(self, function: FunctionId, name: str) -> tuple[FunctionId, Expr] | None:
        """What the class around `function` assigns to `self.name` in `__init__` (or returns from a property), with the
        function it does so in."""
        owner = self.owner_class(function)
        if owner is None:
            return None
        for ancestor in self._hierarchy.ancestors(owner):
            functions = self._names.class_table(ancestor).functions
            if name in functions:
                getter = FunctionId(ancestor.file, self._names.getter(ancestor, name))
                value = self._only_return(getter)
                return (getter, value) if value is not None else None
            for maker in ("__init__", "setUp", "__post_init__"):
                if maker in functions:
                    init = FunctionId(ancestor.file, functions[maker][-1])
                    value = self._assigned_to_self(init, name)
                    if value is not None:
                        return init, value
        return None

    def _assigned_to_self(self, init: FunctionId, name: str) -> Expr | None:
        for node in nodes(*self._names.function(init).body):
            if isinstance(node, ops.Assign) and node.value is not None:
                for target in node.targets:
                    if (
                        isinstance(target, ops.Attribute)
                        and target.name == name
                        and isinstance(target.value, ops.Name)
                        and target.value.id == "self"
                    ):
                        return node.value
        return None

    # -- getters --------------------------------------------------------------------------------------------------

    def _returned(self, function: FunctionId, hops: int) -> list[str]:
        value = self._only_return(function)
        return self._followed(function, value, hops) if value is not None else []

    def _only_return(self, function: FunctionId) -> Expr | None:
        """The value of a function's only `return`."""
        values = [node.value for node in nodes(*self._names.function(function).body) if isinstance(node, ops.Return)]
        return values[0] if len(values) == 1 else None


def _single(assigned: list[Assigned], is_parameter: bool) -> Expr | None:
    """The value of a name that is assigned exactly once (a parameter has one value already, unless that is only a default for None)."""
    plain = [item for item in assigned if not (isinstance(item.value, ops.Constant) and item.value.value is None)]
    return plain[0].value if len(plain) == 1 and not is_parameter else None
