"""How a room is entered without all of it being imported: a name is fetched from its module when it is first asked for. A run that finds
everything in the cache shall not pay for rooms that it does not need. Entry point: `door`."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from typing import Any


def door(room: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` of a package: `homes` has the names (with spaces between them) that each of its modules gives to others.

    No name may be that of a module of the package as well.
    """
    module_of = {name: module for module, names in homes.items() for name in names.split()}

    def fetched(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(f"{room}.{module_of[name]}"), name)
        setattr(sys.modules[room], name, value)
        return value

    return fetched
