"""What expressions of a function hold: abstract evaluation over names, models and the functions it calls. Entry point: `Frame.value`."""

from __future__ import annotations

from sessionlint.facts import FileFacts, FunctionFacts, ops
from sessionlint.facts.ops import Expr
from sessionlint.link.models import MappedAttribute
from sessionlint.link.symbols import ClassId, ClassSymbol, External, FunctionId, FunctionSymbol, Symbol
from sessionlint.rewrite.codemods.scope import tables
from sessionlint.rewrite.codemods.scope.builtin_calls import builtin_call
from sessionlint.rewrite.codemods.scope.closures import called, is_partial
from sessionlint.rewrite.codemods.scope.entities import rows, statement_value
from sessionlint.rewrite.codemods.scope.objects import attribute_of, call_method, construct
from sessionlint.rewrite.codemods.scope.summaries import NOTHING, Calls, Summary, summarize
from sessionlint.rewrite.codemods.scope.values import (
    CLOSURE,
    LAZY_PLAIN,
    PLAIN,
    SESSION,
    UNKNOWN,
    Value,
    container,
    element_of,
    instance,
    join,
    query,
    unpacked,
)
from sessionlint.rewrite.reading.walk import dotted, free_names, read_names, target_names, walk

_WRITING = ("update", "delete", "insert")


