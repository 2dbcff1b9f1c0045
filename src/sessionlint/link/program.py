"""All files of a program linked together: the one thing that `solve`, `check` and `rewrite` ask what a name means.

`linking.py` makes it. What its methods answer is worked out in `names/` (names, classes, annotations) and `dotted.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sessionlint.facts import ClassFacts, FileFacts, FunctionFacts
from sessionlint.facts.ops import Call, Expr
from sessionlint.link.dotted import Dotting
from sessionlint.link.models import Model
from sessionlint.link.names.annotations import AnnotationMeaning, Annotations
from sessionlint.link.names.hierarchy import Hierarchy
from sessionlint.link.names.lookup import Names
from sessionlint.link.symbols import ClassId, External, FunctionId, ModuleSymbol, Symbol, VariableSymbol
from sessionlint.link.web.kept import KeptSession
from sessionlint.link.web.templates import Templates, UserRead

if TYPE_CHECKING:
    from sessionlint.link.web.applications import Applications
from sessionlint.source import Location, Range, SourceFile


@dataclass(frozen=True, slots=True)
class Module:
    """A file of the program and what its top-level names stand for."""

    source: SourceFile
    facts: FileFacts
    bindings: dict[str, Symbol]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a function that hands out sessions (`@contextmanager`, `__enter__`/`__exit__`) does when it is left, read from its body.

    `errors` is `same` (an exception passes unchanged), `translated` (another is raised in its place) or `swallowed`; `is_request_bound`
    says that it needs a request or application context (it reaches for `g`, `current_app`, `request`, `session`); `is_shared` that an inner
    scope gets the session of the outer one, where `is_of_object` says that each object of the class has a session of its own; `begins` that
    the transaction is a context manager of its own (`with session.begin():`), in which nobody else may end it.
    """

    function: FunctionId
    qualname: str
    is_async: bool
    commits: bool
    rolls_back: bool
    closes: bool
    expires: bool
    errors: str
    is_request_bound: bool
    is_shared: bool
    is_of_object: bool = False
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Acquisition:
    """A call of a configured acquirer (`db_manager.get_session()`); `dotted` is how it is reached with aliases resolved."""

    at: Location
    function: FunctionId
    dotted: str
    acquirer: str


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """A function that a framework calls. `kind` is `route`, `dependency`, `task`, `page`, `user_loader`, `teardown`,
    `command`, `template_filter`, …"""

    function: FunctionId
    kind: str
    framework: str
    at: Location


