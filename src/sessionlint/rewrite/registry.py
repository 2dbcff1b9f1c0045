"""Which codemods there are. The folder `codemods/` is the registry: a module `some_name` that defines a `Codemod` named `some-name`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache

from sessionlint.check import rule_of
from sessionlint.rewrite import codemods as folder
from sessionlint.rewrite.codemod import Codemod

FIRST = ("scope", "thread-parameter")
"""These go first, for they change who holds which session; the others are independent of one another."""


@cache
def all_codemods() -> tuple[type[Codemod], ...]:
    """Every codemod, in the order in which they are asked."""
    found = [_loaded(module.name) for module in pkgutil.iter_modules(folder.__path__)]
    return tuple(sorted(found, key=_turn))


def codemods_for(rules: Iterable[str]) -> tuple[type[Codemod], ...]:
    """The codemods that mend findings of these rules, in that order; no other one is imported."""
    names = {name for code in rules for name in rule_of(code).codemods}
    return tuple(sorted((_loaded(name.replace("-", "_")) for name in names), key=_turn))


def _turn(codemod: type[Codemod]) -> tuple[int, str]:
    return FIRST.index(codemod.name) if codemod.name in FIRST else len(FIRST), codemod.name


def _loaded(module_name: str) -> type[Codemod]:
    module = importlib.import_module(f"{folder.__name__}.{module_name}")
    name = module_name.replace("_", "-")
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Codemod) and value is not Codemod and value.name == name:
            return value
    raise TypeError(f"{module.__name__} defines no codemod `{name}`")