class Frame:
    """One function with what its names hold. `outer` is the frame of the function around it."""

    def __init__(self, calls: Calls, function: FunctionId, env: dict[str, Value], outer: Frame | None = None) -> None:
        self.calls, self.function, self.env, self.outer = calls, function, env, outer
        self.program = calls.program

    @property
    def file(self) -> FileFacts:
        return self.program.files[self.function.file].facts

    @property
    def facts(self) -> FunctionFacts:
        return self.program.function(self.function)

    # -- names ----------------------------------------------------------------------------------------------------

    def lookup(self, name: str) -> Value:
        """What a name holds, here or in a function around."""
        if name in self.env:
            return self.env[name]
        if self.outer is not None and name not in self.facts.names:
            return self.outer.lookup(name)
        return PLAIN

    def bind(self, name: str, value: Value) -> None:
        """A name may hold `value` too; what a function declares nonlocal is bound in the one around it."""
        if self.outer is not None and name not in self.facts.names:
            self.outer.bind(name, value)
        else:
            self.env[name] = join(self.env.get(name, PLAIN), value)

    def symbol(self, expression: Expr) -> Symbol | None:
        """What a name or a chain of attributes stands for in the program."""
        found = self.program.resolve(self.function, expression)
        if found is None and isinstance(expression, ops.Attribute) and isinstance(expression.value, ops.Name):
            return self._own_method(expression.value.id, expression.name)
        if found is None and isinstance(expression, ops.Name):
            return self._own_class(expression.id)
        return found

    def _own_class(self, name: str) -> Symbol | None:
        """What `cls` is in a class method."""
        facts = self.facts
        is_class_method = any(dotted(decorator) == "classmethod" for decorator in facts.decorators)
        if facts.owner < 0 or not is_class_method or not facts.parameters or facts.parameters[0].name != name:
            return None
        return ClassSymbol(ClassId(self.function.file, facts.owner))

    def _own_method(self, receiver: str, name: str) -> Symbol | None:
        facts = self.facts
        if facts.owner < 0 or not facts.parameters or facts.parameters[0].name != receiver:
            return None
        index = self.file.classes[facts.owner].methods.get(name)
        return FunctionSymbol(FunctionId(self.function.file, index)) if index is not None else None

    def tied(self, *nodes: object) -> set[str]:
        """The tied names that are read in the nodes."""
        return {name for name in read_names(self.file, *nodes) if self.lookup(name).is_tied}

    # -- expressions ----------------------------------------------------------------------------------------------

    def value(self, expression: Expr | None) -> Value:  # noqa: C901  (the closed union of expressions)
        """What an expression may hold."""
        match expression:
            case None | ops.Constant() | ops.FormattedString() | ops.Compare() | ops.Not():
                return PLAIN
            case ops.Name(id=name):
                return self.lookup(name)
            case ops.Attribute():
                return self.attribute(expression)
            case ops.Call():
                return self.call(expression).value
            case ops.Subscript(value=value):
                return element_of(self.value(value))
            case ops.Display(items=items):
                return container(self.joined(items, unpacks=True))
            case ops.DictDisplay(values=values):
                return container(self.joined(values))
            case ops.Comprehension():
                return self.comprehension(expression)
            case ops.BoolOp(values=values) | ops.Other(parts=values):
                return self.joined(values)
            case ops.Conditional(body=body, orelse=orelse):
                return self.joined((body, orelse))
            case ops.Await(value=value) | ops.NamedExpr(value=value) | ops.Starred(value=value):
                return self.value(value)
            case ops.Lambda(function=index):
                return CLOSURE if any(self.lookup(name).is_tied for name in free_names(self.file, index)) else PLAIN
            case ops.Yield() | ops.YieldFrom():
                return PLAIN

    def joined(self, expressions: tuple[Expr, ...], *, unpacks: bool = False) -> Value:
        """What any of the expressions may hold; where a `*` unpacks, what its elements may."""
        found = PLAIN
        for expression in expressions:
            held = self.value(expression)
            found = join(found, element_of(held) if unpacks and isinstance(expression, ops.Starred) else held)
        return found

    def comprehension(self, node: ops.Comprehension) -> Value:
        source = PLAIN
        for clause in node.clauses:
            held = self.value(clause.iter)
            source = join(source, held)
            for name in target_names(clause.target):
                self.bind(name, element_of(held) if isinstance(clause.target, ops.Name) else unpacked(element_of(held)))
        element = join(self.value(node.element), self.value(node.value))
        if node.kind == "generator":
            return query(element) if source.is_tied or self.tied(node) else PLAIN
        return container(element)

    def attribute(self, node: ops.Attribute) -> Value:
        holder = self.value(node.value)
        match holder.kind:
            case "instance":
                return self.mapped(holder.model, node.name)
            case "query" if node.name in tables.COUNTS:
                return PLAIN
            case "query" | "container" if not element_of(holder).is_tied:
                return PLAIN
            case "plain" | "statement" | "read-text":
                return PLAIN
            case "object":
                return attribute_of(self, holder, node.name)
            case _:
                return UNKNOWN

    def attributes(self, model: ClassId | None, name: str) -> list[MappedAttribute]:
        """The mapped attributes that reading `name` on an instance may mean: of its class, or of any where that is not known."""
        if model is not None and model in self.program.models:
            found = self.program.models[model].attributes.get(name)
            return [found] if found is not None else []
        return [m.attributes[name] for m in self.program.models.values() if m.is_mapped and name in m.attributes]

    def mapped(self, model: ClassId | None, name: str) -> Value:
        """What a mapped attribute holds; one that no model declares may hold anything."""
        found = self.attributes(model, name)
        if not found:
            return UNKNOWN
        value = PLAIN
        for attribute in found:
            value = join(value, self.mapped_kind(attribute, model))
        return value

    def mapped_kind(self, attribute: MappedAttribute, model: ClassId | None) -> Value:
        match attribute.kind:
            case "column" | "deferred" | "column_property" | "synonym" | "composite":
                return PLAIN
            case "relationship":
                target = instance(attribute.target)
                return query(target) if attribute.lazy in ("dynamic", "write_only") else container(target) if attribute.uselist else target
            case "property" | "hybrid" if attribute.function is not None:
                return summarize(self.calls, attribute.function, [instance(model)], {}).value
            case _:
                return UNKNOWN

    def is_column(self, expression: Expr) -> bool:
        """Whether it is `Model.attribute`, whose methods make SQL."""
        symbol = self.symbol(expression.value) if isinstance(expression, ops.Attribute) else None
        return isinstance(symbol, ClassSymbol) and symbol.id in self.program.models

    # -- calls ----------------------------------------------------------------------------------------------------

    def call(self, node: ops.Call) -> Summary:
        """What a call gives and does."""
        if isinstance(node.func, ops.Attribute):
            holder = self.value(node.func.value)
            if holder.is_tied or holder.kind == "statement":
                return self.method(node, node.func, holder)
        held = [self.value(arg) for arg in node.args]
        named = {keyword.name or "**": self.value(keyword.value) for keyword in node.keywords}
        is_tied = any(value.is_tied for value in (*held, *named.values()))
        if isinstance(node.func, ops.Name) and self.lookup(node.func.id) == CLOSURE:
            return called(self, node.func, held, named)
        symbol = self.symbol(node.func)
        if isinstance(symbol, External) and symbol.name.split(".")[0] in ("sqlalchemy", "sqlmodel"):
            return Summary(statement_value(self, symbol.name.rpartition(".")[2], node))
        if not is_tied or is_partial(symbol):
            return Summary(CLOSURE) if is_tied else NOTHING
        return self.with_tied(node, symbol, held, named)

    def with_tied(self, node: ops.Call, symbol: Symbol | None, held: list[Value], named: dict[str, Value]) -> Summary:
        """A call that something tied is handed to."""
        name = dotted(node.func)
        tail = name.rpartition(".")[2]
        value = PLAIN
        for one in (*held, *named.values()):
            value = join(value, one)
        if isinstance(symbol, FunctionSymbol):
            held = self.receiver(node, symbol.id) + held
            is_nested = symbol.id.file == self.function.file and self.program.function(symbol.id).parent == self.function.index
            outer = self if is_nested else None
            return summarize(self.calls, symbol.id, held, named, outer)
        if isinstance(symbol, ClassSymbol):
            model = self.program.models.get(symbol.id)
            if model is not None and model.is_mapped:
                return Summary(instance(symbol.id), writes=True)
            return construct(self, symbol.id, held, named)
        if isinstance(node.func, ops.Name) and (symbol is None or isinstance(symbol, External)):
            builtin = builtin_call(self, tail, node)
            if builtin is not None:
                return builtin
        if isinstance(node.func, ops.Attribute) and self.is_column(node.func.value):
            return Summary(LAZY_PLAIN)
        if self.uses_up(node, name):
            return NOTHING
        if tail == "populate_obj":
            return Summary(PLAIN, writes=True)
        what = "a function that uses it" if value == CLOSURE else "the session" if value == SESSION else "an instance of it"
        return Summary(UNKNOWN, writes=True, escape=f"{what} is handed to `{name}()`, which may keep or change it")

    def uses_up(self, node: ops.Call, name: str) -> bool:
        """Whether an external function keeps nothing of its arguments, or puts them where `effects` looks."""
        tail = name.rpartition(".")[2]
        if tail in tables.CONSUMERS or (tail in tables.LOG_METHODS and "log" in name.lower()):
            return True
        return isinstance(node.func, ops.Attribute) and tail in tables.CONTAINER_ADDS

    def receiver(self, node: ops.Call, function: FunctionId) -> list[Value]:
        """What the first parameter of a method gets before the arguments of the call."""
        facts = self.program.function(function)
        kinds = {dotted(decorator).rpartition(".")[2] for decorator in facts.decorators}
        if facts.owner < 0 or "staticmethod" in kinds:
            return []
        if "classmethod" in kinds or not isinstance(node.func, ops.Attribute):
            return [PLAIN]
        return [] if isinstance(self.symbol(node.func.value), ClassSymbol) else [PLAIN]

    # -- SQLAlchemy -----------------------------------------------------------------------------------------------

    def method(self, node: ops.Call, func: ops.Attribute, holder: Value) -> Summary:
        """A method call on something tied, or on a `select()`."""
        match holder.kind:
            case "statement":
                return Summary(Value("statement", element=rows(self, node.args)) if func.name == "with_only_columns" else holder)
            case "session":
                return self.session_method(node, func.name)
            case "query":
                return self.query_method(node, func.name, holder)
            case "instance":
                return self.instance_method(node, func.name, holder)
            case "container":
                return self.container_method(node, func, holder)
            case "object":
                named = {keyword.name or "**": self.value(keyword.value) for keyword in node.keywords}
                return call_method(self, holder, func.name, [self.value(arg) for arg in node.args], named)
            case _:
                return Summary(UNKNOWN, writes=True)

    def session_method(self, node: ops.Call, name: str) -> Summary:
        args = node.args
        if name == "query":
            return Summary(query(rows(self, args)))
        if name in ("get", "get_one", "merge"):
            symbol = self.program.resolve(self.function, args[0]) if args and name != "merge" else None
            return Summary(instance(symbol.id if isinstance(symbol, ClassSymbol) else None), writes=name == "merge")
        if name in tables.EXECUTES:
            held = self.value(args[0]) if args else PLAIN
            known = held.kind in ("statement", "read-text", "query")
            element = element_of(held) if known else UNKNOWN if held.is_tied or not self._is_text(args) else PLAIN
            return Summary(element if name == "scalar" else query(element), writes=not known)
        if name in ("no_autoflush", "identity_map", "new", "dirty", "deleted"):
            return Summary(UNKNOWN)
        return Summary(PLAIN, writes=name not in tables.SESSION_READS, ends=name in tables.SESSION_ENDS)

    def _is_text(self, args: tuple[Expr, ...]) -> bool:
        """Whether the statement is textual, so that its rows are plain."""
        if not args:
            return False
        match args[0]:
            case ops.Call(func=ops.Name(id="text") | ops.Attribute(name="text")):
                return True
            case ops.Name(id=name):
                return all(
                    isinstance(node.value, ops.Call) and dotted(node.value.func).rpartition(".")[2] in ("text", *_WRITING)
                    for node in walk(*self.facts.body)
                    if isinstance(node, ops.Assign) and name in {n for t in node.targets for n in target_names(t)}
                )
            case ops.Call(func=func):
                return dotted(func).split(".")[0].split("(")[0] in _WRITING
            case _:
                return False

    def query_method(self, node: ops.Call, name: str, holder: Value) -> Summary:
        element = element_of(holder)
        if name in tables.COUNTS:
            return Summary(PLAIN, writes=name in tables.QUERY_WRITES)
        if name in tables.FIRST:
            return Summary(element)
        if name in tables.ALL:
            return Summary(container(element))
        if name == "with_entities":
            return Summary(query(rows(self, node.args)))
        if name in ("add_columns", "add_entity", "paginate", "values", "union", "union_all"):
            return Summary(query(UNKNOWN))
        if name in ("append", "remove", "add"):
            return Summary(PLAIN, writes=True)
        if not element.is_tied and name in ("keys", "_asdict", "strftime", "isoformat"):
            return Summary(PLAIN)
        return Summary(holder)

    def instance_method(self, node: ops.Call, name: str, holder: Value) -> Summary:
        found = [a.function for a in self.attributes(holder.model, name) if a.kind == "method" and a.function is not None]
        if not found or len(found) > 4:
            return Summary(UNKNOWN, writes=True)
        result = NOTHING
        named = {keyword.name or "**": self.value(keyword.value) for keyword in node.keywords}
        for function in found:
            one = summarize(self.calls, function, [holder, *(self.value(arg) for arg in node.args)], named)
            ends = result.ends or one.ends
            result = Summary(join(result.value, one.value), result.writes or one.writes, result.escape or one.escape, ends)
        return result

    def container_method(self, node: ops.Call, func: ops.Attribute, holder: Value) -> Summary:
        owned = not isinstance(func.value, ops.Name) and self.value(func.value).is_tied
        writes = owned and func.name in tables.CONTAINER_CHANGES
        if func.name in ("get", "pop", "popleft", "__getitem__", "first"):
            return Summary(element_of(holder), writes)
        if func.name in ("items", "values", "copy", "keys"):
            return Summary(container(unpacked(element_of(holder))), writes)
        if func.name in tables.CONTAINER_CHANGES or func.name in ("index", "count", "join"):
            return Summary(PLAIN, writes)
        return Summary(UNKNOWN, writes=True)
