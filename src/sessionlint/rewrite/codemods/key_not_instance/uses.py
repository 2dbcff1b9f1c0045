"""What is done with an instance in a function, and whether it is the same with one that is got again. Entry point: `Uses`."""

from __future__ import annotations

from sessionlint.facts import ops
from sessionlint.link import External, FunctionId, Program
from sessionlint.rewrite.codemods.key_not_instance.keys import Key
from sessionlint.rewrite.reading.walk import Node, children, walk


class Uses:
    """The expressions of a function, each with what it is part of."""

    def __init__(self, program: Program, function: FunctionId, key: Key) -> None:
        self._program, self._function, self._key = program, function, key
        self._parents = {id(child): node for node in walk(*program.function(function).body) for child in children(node)}

    def parent(self, node: Node) -> Node:
        """What an expression is part of; None for none."""
        return self._parents.get(id(node))

    def is_read(self, node: Node) -> bool:
        """Whether an expression is read, and neither assigned to nor deleted."""
        above = self.parent(node)
        while isinstance(above, ops.Display | ops.Starred):
            node, above = above, self.parent(above)
        match above:
            case ops.Assign(targets=targets):
                return not any(target is node for target in targets)
            case ops.AugAssign(target=target) | ops.For(target=target) | ops.WithItem(target=target) | ops.Clause(target=target):
                return target is not node
            case ops.Delete():
                return False
            case _:
                return True

    def key_read(self, use: Node) -> ops.Attribute | None:
        """`instance.id`, if that is all that is wanted of the instance."""
        around = self.parent(use)
        is_key = isinstance(around, ops.Attribute) and self._key.attributes == (around.name,)
        return around if is_key and isinstance(around, ops.Attribute) and self.is_read(around) else None

    def merge(self, use: Node, session: str) -> ops.Call | None:
        """`session.merge(instance)`, whose argument the use is."""
        match self.parent(use):
            case ops.Call(func=ops.Attribute(value=ops.Name(id=owner), name="merge"), args=(given,), keywords=()) as call:
                return call if owner == session and given is use else None
            case _:
                return None

    def unfit(self, use: Node, session: str) -> str:
        """Why what is done with the instance is not the same with one that is got again; empty if it is."""
        where = f"line {use.at.row} of {self._function.file}"
        match self.parent(use):
            case ops.Attribute() as parent:
                return self._unfit_attribute(parent, where)
            case ops.FormattedString():
                return ""
            case ops.Call(func=func) if func is not use:
                symbol = self._program.resolve(self._function, func)
                is_harmless = isinstance(symbol, External) and symbol.name.startswith("builtins.") and symbol.name != "builtins.setattr"
                return "" if is_harmless or self.merge(use, session) is not None else f"{where} hands the instance on"
            case _:
                return f"{where} does something with the instance that may not be the same with one that is got again"

    def _unfit_attribute(self, attribute: ops.Attribute, where: str) -> str:
        known = self._program.models[self._key.model].attributes.get(attribute.name)
        node: Node = attribute
        while isinstance(above := self.parent(node), ops.Attribute | ops.Subscript) and above.value is node:
            node = above
        if not self.is_read(node):
            return f"{where} changes the instance, which its own session writes"
        called = self.parent(node)
        is_column = known is not None and known.kind in ("column", "deferred", "column_property")
        if isinstance(called, ops.Call) and called.func is node and not (is_column and node is not attribute):
            return f"{where} calls a method of the instance, which may change it"
        return "" if known is not None else f"{where} reads `{attribute.name}`, which is no attribute of the model"
