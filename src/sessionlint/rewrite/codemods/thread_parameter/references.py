"""Who calls which function of the program, and what else is done with it. Entry point: `References`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.facts.walk import statements
from sessionlint.link import ClassId, ClassSymbol, External, FunctionId, FunctionSymbol, ModuleSymbol, Program
from sessionlint.link.sessions.receivers import Receivers
from sessionlint.rewrite.reading.walk import Node, children, dotted, walk

_BY_STRING = frozenset("getattr setattr delattr hasattr patch object attrgetter methodcaller setitem".split())
"""Calls that reach something by its name in a string; `object` is that of `mock.patch.object`."""


@dataclass(frozen=True, slots=True)
class Site:
    """A call of a function of the program, in the function it stands in."""

    caller: FunctionId
    call: ops.Call


@dataclass(frozen=True, slots=True)
class Loose:
    """A use of a function other than a call by its name: `how` says what is done with it."""

    place: FunctionId
    row: int
    how: str


class References:
    """Calls and other uses of the program's functions, found once."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._receivers = Receivers(program.names, program.hierarchy, program.annotations, program.dotting)
        self._sites: dict[FunctionId, list[Site]] = {}
        self._loose: dict[FunctionId, list[Loose]] = {}
        self._unknown: dict[str, list[Loose]] = {}
        self._strings: dict[str, list[Loose]] = {}
        self.calls: dict[FunctionId, list[ops.Call]] = {}
        self._modules_as_values: set[str] = set()
        self._read_all()

    def sites(self, function: FunctionId) -> list[Site]:
        """The calls that call the function by its name."""
        return self._sites.get(function, [])

    def loose(self, function: FunctionId) -> list[Loose]:
        """Uses by which it may be called with arguments that nobody sees."""
        facts = self.program.function(function)
        found = self._loose.get(function, []) + self._strings.get(facts.name, [])
        if facts.owner >= 0 or self._module_of(function) in self._modules_as_values:
            found = found + self._unknown.get(facts.name, [])
        return found

    @cached_property
    def as_values(self) -> frozenset[FunctionId]:
        """Functions that anybody may call who is handed them."""
        decorated = {
            FunctionId(file, index)
            for file, module in self.program.files.items()
            for index, facts in enumerate(module.facts.functions)
            if facts.decorators or facts.name == "<lambda>"
        }
        return frozenset(self._loose) | decorated

    def callees(self, function: FunctionId, call: ops.Call) -> list[FunctionId]:
        """The functions that a call may run, those it hands over included."""
        found = [id for id in (self._function_of(function, node) for node in walk(*call.args, *call.keywords)) if id is not None]
        found += [FunctionId(function.file, node.function) for node in walk(*call.args, *call.keywords) if isinstance(node, ops.Lambda)]
        symbol = self.program.resolve(function, call.func)
        match symbol:
            case FunctionSymbol(id=id):
                found.append(id)
            case ClassSymbol(id=id):
                found += [m for name in ("__init__", "__new__", "__post_init__") if (m := self.program.method(id, name)) is not None]
            case External():
                pass
            case _ if (method := self._method(function, call.func)) is not None:
                found += self._with_overrides(method)
            case _ if isinstance(call.func, ops.Attribute):
                found += self._named(call.func.name)
            case _:
                found += self.as_values
        return found

    # -- reading --------------------------------------------------------------------------------------------------

    def _read_all(self) -> None:
        for file, module in sorted(self.program.files.items()):
            for index, facts in enumerate(module.facts.functions):
                function = FunctionId(file, index)
                self._read(function, [*facts.body], "")
                around = self.program.names.parent(function) or function
                defaults = [p.default for p in facts.parameters if p.default is not None]
                self._read(around, [*facts.decorators, *defaults], "it is used in a decorator or as a default")
            for index, class_ in enumerate(module.facts.classes):
                roots = [*class_.body, *class_.bases, *class_.decorators]
                around = self.program.names.class_parent(ClassId(file, index))
                self._read(around, roots, "it is used in the body of a class", ClassId(file, index))

    @cached_property
    def _telling(self) -> frozenset[str]:
        """Names without which nothing is a function, a class or a module of the program."""
        found = {"cls", "__class__", *(name.rpartition(".")[2] for name in self.program.modules)}
        for module in self.program.files.values():
            found |= {facts.name for facts in module.facts.functions} | {facts.name for facts in module.facts.classes}
            imports = (s for facts in module.facts.functions for s in statements(facts.body) if isinstance(s, ops.Import))
            found |= {item.bound for statement in imports for item in statement.names}
        return frozenset(found)

    def _read(self, function: FunctionId, roots: list[Node], how: str, cls: ClassId | None = None) -> None:
        stack: list[tuple[Node, Node]] = [(root, None) for root in reversed(roots)]
        while stack:
            node, parent = stack.pop()
            is_called = isinstance(parent, ops.Call) and parent.func is node
            is_telling = (node.id if isinstance(node, ops.Name) else getattr(node, "name", "")) in self._telling
            if is_telling and isinstance(node, ops.Name | ops.Attribute):
                self._mention(function, node, parent if is_called else None, how or _use(parent), cls)
                self._mention_class(function, node, parent, cls)
            if isinstance(node, ops.Call):
                self.calls.setdefault(function, []).append(node)
                self._string_of(function, node)
            is_owner = isinstance(node, ops.Name | ops.Attribute) and isinstance(parent, ops.Attribute)
            if is_telling and isinstance(node, ops.Name | ops.Attribute) and not is_owner:
                symbol = self.program.resolve(function, node)
                if isinstance(symbol, ModuleSymbol):
                    self._modules_as_values.add(symbol.name)
            stack.extend((child, node) for child in reversed(list(children(node))))

    def _mention(self, function: FunctionId, node: ops.Name | ops.Attribute, call: ops.Call | None, how: str, cls: ClassId | None) -> None:
        symbol = self.program.resolve_in_class(cls, node) if cls is not None else self.program.resolve(function, node)
        target = symbol.id if isinstance(symbol, FunctionSymbol) else None
        is_plain = call is not None and cls is None
        if target is None and isinstance(node, ops.Attribute) and not isinstance(symbol, External):
            target = self._method(function, node)
            if target is None and not self._is_foreign(function, node.value):
                self._unknown.setdefault(node.name, []).append(Loose(function, node.at.row, f"`{dotted(node)}` may be it"))
        if target is not None and is_plain and call is not None:
            self._sites.setdefault(target, []).append(Site(function, call))
        elif target is not None:
            self._loose.setdefault(target, []).append(Loose(function, node.at.row, how or "it is used in the body of a class"))

    def _mention_class(self, function: FunctionId, node: ops.Name | ops.Attribute, parent: Node, cls: ClassId | None) -> None:
        """A call of a class is one of its `__init__`; of a class that is handed on, others may make instances."""
        symbol = self.program.resolve_in_class(cls, node) if cls is not None else self.program.resolve(function, node)
        if not isinstance(symbol, ClassSymbol):
            if isinstance(node, ops.Name) and node.id == "cls" and not isinstance(parent, ops.Attribute):
                self._made_unseen(self.program.owner_of(function), function, node)
            elif isinstance(node, ops.Attribute) and node.name == "__class__":
                self._made_unseen(self._receivers.class_of(function, node.value), function, node)
            return
        init = self.program.method(symbol.id, "__init__")
        if isinstance(parent, ops.Call) and parent.func is node and cls is None:
            if init is not None:
                self._sites.setdefault(init, []).append(Site(function, parent))
            return
        is_compared = isinstance(parent, ops.Call) and dotted(parent.func) in ("isinstance", "issubclass")
        is_annotation = isinstance(parent, ops.Assign) and parent.annotation is node
        if not (isinstance(parent, ops.Attribute) or is_compared or is_annotation or (parent is None and cls is not None)):
            self._made_unseen(symbol.id, function, node)

    def _made_unseen(self, cls: ClassId | None, function: FunctionId, node: ops.Name | ops.Attribute) -> None:
        family = [cls, *self.program.subclasses(cls)] if cls is not None else self._hierarchy_classes()
        for each in family:
            init = self.program.method(each, "__init__")
            if init is not None:
                self._loose.setdefault(init, []).append(Loose(function, node.at.row, f"`{dotted(node)}` may make instances"))

    def _hierarchy_classes(self) -> list[ClassId]:
        return self.program.hierarchy.classes()

    def _string_of(self, function: FunctionId, call: ops.Call) -> None:
        name = dotted(call.func).rpartition(".")[2]
        if name not in _BY_STRING:
            return
        for given in call.args:
            if isinstance(given, ops.Constant) and isinstance(given.value, str):
                tail = given.value.rpartition(".")[2]
                self._strings.setdefault(tail, []).append(Loose(function, call.at.row, f"`{name}()` reaches it by its name"))

    # -- what an expression means ---------------------------------------------------------------------------------

    def _function_of(self, function: FunctionId, node: Node) -> FunctionId | None:
        if not isinstance(node, ops.Name | ops.Attribute):
            return None
        symbol = self.program.resolve(function, node)
        if isinstance(symbol, FunctionSymbol):
            return symbol.id
        return self._method(function, node)

    def _method(self, function: FunctionId, node: Expr) -> FunctionId | None:
        """The method that an attribute of an object whose class is known stands for."""
        if not isinstance(node, ops.Attribute):
            return None
        if isinstance(node.value, ops.Call) and dotted(node.value.func) == "super":
            return self._inherited(function, node.name)
        owner = self._receivers.class_of(function, node.value)
        return self.program.method(owner, node.name) if owner is not None else None

    def _inherited(self, function: FunctionId, name: str) -> FunctionId | None:
        """The method that `super()` has within a method, if no class below puts another class in between."""
        owner = self.program.owner_of(function)
        for cls in self.program.model_lineage(owner)[1:] if owner is not None else ():
            if name in self.program.class_(cls).methods:
                return self.program.method(cls, name)
        return None

    def _is_foreign(self, function: FunctionId, owner: Expr) -> bool:
        """Whether an object is known to be of a class that is not the program's, or of one that has no such method."""
        is_super = isinstance(owner, ops.Call) and dotted(owner.func) == "super"
        is_literal = isinstance(owner, ops.Constant | ops.FormattedString | ops.DictDisplay)
        return is_super or is_literal or self._receivers.type_of(function, owner) is not None

    def _with_overrides(self, method: FunctionId) -> list[FunctionId]:
        owner, name = self.program.owner_of(method), self.program.function(method).name
        below = self.program.subclasses(owner) if owner is not None else ()
        return [method, *(m for cls in below if (m := self.program.method(cls, name)) is not None)]

    def _named(self, name: str) -> Iterator[FunctionId]:
        return (
            FunctionId(file, index)
            for file, module in self.program.files.items()
            for index, facts in enumerate(module.facts.functions)
            if facts.name == name
        )

    def _module_of(self, function: FunctionId) -> str:
        return self.program.files[function.file].source.module


def _use(parent: Node) -> str:
    match parent:
        case ops.Keyword(name=str(name)):
            return f"it is handed on as `{name}=`"
        case ops.Call():
            return f"it is handed to `{dotted(parent.func)}()`"
        case ops.Display() | ops.DictDisplay():
            return f"it is kept in a {'dictionary' if isinstance(parent, ops.DictDisplay) else parent.kind}"
        case ops.Return():
            return "it is returned as a value"
        case _:
            return "it is used as a value"
