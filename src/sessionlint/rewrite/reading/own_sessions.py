"""What a program has of its own in place of SQLAlchemy's sessions and queries: subclasses, look-alikes, mocks.
Entry point: `OwnSessions`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property

from sessionlint.facts import ClassFacts, ops
from sessionlint.facts.ops import Expr
from sessionlint.link import ClassId, ClassSymbol, External, FunctionId, Program, Symbol, VariableSymbol
from sessionlint.rewrite.codemod import Refusal
from sessionlint.rewrite.reading.walk import dotted, walk

_SINCE_1_4 = {"declarative_base", "DeclarativeBase", "DeclarativeBaseNoMeta", "Mapped", "MappedAsDataclass", "mapped_column", "registry"}
"""Names of `sqlalchemy.orm` that older versions of SQLAlchemy do not have."""

_ASYNC = ("sqlalchemy.ext.asyncio", "sqlmodel.ext.asyncio")
_CHANGING = {"get", "query", "__init__", "__new__", "__getattr__", "__getattribute__"}
_QUERY_KEYWORDS = {"query_cls", "query_class"}
_GIVING = frozenset({"return_value", "side_effect"})


class OwnSessions:
    """Looks through all files of a program, each question once."""

    def __init__(self, program: Program) -> None:
        self.program = program

    @cached_property
    def is_modern(self) -> bool:
        """Whether the program cannot run under SQLAlchemy 1.3."""
        for module in self.program.files.values():
            for statement in module.facts.functions[0].body if module.facts.functions else ():
                if isinstance(statement, ops.Import):
                    name = statement.module or statement.names[0].name
                    if name.startswith(("sqlalchemy.ext.asyncio", "sqlmodel", "sqlalchemy.future")):
                        return True
                    if name == "sqlalchemy.orm" and any(item.name in _SINCE_1_4 for item in statement.names):
                        return True
        return False

    @cached_property
    def is_async(self) -> bool:
        """Whether the program works with asyncio's sessions."""
        modules = (module.facts.functions[0].body for module in self.program.files.values() if module.facts.functions)
        imports = (statement for body in modules for statement in body if isinstance(statement, ops.Import))
        return any((statement.module or statement.names[0].name).startswith(_ASYNC) for statement in imports)

    @cached_property
    def lookalikes(self) -> bool:
        """Whether a class that is no session has a method `query`."""
        return any("query" in facts.methods and not self._inherits(id, "Session") for id, facts in self._classes())

    @cached_property
    def query_classes(self) -> bool:
        """Whether a class of the program overrides what `Query` does."""
        return any(_CHANGING & facts.methods.keys() and self._inherits(id, "Query") for id, facts in self._classes())

    @cached_property
    def mocked(self) -> str:
        """Where a test says what `query().get()` is to return, as `file:row`; empty if none does."""
        names = self.program.names
        for function in names.mentioning(_GIVING, sorted(self.program.files)):
            if not {"query", "get"} <= {name for _, name in names.mentions(function)}:
                continue
            for node in walk(*self.program.function(function).body):
                if isinstance(node, ops.Attribute) and node.name in _GIVING:
                    parts = dotted(node).replace("()", "").split(".")
                    if "query" in parts and "get" in parts[parts.index("query") :]:
                        return f"{function.file}:{node.at.row}"
        return ""

    @cached_property
    def is_flask_changed(self) -> bool:
        """Whether Flask-SQLAlchemy is told which sessions or queries to make."""
        told = ("query_class", "session_options")
        return any(keyword.name in told for call in self._calls(told) for keyword in call.keywords)

    def objection(self, function: FunctionId, session: Expr) -> Refusal | None:
        """Why `get()` may be another than SQLAlchemy's on a session of this program, or its query's; None if it is not."""
        if (not self._is_changed and not self._wraps) or self._is_plain(function, session):
            return None
        if not self._is_changed and self._is_said_to_be_one(function, session):
            return None
        return Refusal("own-session", "the program has a session or query class with a `get()` of its own, and this may be one")

    @cached_property
    def _wraps(self) -> bool:
        """Whether a class that is no session hands `query()` on to one, and nobody knows what its own `get()` would do."""
        return any("query" in facts.methods and not self._inherits(id, "Session") and self._hands_on(id) for id, facts in self._classes())

    def _hands_on(self, owner: ClassId) -> bool:
        method = self.program.method(owner, "query")
        body = walk(*self.program.function(method).body) if method is not None else ()
        return any(isinstance(node, ops.Attribute) and node.name == "query" for node in body)

    def _is_said_to_be_one(self, function: FunctionId, session: Expr) -> bool:
        """Whether it is a parameter that is annotated as one of SQLAlchemy's sessions."""
        facts = self.program.function(function)
        if not isinstance(session, ops.Name) or list(self._bound_to(function, session.id)) != [None]:
            return False
        said = [parameter.annotation for parameter in facts.parameters if parameter.name == session.id]
        found = self.program.annotation_class(function, said[0]) if said else None
        return isinstance(found, External) and found.name.startswith("sqlalchemy.")

    @cached_property
    def _is_changed(self) -> bool:
        subclasses = (_CHANGING & facts.methods.keys() and self._inherits(id, "Session") for id, facts in self._classes())
        return any(subclasses) or self.query_classes or any(map(self._sets_query, self._calls(_QUERY_KEYWORDS)))

    def _calls(self, keywords: Collection[str]) -> Iterator[ops.Call]:
        """The program's calls that may have one of the keywords, and others."""
        functions = (facts for file in self.program.files.values() for facts in file.facts.functions)
        asked = (facts for facts in functions if any(map(facts.may_say, keywords)))
        return (node for facts in asked for node in walk(*facts.body) if isinstance(node, ops.Call))

    def _sets_query(self, call: ops.Call) -> bool:
        return any(keyword.name in _QUERY_KEYWORDS for keyword in call.keywords)

    def _classes(self) -> list[tuple[ClassId, ClassFacts]]:
        files = self.program.files.items()
        return [(ClassId(name, index), facts) for name, file in files for index, facts in enumerate(file.facts.classes)]

    def _inherits(self, id: ClassId, word: str) -> bool:
        return any(isinstance(base, External) and base.name.rpartition(".")[2].endswith(word) for base in self.program.mro(id))

    def _is_plain(self, function: FunctionId, session: Expr) -> bool:
        """Whether a session is known to be made by a factory that changes nothing."""
        found = self.program.resolve(function, session)
        if found is not None:
            return self._is_plain_symbol(found)
        if not isinstance(session, ops.Name):
            return False
        bound = list(self._bound_to(function, session.id))
        return bool(bound) and all(isinstance(value, ops.Call) and self._makes_plain(function, value) for value in bound)

    def _bound_to(self, function: FunctionId, name: str) -> list[Expr | None]:
        """Everything that a local name is bound to; None for what is not followed."""
        facts = self.program.function(function)
        found: list[Expr | None] = [None for parameter in facts.parameters if parameter.name == name]
        for node in walk(*facts.body):
            match node:
                case ops.WithItem(context=value, target=ops.Name(id=bound)) if bound == name:
                    found.append(value)
                case ops.Assign(targets=targets, value=value) if any(isinstance(t, ops.Name) and t.id == name for t in targets):
                    found.append(value)
                case ops.For(target=ops.Name(id=bound)) if bound == name:
                    found.append(None)
                case _:
                    pass
        return found

    def _makes_plain(self, function: FunctionId, call: ops.Call) -> bool:
        """`Factory()`, `Session(engine)`, `Factory.begin()`."""
        func = call.func.value if isinstance(call.func, ops.Attribute) and call.func.name == "begin" else call.func
        if self._sets_query(call):
            return False
        found = self.program.resolve(function, func)
        return found is not None and self._is_plain_symbol(found)

    def _is_plain_symbol(self, symbol: Symbol) -> bool:
        match symbol:
            case External(name=name):
                return name.startswith("sqlalchemy.") or (name.startswith("flask_sqlalchemy.") and not self.is_flask_changed)
            case VariableSymbol():
                made = self.program.assignments(symbol)
                return bool(made) and all(isinstance(v, ops.Call) and self._is_plain_factory(f, v) for f, v, _ in made)
            case ClassSymbol():
                return False
            case _:
                return False

    def _is_plain_factory(self, function: FunctionId, call: ops.Call) -> bool:
        """`sessionmaker(engine)`, `scoped_session(factory)`."""
        if self._sets_query(call) or any(keyword.name in {"class_", None} for keyword in call.keywords):
            return False
        found = self.program.resolve(function, call.func)
        if not isinstance(found, External) or not found.name.startswith("sqlalchemy."):
            return False
        if found.name.endswith(".scoped_session"):
            return len(call.args) > 0 and self._makes_plain(function, ops.Call(call.at, call.args[0], (), ()))
        return True
