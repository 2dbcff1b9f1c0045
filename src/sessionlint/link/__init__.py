"""Facts of all files to one program: `link`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
else:
    from sessionlint.doors import door

    __getattr__ = door(
        __name__,
        {
            "linking": "link",
            "models": "MappedAttribute Model",
            "names.annotations": "AnnotationMeaning",
            "program": "Acquisition EntryPoint Module Program Scope",
            "reliance": "relying_on",
            "symbols": "ClassId ClassSymbol External FunctionId FunctionSymbol ModuleSymbol Symbol VariableSymbol",
        },
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
