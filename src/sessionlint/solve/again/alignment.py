"""What an edit of a file changed, as far as its facts tell: which functions, and where everything else is now. Entry point: `aligned`."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from sessionlint.facts import FileFacts, FunctionFacts, ops
from sessionlint.facts.summary import mentioned
from sessionlint.facts.walk import statements
from sessionlint.source import Range


@dataclass(frozen=True, slots=True)
class Alignment:
    """`changed` are the functions (by index) that are not what they were, `names` what they mention or mentioned; `ranges` tell where what
    is as it was has gone."""

    changed: frozenset[int]
    names: frozenset[str]
    ranges: dict[Range, Range]


def aligned(old: FileFacts, new: FileFacts) -> Alignment | None:
    """How two versions of a file's facts lie beside each other; None where more than the insides of functions differs.

    What others see of a file without looking into a function is its module's body, its classes, and which functions there are; a function
    that assigns to globals counts as that too.
    """
    is_other = old.error != new.error or len(old.functions) != len(new.functions) or old.templates != new.templates
    if is_other or not old.functions or [_place(one) for one in old.functions] != [_place(one) for one in new.functions]:
        return None
    ranges: dict[Range, Range] = {}
    shared = _Comparison(ranges)
    if not shared.is_same(old.functions[0], new.functions[0]) or not shared.is_same(old.classes, new.classes):
        return None
    changed, names = set[int](), set[str]()
    for index, (before, after) in enumerate(zip(old.functions, new.functions, strict=True)):
        found = dict[Range, Range]()
        if index and _Comparison(found).is_same(before, after):
            ranges.update(found)
        elif index:
            if _is_seen_outside(before) or _is_seen_outside(after):
                return None
            changed.add(index)
            names.update(name for _, name in (*mentioned(before.body), *mentioned(after.body)))
    return Alignment(frozenset(changed), frozenset(names), ranges)


def _place(function: FunctionFacts) -> tuple[str, int, int]:
    return function.qualname, function.owner, function.parent


def _is_seen_outside(function: FunctionFacts) -> bool:
    return any(isinstance(item, ops.Global | ops.ClassDef) for item in statements(function.body))


_FIELDS = (*(name for name in FunctionFacts.__struct_fields__ if name != "code"), "body")
"""What is said of a function; its code may be bytes that nobody has read yet."""


class _Comparison:
    """Compares facts without their places, and notes in `ranges` which place became which."""

    def __init__(self, ranges: dict[Range, Range]) -> None:
        self._ranges = ranges

    def is_same(self, old: object, new: object) -> bool:
        """Whether the facts say the same. What was noted of others is of no use."""
        if type(old) is not type(new):
            return False
        if isinstance(old, Range):
            return self._ranges.setdefault(old, new) == new  # type: ignore[arg-type]
        if isinstance(old, FunctionFacts):
            return all(self.is_same(getattr(old, name), getattr(new, name)) for name in _FIELDS)
        if isinstance(old, msgspec.Struct):
            return all(self.is_same(getattr(old, name), getattr(new, name)) for name in old.__struct_fields__)
        if isinstance(old, tuple):
            others: tuple[object, ...] = new  # type: ignore[assignment]
            return len(old) == len(others) and all(self.is_same(one, other) for one, other in zip(old, others, strict=True))
        return old == new
