"""Generic types: which hold others, and which only wrap what they are given."""

from __future__ import annotations

from sessionlint.knowledge.words import words

_LISTS = """builtins.list typing.List typing.Sequence typing.MutableSequence typing.Collection typing.Iterable typing.Deque
collections.deque collections.abc.Sequence collections.abc.MutableSequence collections.abc.Collection collections.abc.Iterable
sqlalchemy.orm.collections.InstrumentedList sqlalchemy.orm.InstrumentedList"""
_SETS = """builtins.set builtins.frozenset typing.Set typing.FrozenSet typing.AbstractSet typing.MutableSet collections.abc.Set
collections.abc.MutableSet sqlalchemy.orm.collections.InstrumentedSet"""
_DICTS = """builtins.dict typing.Dict typing.Mapping typing.MutableMapping typing.DefaultDict typing.OrderedDict collections.defaultdict
collections.OrderedDict collections.abc.Mapping collections.abc.MutableMapping sqlalchemy.orm.collections.MappedCollection
sqlalchemy.orm.MappedCollection sqlalchemy.orm.KeyFuncDict"""
_ITERATORS = """typing.Iterator collections.abc.Iterator typing.ContextManager typing.AbstractContextManager
contextlib.AbstractContextManager"""
_ASYNC_ITERATORS = """typing.AsyncIterator typing.AsyncIterable typing.AsyncGenerator typing.AsyncContextManager
contextlib.AbstractAsyncContextManager collections.abc.AsyncIterator collections.abc.AsyncIterable collections.abc.AsyncGenerator"""

CONTAINERS: dict[str, tuple[str, int]] = {
    **dict.fromkeys(sorted(words(_LISTS)), ("list", 0)),
    **dict.fromkeys(sorted(words(_SETS)), ("set", 0)),
    **dict.fromkeys(sorted(words(_DICTS)), ("dict", 1)),
    **dict.fromkeys(sorted(words(_ITERATORS)), ("iterator", 0)),
    **dict.fromkeys(sorted(words(_ASYNC_ITERATORS)), ("async-iterator", 0)),
    "builtins.tuple": ("tuple", 0),
    "typing.Tuple": ("tuple", 0),
    "typing.Generator": ("generator", 0),
    "collections.abc.Generator": ("generator", 0),
    "typing.Awaitable": ("awaitable", 0),
    "typing.Coroutine": ("awaitable", 2),
    "collections.abc.Awaitable": ("awaitable", 0),
    "collections.abc.Coroutine": ("awaitable", 2),
    "typing.Callable": ("callable", 1),
    "collections.abc.Callable": ("callable", 1),
    "typing.Type": ("type", 0),
    "builtins.type": ("type", 0),
}
"""What a generic type is, and which of its arguments is the element (a mapping's value, a callable's result)."""

TRANSPARENT = frozenset(
    {
        "typing.ClassVar",
        "typing.Final",
        "typing.Required",
        "typing.NotRequired",
        "typing.ReadOnly",
        "sqlalchemy.orm.Mapped",
        "sqlalchemy.orm.DynamicMapped",
        "sqlalchemy.orm.WriteOnlyMapped",
    }
)
"""`X[T]` says of a value what `T` says."""
