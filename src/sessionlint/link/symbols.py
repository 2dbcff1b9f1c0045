"""What a name can stand for once the files of a program are known together."""

from __future__ import annotations

from typing import TypeAlias

import msgspec


class Struct(msgspec.Struct, frozen=True, gc=False, order=True):
    """Immutable and hashable."""


class FunctionId(Struct, frozen=True):
    """A function, method, lambda or module body: `FileFacts.functions[index]` of the file called `file`."""

    file: str
    index: int


class ClassId(Struct, frozen=True):
    """A class: `FileFacts.classes[index]` of the file called `file`."""

    file: str
    index: int


class ModuleSymbol(Struct, frozen=True):
    """A module or package of the program, by its dotted name."""

    name: str


class FunctionSymbol(Struct, frozen=True):
    id: FunctionId


class ClassSymbol(Struct, frozen=True):
    id: ClassId


class VariableSymbol(Struct, frozen=True):
    """A variable of a module's top level that is assigned there (or in a function that declares it global)."""

    file: str
    name: str


class External(Struct, frozen=True):
    """Something that is not part of the program, by its dotted name: `sqlalchemy.orm.Session`, `builtins.list`."""

    name: str


Symbol: TypeAlias = ModuleSymbol | FunctionSymbol | ClassSymbol | VariableSymbol | External
