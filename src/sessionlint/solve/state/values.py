"""What an expression can evaluate to. Values are immutable; whatever can change lives in the heap and is reached by a `Ref`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from sessionlint.link.symbols import ClassId, FunctionId

Key: TypeAlias = tuple[object, ...]
"""Identity of something made at a place of the program in a calling context."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Anything; two reads of the same unknown are the same, so that conditions on it correlate."""

    key: Key


@dataclass(frozen=True, slots=True)
class Const:
    """None, a bool, an int or a short string."""

    value: str | int | bool | None


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to a heap object."""

    key: Key


@dataclass(frozen=True, slots=True)
class FunctionValue:
    """A function of the program; `env` are the variables of the function around it, `bound` its `self` (or `cls`), `owner` the class
    it was found in."""

    id: FunctionId
    env: Key | None = None
    bound: Value | None = None
    owner: ClassId | None = None


@dataclass(frozen=True, slots=True)
class ClassValue:
    """A class of the program."""

    id: ClassId


@dataclass(frozen=True, slots=True)
class ExternalValue:
    """Something outside the program, by canonical dotted name (`sqlalchemy.select`)."""

    name: str


@dataclass(frozen=True, slots=True)
class ModuleValue:
    """A module of the program."""

    name: str


@dataclass(frozen=True, slots=True)
class Method:
    """`receiver.name`, not yet called, where the receiver is something whose methods are modelled or unknown."""

    receiver: Value
    name: str


@dataclass(frozen=True, slots=True)
class MappedName:
    """`User.orders`: an attribute of a mapped class, as queries and loader options name it; `of_type` is a subclass it is narrowed to."""

    model: ClassId
    name: str
    of_type: ClassId | None = None


@dataclass(frozen=True, slots=True)
class OptionStep:
    """One step of a loader option: `strategy` is SQLAlchemy's function name, `name` an attribute or `*`; `flag` is `sql_only=True` of a
    `raiseload`, `raiseload=True` of a column option."""

    strategy: str
    name: str
    names: tuple[str, ...] = ()
    of_type: ClassId | None = None
    flag: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """A loader option: a chain of steps, and what `.options(…)` hangs below its last one; `steps` may start at any entity (`model`)."""

    model: ClassId | None
    steps: tuple[OptionStep, ...]
    below: tuple[Option, ...] = ()
    is_opaque: bool = False


@dataclass(frozen=True, slots=True)
class Super:
    """`super()` in a method of `owner`, bound to `instance`."""

    instance: Value
    owner: ClassId


Value: TypeAlias = Unknown | Const | Ref | FunctionValue | ClassValue | ExternalValue | ModuleValue | Method | MappedName | Option | Super

NONE = Const(None)
TRUE = Const(True)
FALSE = Const(False)
