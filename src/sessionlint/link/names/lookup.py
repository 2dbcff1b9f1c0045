"""What a name or a chain of attributes stands for at a place in the program. Entry points: `Names.lookup`, `Names.resolve`."""

from __future__ import annotations

import builtins
from collections.abc import Mapping

from sessionlint.facts import FileFacts, ops
from sessionlint.facts.ops import Expr
from sessionlint.knowledge import canonical
from sessionlint.knowledge.sqlalchemy.constructs import STAR_NAMES
from sessionlint.link.imports import ModuleFinder
from sessionlint.link.names.bodies import Bodies
from sessionlint.link.names.tables import Assigned, Binding, Defined, Imported
from sessionlint.link.names.walk import text
from sessionlint.link.symbols import ClassId, ClassSymbol, External, FunctionId, FunctionSymbol, ModuleSymbol, Symbol, VariableSymbol
from sessionlint.source import SourceFile

_BUILTINS = frozenset(dir(builtins)) | {"ExceptionGroup", "BaseExceptionGroup", "anext", "aiter"}
_GENERIC_ROOTS = ("sqlalchemy.", "sqlmodel.", "typing.", "collections.", "builtins.", "contextlib.")
_LOWER_CASE_CLASSES = frozenset({"sqlalchemy.orm.sessionmaker", "sqlalchemy.ext.asyncio.async_sessionmaker", "sqlalchemy.orm.registry",
                                 "sqlalchemy.orm.scoped_session", "sqlalchemy.ext.asyncio.async_scoped_session"})  # fmt: skip
LIMIT = 8
"""How many aliases are followed from one to the next before the search is given up."""


