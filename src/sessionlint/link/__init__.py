"""Facts of all files to one program: `link`."""

from sessionlint.link.linking import link
from sessionlint.link.models import MappedAttribute, Model
from sessionlint.link.names.annotations import AnnotationMeaning
from sessionlint.link.program import Acquisition, EntryPoint, Module, Program, Scope
from sessionlint.link.reliance import relying_on
from sessionlint.link.symbols import (
    ClassId,
    ClassSymbol,
    External,
    FunctionId,
    FunctionSymbol,
    ModuleSymbol,
    Symbol,
    VariableSymbol,
)

__all__ = [
    "Acquisition",
    "AnnotationMeaning",
    "ClassId",
    "ClassSymbol",
    "EntryPoint",
    "External",
    "FunctionId",
    "FunctionSymbol",
    "MappedAttribute",
    "Model",
    "Module",
    "ModuleSymbol",
    "Program",
    "Scope",
    "Symbol",
    "VariableSymbol",
    "link",
    "relying_on",
]
