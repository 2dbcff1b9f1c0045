"""Which codemods there are. The folder `codemods/` is the registry: a module `some_name` that defines a `Codemod` named `some-name`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from sessionlint.rewrite import codemods as folder
from sessionlint.rewrite.codemod import Codemod

FIRST = ("scope", "thread-parameter")
"""These go first, for they change who holds which session; the others are independent of one another."""


@cache
def all_codemods() -> tuple[type[Codemod], ...]:
    """Every codemod, in the order in which they are asked."""
    found = [_loaded(module.name) for module in pkgutil.iter_modules(folder.__path__)]
    return tuple(sorted(found, key=lambda c: (FIRST.index(c.name) if c.name in FIRST else len(FIRST), c.name)))


def _loaded(module_name: str) -> type[Codemod]:
    module = importlib.import_module(f"{folder.__name__}.{module_name}")
    name = module_name.replace("_", "-")
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Codemod) and value is not Codemod and value.name == name:
            return value
    raise TypeError(f"{module.__name__} defines no codemod `{name}`")
