"""What an annotation says a value is. Entry points: `Annotations.meaning`, `AnnotationMeaning`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.knowledge.containers import CONTAINERS, TRANSPARENT
from sessionlint.link.names.hierarchy import Hierarchy
from sessionlint.link.names.lookup import LIMIT, Names
from sessionlint.link.names.walk import argument, text
from sessionlint.link.symbols import ClassId, ClassSymbol, External, FunctionId, Symbol, VariableSymbol


@dataclass(frozen=True, slots=True)
class AnnotationMeaning:
    """What an annotation names.

    `symbol` is the class, None for a container, a union of several classes and what is unknown. `container` is `list`, `set`,
    `tuple`, `dict`, `iterator`, `generator`, `async-iterator`, `awaitable`, `callable`, `type` or empty, and `element` what it
    holds (a dict's values, a callable's result). `metadata` are the further arguments of `Annotated`, and `scopes` the function in which
    each of them is written (an alias's is its module's body). `wrapper` is the `Mapped`, `DynamicMapped` or `WriteOnlyMapped` it stood in.
    """

    symbol: Symbol | None = None
    container: str = ""
    element: AnnotationMeaning | None = None
    metadata: tuple[Expr, ...] = ()
    scopes: tuple[FunctionId, ...] = ()
    is_optional: bool = False
    wrapper: str = ""
    alternatives: tuple[AnnotationMeaning, ...] = ()


NOTHING = AnnotationMeaning()
_NONE = AnnotationMeaning(External("builtins.None"))
_SPECIAL = frozenset({"typing.Union", "typing.Optional", "typing.Annotated", "typing.Literal"})


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an annotation stands: in a function's scope, or in a class body."""

    function: FunctionId
    class_: ClassId | None = None


class Annotations:
    """Reads annotations against a program's names."""

    def __init__(self, names: Names, hierarchy: Hierarchy) -> None:
        self._names = names
        self._hierarchy = hierarchy

    def meaning(self, function: FunctionId, annotation: Expr | None) -> AnnotationMeaning:
        """What an annotation of a parameter, result or variable of `function` means."""
        return self._read(_Place(function), annotation, 0)

    def meaning_in_class(self, id: ClassId, annotation: Expr | None) -> AnnotationMeaning:
        """What an annotation in the body of a class means."""
        return self._read(_Place(self._names.class_parent(id), id), annotation, 0)

    def _resolve(self, place: _Place, expression: Expr) -> Symbol | None:
        if place.class_ is not None:
            return self._names.resolve_in_class(place.class_, expression)
        found = self._names.resolve(place.function, expression)
        owner = self._names.function(place.function).owner
        if found is None and owner >= 0:  # the class body around a method, then what the method's own variables hide
            return self._names.resolve_in_class(ClassId(place.function.file, owner), expression)
        if found is None and (parent := self._names.parent(place.function)) is not None:
            return self._names.resolve(parent, expression)
        return found

    def _read(self, place: _Place, annotation: Expr | None, depth: int) -> AnnotationMeaning:
        if annotation is None or depth > LIMIT:
            return NOTHING
        match annotation:
            case ops.Constant(value=None):
                return _NONE
            case ops.Constant():
                return self._read(place, _parsed(text(annotation), annotation), depth + 1)
            case ops.Name() | ops.Attribute():
                return self._named(place, annotation, depth)
            case ops.Other(kind="|", parts=parts):
                return self._union(place, parts, depth)
            case ops.Subscript(value=value, index=index):
                arguments = index.items if isinstance(index, ops.Display) and index.kind == "tuple" else (index,)
                return self._generic(place, value, arguments, depth)
            case _:
                return NOTHING

    def _named(self, place: _Place, annotation: Expr, depth: int) -> AnnotationMeaning:
        symbol = self._resolve(place, annotation)
        if isinstance(symbol, VariableSymbol):
            found = self._names.value_of(symbol)
            if found is not None and isinstance(found[1], ops.Subscript | ops.Other | ops.Constant):
                return self._read(_Place(found[0]), found[1], depth + 1)
            if found is not None and (base := self._new_type(*found)) is not None:
                return self._read(_Place(found[0]), base, depth + 1)
            return AnnotationMeaning(symbol)
        if isinstance(symbol, External) and symbol.name in CONTAINERS:
            return AnnotationMeaning(None, CONTAINERS[symbol.name][0], NOTHING)
        return AnnotationMeaning(symbol) if symbol is not None else NOTHING

    def _new_type(self, function: FunctionId, value: Expr) -> Expr | None:
        """The type that `NewType(name, type)` is at run time."""
        if not isinstance(value, ops.Call) or self._names.resolve(function, value.func) != External("typing.NewType"):
            return None
        return argument(value, 1, "tp")

    def _union(self, place: _Place, parts: tuple[Expr, ...], depth: int) -> AnnotationMeaning:
        read = [self._read(place, part, depth + 1) for part in parts]
        is_optional = any(meaning == _NONE or meaning.is_optional for meaning in read)
        flat = [inner for meaning in read if meaning != _NONE for inner in (meaning.alternatives or (meaning,))]
        if len(flat) == 1:
            return replace(flat[0], is_optional=is_optional or flat[0].is_optional)
        return AnnotationMeaning(is_optional=is_optional, alternatives=tuple(flat))

    def _generic(self, place: _Place, value: Expr, arguments: tuple[Expr, ...], depth: int) -> AnnotationMeaning:
        symbol = self._resolve(place, value)
        name = symbol.name if isinstance(symbol, External) else ""
        if not arguments:
            return AnnotationMeaning(None, CONTAINERS[name][0], NOTHING) if name in CONTAINERS else NOTHING
        if name in _SPECIAL:
            return self._special(place, name, arguments, depth)
        if name in TRANSPARENT:
            inner = self._read(place, arguments[0], depth + 1)
            return replace(inner, wrapper=name) if name.startswith("sqlalchemy.") else inner
        if name in CONTAINERS:
            container, position = CONTAINERS[name]
            if container == "tuple" and len(arguments) > 1 and not _is_ellipsis(arguments[1]):
                return AnnotationMeaning(
                    None, container, NOTHING, alternatives=tuple(self._read(place, item, depth + 1) for item in arguments)
                )
            given = arguments[position] if -len(arguments) <= position < len(arguments) else arguments[-1]
            return AnnotationMeaning(None, container, self._read(place, given, depth + 1))
        if isinstance(symbol, ClassSymbol | External):
            return AnnotationMeaning(symbol, element=self._read(place, arguments[0], depth + 1))
        return NOTHING

    def _special(self, place: _Place, name: str, arguments: tuple[Expr, ...], depth: int) -> AnnotationMeaning:
        if name == "typing.Literal":
            return NOTHING
        if name == "typing.Union":
            return self._union(place, arguments, depth)
        inner = self._read(place, arguments[0], depth + 1)
        if name == "typing.Optional":
            return replace(inner, is_optional=True)
        extra = arguments[1:]
        return replace(inner, metadata=(*inner.metadata, *extra), scopes=(*inner.scopes, *(place.function for _ in extra)))


