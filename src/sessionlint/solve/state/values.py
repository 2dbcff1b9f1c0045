"""What an expression can evaluate to. Values are immutable; whatever can change lives in the heap and is reached by a `Ref`."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from sessionlint.link.symbols import ClassId, FunctionId

Key: TypeAlias = tuple[object, ...]
"""Identity of something made at a place of the program in a calling context."""


class Unknown(msgspec.Struct, frozen=True, gc=False):
    """Anything; two reads of the same unknown are the same, so that conditions on it correlate."""

    key: Key


class Const(msgspec.Struct, frozen=True, gc=False):
    """None, a bool, an int or a short string."""

    value: str | int | bool | None


class Ref(msgspec.Struct, frozen=True, gc=False):
    """A reference to a heap object."""

    key: Key


class FunctionValue(msgspec.Struct, frozen=True, gc=False):
    """A function of the program; `env` are the variables of the function around it, `bound` its `self` (or `cls`), `owner` the class
    it was found in."""

    id: FunctionId
    env: Key | None = None
    bound: Value | None = None
    owner: ClassId | None = None


class ClassValue(msgspec.Struct, frozen=True, gc=False):
    """A class of the program."""

    id: ClassId


class ExternalValue(msgspec.Struct, frozen=True, gc=False):
    """Something outside the program, by canonical dotted name (`sqlalchemy.select`)."""

    name: str


class ModuleValue(msgspec.Struct, frozen=True, gc=False):
    """A module of the program."""

    name: str


class Method(msgspec.Struct, frozen=True, gc=False):
    """`receiver.name`, not yet called, where the receiver is something whose methods are modelled or unknown."""

    receiver: Value
    name: str


class MappedName(msgspec.Struct, frozen=True, gc=False):
    """`User.orders`: an attribute of a mapped class, as queries and loader options name it; `of_type` is a subclass it is narrowed to."""

    model: ClassId
    name: str
    of_type: ClassId | None = None


class OptionStep(msgspec.Struct, frozen=True, gc=False):
    """One step of a loader option: `strategy` is SQLAlchemy's function name, `name` an attribute or `*`; `flag` is `sql_only=True` of a
    `raiseload`, `raiseload=True` of a column option."""

    strategy: str
    name: str
    names: tuple[str, ...] = ()
    of_type: ClassId | None = None
    flag: bool = False


class Option(msgspec.Struct, frozen=True, gc=False):
    """A loader option: a chain of steps, and what `.options(…)` hangs below its last one; `steps` may start at any entity (`model`)."""

    model: ClassId | None
    steps: tuple[OptionStep, ...]
    below: tuple[Option, ...] = ()
    is_opaque: bool = False


class Super(msgspec.Struct, frozen=True, gc=False):
    """`super()` in a method of `owner`, bound to `instance`."""

    instance: Value
    owner: ClassId


Value: TypeAlias = Unknown | Const | Ref | FunctionValue | ClassValue | ExternalValue | ModuleValue | Method | MappedName | Option | Super

NONE = Const(None)
TRUE = Const(True)
FALSE = Const(False)