class Names(Bodies):
    """The scopes of all files."""

    def __init__(self, files: Mapping[str, tuple[SourceFile, FileFacts]]) -> None:
        super().__init__({name: facts for name, (_, facts) in files.items()})
        self.sources = {name: source for name, (source, _) in files.items()}
        self.finder = ModuleFinder(self.sources)
        self._exports: dict[tuple[str, str], Symbol | None] = {}
        self._globals: dict[str, dict[str, list[tuple[FunctionId, Assigned]]]] = {}
        self._instances: dict[VariableSymbol, Symbol | None] = {}
        self._aliases: dict[VariableSymbol, Symbol] = {}

    # -- names ----------------------------------------------------------------------------------------------------

    def lookup(self, function: FunctionId, name: str) -> Symbol | None:
        """What `name` means inside `function`; None for a local variable or parameter and for what is unknown."""
        here: FunctionId | None = function
        while here is not None and here.index != 0:
            own = self.of_body(here)
            binding = self.bindings(here).names.get(name) if name in own.defined else None
            if isinstance(binding, Imported | Defined):
                return self._symbol_of(here, name, binding)
            if name not in own.declared and self.is_local(here, name):
                return None
            here = self.parent(here)
        return self.global_name(function.file, name)

    def global_name(self, file: str, name: str) -> Symbol | None:
        """What `name` means at the top level of `file`, builtins included."""
        found = self.export(file, name)
        if found is None and name in _BUILTINS:
            return External(f"builtins.{name}")
        return found

    def lookup_in_class(self, id: ClassId, name: str) -> Symbol | None:
        """What `name` means in the body of the class: its own functions, classes and imports, then the scopes around it."""
        table = self.class_table(id)
        if name in table.classes:
            return ClassSymbol(ClassId(id.file, table.classes[name]))
        if name in table.imports:
            return self._symbol_of(self.class_parent(id), name, table.imports[name])
        return self.lookup(self.class_parent(id), name)

    def _symbol_of(self, function: FunctionId, name: str, binding: Binding) -> Symbol | None:
        match binding:
            case Defined(index=index, is_class=True):
                return ClassSymbol(ClassId(function.file, index))
            case Defined(index=index):
                return FunctionSymbol(FunctionId(function.file, index))
            case Imported():
                found = self._imported(function.file, binding)
                other = self.bindings(function).fallbacks.get(name)
                if isinstance(found, External) and isinstance(other, Imported):
                    second = self._imported(function.file, other)
                    return found if second is None or isinstance(second, External) else second
                return found
            case Assigned():
                return VariableSymbol(function.file, name)

    def _imported(self, file: str, binding: Imported) -> Symbol | None:
        module, is_ours = self.finder.find(file, binding.module, binding.level)
        if not binding.name:
            return ModuleSymbol(module) if is_ours else External(canonical(module))
        if not is_ours:
            return External(canonical(f"{module}.{binding.name}"))
        return self.member_of_module(module, binding.name)

    def member_of_module(self, module: str, name: str) -> Symbol | None:
        """An attribute of a module of the program: what it binds, else its submodule of that name."""
        file = self.finder.file_of.get(module)
        found = self.export(file, name) if file is not None else None
        submodule = f"{module}.{name}"
        if found is None and self.finder.knows(submodule):
            return ModuleSymbol(submodule)
        return found

    # -- module level ---------------------------------------------------------------------------------------------

    def declare_globals(self, file: str, found: dict[str, list[tuple[FunctionId, Assigned]]]) -> None:
        """Tell what functions of `file` assign to names that they declare global."""
        self._globals[file] = found

    def export(self, file: str, name: str) -> Symbol | None:
        """What a top-level name of `file` stands for; None where the file does not bind it."""
        key = (file, name)
        if key in self._exports:
            return self._exports[key]
        self._exports[key] = None  # what an import cycle sees
        found = self._export(file, name)
        self._exports[key] = found
        return found

    def _export(self, file: str, name: str) -> Symbol | None:
        body = FunctionId(file, 0)
        table = self.bindings(body)
        binding = table.names.get(name)
        if binding is not None:
            return self._symbol_of(body, name, binding)
        if name in self._globals.get(file, {}):
            return VariableSymbol(file, name)
        for star in reversed(table.stars):
            found = self._through_star(file, star, name)
            if found is not None:
                return found
        return None

    def _through_star(self, file: str, star: Imported, name: str) -> Symbol | None:
        module, is_ours = self.finder.find(file, star.module, star.level)
        origin = self.finder.file_of.get(module)
        if not is_ours or origin is None:
            return External(canonical(f"{module}.{name}")) if not is_ours and name in STAR_NAMES.get(module, ()) else None
        listed = self.listed(origin)
        if name.startswith("_") if listed is None else name not in listed:
            return None
        return self.member_of_module(module, name)

    def listed(self, file: str) -> tuple[str, ...] | None:
        """The strings of the file's `__all__`, None where it has none (or one that cannot be read)."""
        assigned = self.bindings(FunctionId(file, 0)).assigned.get("__all__")
        if not assigned:
            return None
        found: list[str] = []
        for statement in self.facts[file].functions[0].body:
            match statement:
                case ops.Assign(targets=(ops.Name(id="__all__"), *_), value=ops.Display(items=items)):
                    found = [text(item) for item in items]
                case ops.AugAssign(target=ops.Name(id="__all__"), value=ops.Display(items=items)):
                    found += [text(item) for item in items]
                case _:
                    pass
        return tuple(found) or None

    def module_bindings(self, file: str) -> dict[str, Symbol]:
        """All top-level names of `file`, sorted, those of star imports included."""
        found: dict[str, Symbol] = {}
        for name in sorted(self._top_level(file, set())):
            symbol = self.export(file, name)
            if symbol is not None:
                found[name] = symbol
        return found

    def _top_level(self, file: str, seen: set[str]) -> set[str]:
        if file in seen or not self.facts[file].functions:
            return set()
        seen.add(file)
        table = self.bindings(FunctionId(file, 0))
        names = set(table.names) | set(self._globals.get(file, {}))
        for star in table.stars:
            module, is_ours = self.finder.find(file, star.module, star.level)
            origin = self.finder.file_of.get(module)
            if is_ours and origin is not None:
                listed = self.listed(origin)
                names |= set(listed) if listed is not None else {n for n in self._top_level(origin, seen) if not n.startswith("_")}
        return names

    # -- chains ---------------------------------------------------------------------------------------------------

    def resolve(self, function: FunctionId, expression: Expr, depth: int = 0) -> Symbol | None:
        """What a name or chain of attributes means inside `function`; aliases made by plain module-level assignments are followed."""
        match expression:
            case ops.Name(id=name):
                return self.follow(self.lookup(function, name), depth)
            case ops.Attribute(value=value, name=name):
                return self.member(self.resolve(function, value, depth), name, depth)
            case ops.Subscript(value=value):
                return _generic(self.resolve(function, value, depth))
            case _:
                return None

    def resolve_in_class(self, id: ClassId, expression: Expr, depth: int = 0) -> Symbol | None:
        """As `resolve`, for an expression in the body of a class or among its decorators and bases."""
        match expression:
            case ops.Name(id=name):
                return self.follow(self.lookup_in_class(id, name), depth)
            case ops.Attribute(value=value, name=name):
                return self.member(self.resolve_in_class(id, value, depth), name, depth)
            case ops.Subscript(value=value):
                return _generic(self.resolve_in_class(id, value, depth))
            case _:
                return None

    def member(self, symbol: Symbol | None, name: str, depth: int = 0) -> Symbol | None:
        """The attribute `name` of what `symbol` stands for."""
        match symbol:
            case ModuleSymbol(name=module):
                return self.follow(self.member_of_module(module, name), depth)
            case External(name=owner):
                return External(canonical(f"{owner}.{name}"))
            case ClassSymbol(id=id):
                return self.member_of_class(id, name, depth)
            case VariableSymbol():
                instance = self.instance_of(symbol)
                return External(canonical(f"{instance.name}.{name}")) if isinstance(instance, External) else None
            case _:
                return None

    def member_of_class(self, id: ClassId, name: str, depth: int = 0) -> Symbol | None:
        """A nested class, method or alias in the class's own body or that of its bases."""
        if depth > LIMIT:
            return None
        table = self.class_table(id)
        if name in table.classes:
            return ClassSymbol(ClassId(id.file, table.classes[name]))
        if name in table.functions:
            return FunctionSymbol(FunctionId(id.file, self.getter(id, name)))
        assigned = table.assigned.get(name)
        if assigned is not None:
            value = assigned.value
            return self.resolve_in_class(id, value, depth + 1) if isinstance(value, ops.Name | ops.Attribute) else None
        for base in self.facts[id.file].classes[id.index].bases:
            parent = self.resolve_in_class_scope(id, base)
            found = self.member_of_class(parent.id, name, depth + 1) if isinstance(parent, ClassSymbol) and parent.id != id else None
            if found is not None:
                return found
        return None

    def resolve_in_class_scope(self, id: ClassId, expression: Expr) -> Symbol | None:
        """As `resolve`, in the scope in which the `class` statement itself stands (bases, decorators, keywords)."""
        owner = self.facts[id.file].classes[id.index].owner
        if owner >= 0:
            return self.resolve_in_class(ClassId(id.file, owner), expression)
        return self.resolve(self.class_parent(id), expression)

    # -- variables ------------------------------------------------------------------------------------------------

    def assignments(self, variable: VariableSymbol) -> list[tuple[FunctionId, Assigned]]:
        """Everything that is assigned to a module's variable, at its top level and in functions that declare it global."""
        body = FunctionId(variable.file, 0)
        own = [(body, assigned) for assigned in self.bindings(body).assigned.get(variable.name, ())]
        return own + self._globals.get(variable.file, {}).get(variable.name, [])

    def value_of(self, variable: VariableSymbol) -> tuple[FunctionId, Expr] | None:
        """The one expression that is assigned to a module's variable (`None` does not count); None where there is none, or several."""
        found = [
            (function, assigned.value)
            for function, assigned in self.assignments(variable)
            if not (
                assigned.is_plain
                and (assigned.value is None or (isinstance(assigned.value, ops.Constant) and assigned.value.value is None))
            )
        ]
        if len(found) != 1 or found[0][1] is None:
            return None
        return found[0][0], found[0][1]

    def follow(self, symbol: Symbol | None, depth: int = 0) -> Symbol | None:
        """The symbol behind a variable that is only another name for it (`X = other.name`)."""
        if not isinstance(symbol, VariableSymbol) or depth > LIMIT:
            return symbol
        known = self._aliases.get(symbol)
        if known is not None:
            return known
        self._aliases[symbol] = symbol
        found = self.value_of(symbol)
        if found is not None and isinstance(found[1], ops.Name | ops.Attribute):
            self._aliases[symbol] = self.resolve(found[0], found[1], depth + 1) or symbol
        return self._aliases[symbol]

    def instance_of(self, variable: VariableSymbol) -> Symbol | None:
        """The class (or external constructor) of which a module's variable is made by one call: `db = SQLAlchemy(app)`."""
        if variable in self._instances:
            return self._instances[variable]
        self._instances[variable] = None
        self._instances[variable] = self._instance_of(variable)
        return self._instances[variable]

    def _instance_of(self, variable: VariableSymbol) -> Symbol | None:
        found = self.value_of(variable)
        if found is None or not isinstance(found[1], ops.Call):
            return None
        made = self.resolve(found[0], found[1].func)
        if isinstance(made, ClassSymbol):
            return made if not (outer := self._external_base(made.id)) else outer
        if isinstance(made, External) and is_constructor(made.name):
            return made
        return None

    def _external_base(self, id: ClassId) -> External | None:
        """`class Database(SQLAlchemy)`: its instances have the names of the library's class."""
        for base in self.facts[id.file].classes[id.index].bases:
            found = self.resolve_in_class_scope(id, base)
            if isinstance(found, External) and found.name == "flask_sqlalchemy.SQLAlchemy":
                return found
        return None


def is_constructor(name: str) -> bool:
    """Whether an external name looks like a class, so that calling it makes an instance."""
    return name.rpartition(".")[2][:1].isupper() or name in _LOWER_CASE_CLASSES


def _generic(symbol: Symbol | None) -> Symbol | None:
    """What `symbol[...]` stands for where it is a generic class; a look-up in a mapping stands for nothing."""
    if isinstance(symbol, ClassSymbol):
        return symbol
    if isinstance(symbol, External) and (symbol.name.startswith(_GENERIC_ROOTS) or is_constructor(symbol.name)):
        return symbol
    return None