def _is_ellipsis(expression: Expr) -> bool:
    return isinstance(expression, ops.Other) and not expression.parts


def _parsed(source: str, quoted: Expr) -> Expr | None:
    """The operations of an annotation in quotes; every part stands where the quotes stand."""
    return _Reader(source, quoted).read()


class _Reader:
    """A reader of the small grammar of annotations: dotted names, subscripts, `|`, tuples in brackets, nested quotes, None and `...`."""

    def __init__(self, source: str, quoted: Expr) -> None:
        self._tokens = _tokens(source)
        self._at = quoted.at

    def read(self) -> Expr | None:
        """The whole text, None where it is not an annotation."""
        found = self._alternatives()
        return None if self._tokens else found

    def _alternatives(self) -> Expr | None:
        parts = [self._single()]
        while self._tokens[:1] == ["|"]:
            self._tokens.pop(0)
            parts.append(self._single())
        known = tuple(part for part in parts if part is not None)
        if len(known) != len(parts):
            return None
        return known[0] if len(known) == 1 else ops.Other(self._at, "|", known)

    def _single(self) -> Expr | None:
        if not self._tokens:
            return None
        token = self._tokens.pop(0)
        if token == "[":
            return ops.Display(self._at, "list", self._until_bracket())
        found = self._atom(token)
        while found is not None and self._tokens[:1] == ["["]:
            self._tokens.pop(0)
            items = self._until_bracket()
            found = ops.Subscript(self._at, found, items[0] if len(items) == 1 else ops.Display(self._at, "tuple", items))
        return found

    def _atom(self, token: str) -> Expr | None:
        if token == "None":
            return ops.Constant(self._at, None)
        if token == "...":
            return ops.Other(self._at, "literal", ())
        if token[0] in "'\"":
            return ops.Constant(self._at, token[1:-1])
        first, *rest = token.split(".")
        if not all(part.isidentifier() for part in (first, *rest)):
            return None
        found: Expr = ops.Name(self._at, first)
        for part in rest:
            found = ops.Attribute(self._at, found, part, self._at)
        return found

    def _until_bracket(self) -> tuple[Expr, ...]:
        items: list[Expr] = []
        while self._tokens and self._tokens[0] != "]":
            item = self._alternatives()
            items.append(item if item is not None else ops.Other(self._at, "literal", ()))
            if self._tokens[:1] == [","]:
                self._tokens.pop(0)
            elif self._tokens and self._tokens[0] != "]":
                self._tokens.clear()
        if self._tokens:
            self._tokens.pop(0)
        return tuple(items)


def _tokens(source: str) -> list[str]:
    return [token for token in _TOKEN.findall(source) if token.strip()]


_TOKEN = re.compile(r"""\.\.\.|[\w.]+|"[^"]*"|'[^']*'|[\[\],|]|\S""")
