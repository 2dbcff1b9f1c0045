"""What an expression in the body of a hybrid is when `self` is the class. Entry points: `Expressions.read`, `Expressions.test`."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.hybrids.calls import call
from sessionlint.check.hybrids.members import member
from sessionlint.check.hybrids.things import DICT, PLAIN, SQL, TEXT, UNKNOWN, Obstacle, Thing, Undecided
from sessionlint.facts import ops
from sessionlint.knowledge.sqlalchemy.hybrids import OF_RELATIONSHIPS, VALUE_ONLY
from sessionlint.link import Model, Program
from sessionlint.link.names.walk import nodes
from sessionlint.link.symbols import FunctionId, Symbol, VariableSymbol

_FALSE = {"is": False, "is not": True}


class Expressions:
    """`variables` are the local names by what they hold."""

    def __init__(self, program: Program, model: Model, function: FunctionId, variables: dict[str, Thing]) -> None:
        self.program, self._model, self._function, self.variables = program, model, function, variables

    def read(self, expr: ops.Expr) -> Thing:
        """What `expr` is, anywhere but where a bare `self` may stand."""
        found = self._any(expr)
        if found.kind == "class":
            raise Undecided
        return found

    def _any(self, expr: ops.Expr) -> Thing:  # noqa: C901 -- one arm an expression
        match expr:
            case ops.Name(id=name):
                return self.variables[name] if name in self.variables else self._global(expr)
            case ops.Attribute():
                return self._attribute(expr)
            case ops.Constant(value=value):
                return TEXT if isinstance(value, str) else PLAIN
            case ops.Call():
                return call(self, expr)
            case ops.Compare():
                return self._compare(expr)
            case ops.BoolOp():
                return self._bool_op(expr)
            case ops.Not(value=value):
                return self._not(value)
            case ops.Conditional():
                return self._conditional(expr)
            case ops.Comprehension():
                return self._comprehension(expr)
            case ops.Subscript():
                return self._subscript(expr)
            case ops.FormattedString(parts=parts):
                return next((_shown(found) for found in self.read_all(parts) if found.is_no_value), PLAIN)
            case ops.Other():
                return self._arithmetic(expr)
            case _:
                return self._rest(expr)

    def read_all(self, exprs: tuple[ops.Expr, ...]) -> list[Thing]:
        """Several expressions, each as `read`; one behind a star is gone through."""
        found = []
        for expr in exprs:
            if isinstance(expr, ops.Starred):
                self.iterate(self.read(expr.value), expr.value)
            else:
                found.append(self.read(expr))
        return found

    def symbol(self, expr: ops.Expr) -> Symbol | None:
        """What a name or chain means that does not begin with a local variable."""
        inner = expr
        while isinstance(inner, ops.Attribute):
            inner = inner.value
        if not isinstance(inner, ops.Name) or inner.id in self.variables:
            return None
        return self.program.resolve(self._function, expr)

    def iterate(self, found: Thing, expr: ops.Expr) -> None:
        """Go through `found`: what is mapped cannot be."""
        if found.is_no_value:
            raise Obstacle(f"goes through {found.called}", expr.at)

    def mentions(self, expr: ops.Expr) -> frozenset[str]:
        """The names of the mapped attributes that `expr` reads."""
        return frozenset(found.name for each in _attributes(expr) if (found := self._own(each)) is not None and found.is_no_value)

    def _own(self, expr: ops.Attribute) -> Thing | None:
        value = expr.value
        is_own = isinstance(value, ops.Name) and self.variables.get(value.id, UNKNOWN).kind == "class"
        return member(self.program, self._model, expr.name) if is_own else None

    # -- names and attributes -------------------------------------------------------------------------------------

    def _global(self, expr: ops.Name) -> Thing:
        symbol = self.symbol(expr)
        if isinstance(symbol, VariableSymbol):
            values = [value for _, value, _ in self.program.assignments(symbol)]
            if len(values) == 1 and isinstance(values[0], ops.DictDisplay):
                return DICT
        return UNKNOWN

    def _attribute(self, expr: ops.Attribute) -> Thing:
        owner, name = self._any(expr.value), expr.name
        if name.startswith("_") and owner.kind != "class":
            return UNKNOWN
        match owner.kind:
            case "class":
                return owner if name == "__class__" else member(self.program, self._model, name)
            case "relationship" | "proxy" if name not in OF_RELATIONSHIPS:
                raise Obstacle(f"reads `{name}` of {owner.called}", expr.name_at)
            case "column" | "sql":
                if name in VALUE_ONLY:
                    raise Obstacle(f"reads `{name}` of {owner.called}", expr.name_at)
                return Thing("sql-method", owner.name)
            case "relationship":
                return Thing("sql-method", owner.name)
            case "property":
                raise Obstacle(f"reads the property {owner.called}", expr.name_at)
            case "dict" | "text":
                return Thing(f"{owner.kind}-method", name)
            case _:
                return UNKNOWN

    def _subscript(self, expr: ops.Subscript) -> Thing:
        owner, index = self.read(expr.value), self.read(expr.index)
        if owner.kind in {"relationship", "proxy", "property"}:
            raise Obstacle(f"takes an item of {owner.called}", expr.at)
        if owner.kind == "dict" and index.is_no_value:
            raise Obstacle(f"looks {index.called} up in a dict", expr.at)
        return SQL if owner.kind in {"column", "sql"} else UNKNOWN

    # -- operators ------------------------------------------------------------------------------------------------

    def _arithmetic(self, expr: ops.Other) -> Thing:
        found = self.read_all(expr.parts)
        if expr.kind == "%" and found and found[0].kind == "text":
            return next((_shown(each) for each in found[1:] if each.is_no_value), self._in_tuple(expr.parts[1:]))
        for each in found:
            if each.kind in {"lost", "identity"}:
                return each
            if each.kind == "property":
                raise Obstacle(f"computes with the property {each.called}", expr.at)
        if any(each.is_mapped for each in found):
            return SQL
        return PLAIN if all(each.kind in {"plain", "text"} for each in found) else UNKNOWN

    def _in_tuple(self, parts: tuple[ops.Expr, ...]) -> Thing:
        """`"%s %s" % (self.first, self.last)`."""
        items = [item for part in parts if isinstance(part, ops.Display) for item in part.items]
        return next((_shown(found) for found in self.read_all(tuple(items)) if found.is_no_value), PLAIN)

    def _compare(self, expr: ops.Compare) -> Thing:
        found = self.read_all((expr.left, *expr.comparators))
        mapped = next((each for each in found if each.is_no_value), None)
        operator, last = expr.operators[0], found[-1]
        if mapped is None:
            return UNKNOWN
        if len(expr.operators) > 1:
            raise Obstacle(f"compares {mapped.called} with two things at once", expr.at)
        if operator in {"in", "not in"}:
            if last.is_no_value:
                raise Obstacle(f"looks for something in {last.called}", expr.at)
            return Thing("lost", mapped.name, f"looks for {mapped.called} in a Python collection")
        if operator in {"is", "is not"}:
            return Thing("identity", mapped.name, operator) if last.kind == "plain" else UNKNOWN
        if mapped.kind == "property":
            raise Obstacle(f"compares the property {mapped.called}", expr.at)
        return Thing("sql", mapped.name, operator)

    def _not(self, value: ops.Expr) -> Thing:
        found = self.read(value)
        truth = self._truth(found, value)
        if found.kind == "identity":
            return Thing("identity", found.name, "is" if found.operator == "is not" else "is not")
        return UNKNOWN if truth is None else Thing("lost", found.name, f"negates {found.called} with `not`")

    def _truth(self, found: Thing, expr: ops.Expr) -> bool | None:
        """The truth of what stands for SQL: a comparison has none, an attribute of the class is always true."""
        if found.kind == "sql":
            raise Obstacle("asks whether an SQL expression is true", expr.at)
        if found.kind == "identity":
            return _FALSE[found.operator]
        return True if found.is_no_value else None

    def test(self, expr: ops.Expr) -> bool | None:
        """The truth of a condition, as far as what stands for SQL decides it."""
        if isinstance(expr, ops.Not):
            inner = self.test(expr.value)
            return None if inner is None else not inner
        if isinstance(expr, ops.BoolOp):
            parts = [self.test(part) for part in expr.values]
            stopping = expr.operator == "or"
            if stopping in parts[: parts.index(None)] if None in parts else stopping in parts:
                return stopping
            return None if None in parts else not stopping
        return self._truth(self.read(expr), expr)

    def _bool_op(self, expr: ops.BoolOp) -> Thing:
        *before, last = expr.values
        dropped: list[Thing] = []
        for position, part in enumerate(before):
            found = self.read(part)
            truth = self._truth(found, part)
            if truth is None:
                self.read_all(expr.values[position + 1 :])
                return UNKNOWN
            if truth is (expr.operator == "or"):  # nothing after it is looked at
                if not all(map(is_constant, expr.values[position + 1 :])):
                    raise Obstacle(f"looks at nothing but {found.called} in a condition", expr.at)
                return found if found.kind != "identity" else Thing("lost", found.name, f"asks whether {found.called} itself is None")
            dropped.append(found)
        value = self.read(last)
        lost = [each for each in dropped if each.name not in self.mentions(last)]
        if value.is_mapped and (lost or expr.operator == "or"):
            raise Obstacle(f"leaves {(lost or dropped)[0].called} out of a condition", expr.at)
        return value

    def _conditional(self, expr: ops.Conditional) -> Thing:
        truth = self.test(expr.test)
        if truth is None:
            one, other = self.read_all((expr.body, expr.orelse))
            return one if one == other else UNKNOWN
        taken, left = (expr.body, expr.orelse) if truth else (expr.orelse, expr.body)
        if is_constant(taken) or not is_constant(left):
            raise Obstacle("goes one way of a condition there, whatever the row holds", expr.test.at)
        return self.read(taken)

    # -- the rest -------------------------------------------------------------------------------------------------

    def _comprehension(self, expr: ops.Comprehension) -> Thing:
        kept = self.variables
        self.variables = dict(kept)
        for clause in expr.clauses:
            self.iterate(self.read(clause.iter), clause.iter)
            self.variables.update({each.id: UNKNOWN for each in _names(clause.target)})
            for condition in clause.conditions:
                self.test(condition)
        self.read_all((expr.element,) if expr.value is None else (expr.element, expr.value))
        self.variables = kept
        return UNKNOWN

    def _rest(self, expr: ops.Expr) -> Thing:
        match expr:
            case ops.NamedExpr(target=target, value=value):
                found = self.variables[target] = self.read(value)
                return found
            case ops.Display(items=items):
                self.read_all(items)
            case ops.DictDisplay(values=values):
                self.read_all(values)
                return DICT
            case ops.Await(value=value) | ops.Starred(value=value):
                self.read(value)
            case _:
                pass
        return UNKNOWN


def is_constant(expr: ops.Expr) -> bool:
    """Whether an expression is a literal, or an empty display."""
    match expr:
        case ops.Constant():
            return True
        case ops.Other(parts=parts) | ops.Display(items=parts):
            return all(map(is_constant, parts))
        case ops.DictDisplay(values=values):
            return not values
        case _:
            return False


def _shown(found: Thing) -> Thing:
    return Thing("lost", found.name, f"puts {found.called} into a string")


def _attributes(expr: ops.Expr) -> Iterator[ops.Attribute]:
    for each in nodes(expr):
        if isinstance(each, ops.Attribute):
            yield each


def _names(target: ops.Expr) -> Iterator[ops.Name]:
    return (each for each in nodes(target) if isinstance(each, ops.Name))