@dataclass(frozen=True, slots=True)
class Program:
    """The linked program. Look-ups never fail: what is not known is None.

    `modules` are by dotted name; `scopes` by the function that hands out the session; `default_expiry` is whether a session of
    which nothing else is known expires its instances on commit: not where a factory of the program has `expire_on_commit=False`;
    `default_autoflush` likewise. `route_calls` are the calls that add routes and routers by hand.
    """

    files: dict[str, Module]
    modules: dict[str, Module]
    models: dict[ClassId, Model]
    scopes: dict[FunctionId, Scope]
    acquisitions: tuple[Acquisition, ...]
    entry_points: dict[FunctionId, tuple[EntryPoint, ...]]
    default_expiry: bool
    default_autoflush: bool
    identity_keys: frozenset[str]
    requires_reasons: bool
    names: Names = field(repr=False)
    hierarchy: Hierarchy = field(repr=False)
    annotations: Annotations = field(repr=False)
    dotting: Dotting = field(repr=False)
    templates: Templates = field(repr=False)
    applications: Applications = field(repr=False)
    user_reads: tuple[UserRead, ...] = ()
    unended_sessions: tuple[KeptSession, ...] = ()
    route_calls: tuple[tuple[FunctionId, Call], ...] = ()

    def function(self, id: FunctionId) -> FunctionFacts:
        """The facts of a function."""
        return self.names.function(id)

    def class_(self, id: ClassId) -> ClassFacts:
        """The facts of a class."""
        return self.files[id.file].facts.classes[id.index]

    def location(self, file: str, range: Range) -> Location:
        """A range of `file` as a location."""
        return Location(file, range)

    # -- names ----------------------------------------------------------------------------------------------------

    def lookup(self, function: FunctionId, name: str) -> Symbol | None:
        """What a plain name means inside `function`: what it imports or defines itself, then the functions around it, the module, builtins.

        None for a parameter or local variable, and for what is unknown. A variable stays a variable, even one that only renames something.
        """
        return self.names.lookup(function, name)

    def resolve(self, function: FunctionId, expr: Expr) -> Symbol | None:
        """What a name or chain of attributes means inside `function`, variables that only rename something followed.

        The attributes of a variable that is made by an external class are External (`db.session` of `db = SQLAlchemy()` is
        `flask_sqlalchemy.SQLAlchemy.session`); a subscripted generic class is that class.
        """
        return self.names.resolve(function, expr)

    def resolve_in_class(self, id: ClassId, expr: Expr) -> Symbol | None:
        """As `resolve`, in the body of a class."""
        return self.names.resolve_in_class(id, expr)

    def assignments(self, variable: VariableSymbol) -> tuple[tuple[FunctionId, Expr | None, Expr | None], ...]:
        """Everything assigned to a module's variable: the function it is done in (the module's body, or one that declares it
        global), the value (None where it is unpacked or a loop's), and the annotation."""
        return tuple((function, assigned.value, assigned.annotation) for function, assigned in self.names.assignments(variable))

    def instance_of(self, variable: VariableSymbol) -> Symbol | None:
        """The class of the program, or external one, whose call is the only thing assigned to a module's variable."""
        return self.names.instance_of(variable)

    def dotted(self, function: FunctionId, expr: Expr) -> str:
        """The canonical dotted text of an expression, aliases and single assignments followed: what configured names are compared with."""
        return self.dotting.dotted(function, expr)

    def spellings(self, function: FunctionId, expr: Expr) -> tuple[str, ...]:
        """Every dotted text by which an expression may be known, the one that is written first, the canonical one last."""
        return self.dotting.spellings(function, expr)

    # -- classes --------------------------------------------------------------------------------------------------

    def mro(self, id: ClassId) -> tuple[Symbol, ...]:
        """The class and everything it inherits from (classes of the program and externals), in Python's order."""
        return self.hierarchy.mro(id)

    def model_lineage(self, id: ClassId) -> tuple[ClassId, ...]:
        """The class and the program's classes above it, nearest first."""
        return tuple(self.hierarchy.ancestors(id))

    def are_related(self, one: ClassId, other: ClassId) -> bool:
        """Whether the classes are the same, or one inherits from the other."""
        return one in self.hierarchy.ancestors(other) or other in self.hierarchy.ancestors(one)

    def method(self, id: ClassId, name: str) -> FunctionId | None:
        """The function that is called `name` on the class, through the MRO (the getter of a property)."""
        return self.hierarchy.method(id, name)

    def class_attribute(self, id: ClassId, name: str) -> tuple[ClassId, Expr | None, Expr | None] | None:
        """The class whose body assigns or annotates `name`, through the MRO, with the value and the annotation."""
        return self.hierarchy.class_attribute(id, name)

    def subclasses(self, id: ClassId) -> tuple[ClassId, ...]:
        """Every class of the program below this one, nearest first."""
        return self.hierarchy.subclasses(id)

    # -- annotations ----------------------------------------------------------------------------------------------

    def annotation(self, function: FunctionId, annotation: Expr | None) -> AnnotationMeaning:
        """What an annotation of a parameter, result or variable of `function` says."""
        return self.annotations.meaning(function, annotation)

    def annotation_class(self, function: FunctionId, annotation: Expr | None) -> Symbol | None:
        """The class that an annotation names, `Optional`, `Annotated`, `Mapped` and quotes taken away; None for containers."""
        return self.annotations.meaning(function, annotation).symbol

    def annotation_element(self, function: FunctionId, annotation: Expr | None) -> Symbol | None:
        """The class of which an annotated container holds instances."""
        element = self.annotations.meaning(function, annotation).element
        return element.symbol if element is not None else None

    def annotation_in_class(self, id: ClassId, annotation: Expr | None) -> AnnotationMeaning:
        """What an annotation in the body of a class says."""
        return self.annotations.meaning_in_class(id, annotation)

    # -- functions ------------------------------------------------------------------------------------------------

    def owner_of(self, function: FunctionId) -> ClassId | None:
        """The class in whose body a function is defined."""
        owner = self.function(function).owner
        return ClassId(function.file, owner) if owner >= 0 else None

    def decorator_names(self, function: FunctionId) -> frozenset[str]:
        """The canonical names of a function's decorators that are not part of the program."""
        found = set()
        for decorator in self.function(function).decorators:
            symbol = self.resolve(function, decorator.func if isinstance(decorator, Call) else decorator)
            if isinstance(symbol, External):
                found.add(symbol.name)
        return frozenset(found)

    def member(self, module: str, name: str) -> Symbol | None:
        """What `module.name` stands for: a top-level name of a module, or a module below it."""
        found = self.modules.get(module)
        if found is not None and name in found.bindings:
            return found.bindings[name]
        below = f"{module}.{name}"
        return ModuleSymbol(below) if below in self.modules else None
