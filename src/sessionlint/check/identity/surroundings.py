"""What stands around a line in its function: the lines in front of it and behind it, and the blocks that it is in."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property

from sessionlint.check.identity.normal_form import says_something
from sessionlint.check.identity.text import Text

_BOUND = re.compile(r"^([\w.]+)(?:: [^=]+)? = |\bas (\w+)")
_CONTINUED = re.compile(r"(?:else|finally)\b")
_OPENERS = re.compile(r"(?:async )?(?:if|for|while|try|with|match)\b")
_UNCONDITIONAL = re.compile(r"(?:try|finally):")

REBOUND = "="
"""In place of a mark: from here on the name stands for something else."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Marks of lines, in their order.

    `before` and `behind` are the function's own lines that say something, without those that are like the line itself; `lines` are both.
    `after` is `behind` with `REBOUND` where what the line binds is bound anew, without the lines from there on that use it; `use` is the
    first that uses it. `within` are the headers of the blocks around it, the outermost first, `headers` those of all blocks.
    """

    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    use: str = ""
    within: tuple[str, ...] = ()
    headers: frozenset[str] = frozenset()

    @property
    def lines(self) -> tuple[str, ...]:
        """All of them, in their order."""
        return (*self.before, *self.behind)


class Scopes:
    """The surroundings of the lines of one file."""

    def __init__(self, text: Text) -> None:
        self._text = text

    @cached_property
    def _members(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for index in range(len(self._text.lines)):
            if not is_definition(self._text, index):
                found.setdefault(self._text.scope_of(index), []).append(index)
        return found

    def around(self, index: int) -> Surroundings:
        """What is around a line; nothing is around a definition, which is known by its name."""
        if is_definition(self._text, index):
            return Surroundings()
        own = self._text.normal(index)
        scope = self._text.scope_of(index)
        members = self._members[scope]
        others = [each for each in members if self._text.normal(each) != own]
        behind = [each for each in members if each > index]
        bound = _bound(own)
        end = next((place for place, each in enumerate(behind) if bound & _bound(self._text.normal(each))), len(behind))
        uses = {each for each in behind if bound and _mentions(self._text.normal(each), bound)}
        near = [each for each in behind[:end] if each in others]
        far = [each for each in behind[end:] if each in others and each not in uses]
        return Surroundings(
            self._marks([each for each in others if each < index]),
            self._marks([each for each in others if each > index]),
            (*self._marks(near), *(REBOUND,) * (end < len(behind)), *self._marks(far)),
            next(iter(self._marks([each for each in near if each in uses])), ""),
            self._within(index, scope),
            frozenset(mark for each in members for mark in self._within(each, scope)),
        )

    def following(self, index: int) -> tuple[str, ...]:
        """The first of what `after` would be, found without looking at the whole function."""
        text = self._text
        if is_definition(text, index):
            return ()
        own, scope = text.normal(index), text.scope_of(index)
        bound = _bound(own)
        for each in range(index + 1, len(text.lines)):
            if scope >= 0 and text.lines[each].indent <= text.lines[scope].indent:
                break
            if text.scope_of(each) != scope or is_definition(text, each):
                continue
            normal = text.normal(each)
            if bound & _bound(normal):
                return (REBOUND,)
            if normal != own and says_something(normal):
                return (mark_of(normal),)
        return ()

    def _marks(self, indices: list[int]) -> tuple[str, ...]:
        normal = (self._text.normal(index) for index in indices)
        return tuple(mark_of(line) for line in normal if says_something(line))

    def _within(self, index: int, scope: int) -> tuple[str, ...]:
        found = []
        above = self._text.lines[index].parent
        while above != scope:
            header = self._header(above)
            if not _UNCONDITIONAL.match(header):
                found.append(mark_of(header))
            above = self._text.lines[above].parent
        return tuple(reversed(found))

    def _header(self, index: int) -> str:
        """A header of a block, an `else` with what it belongs to."""
        own = self._text.normal(index)
        if not _CONTINUED.match(own):
            return own
        line = self._text.lines[index]
        siblings = (each for each in range(index - 1, line.parent, -1) if self._text.lines[each].parent == line.parent)
        opener = next((self._text.normal(each) for each in siblings if _OPENERS.match(self._text.normal(each))), "")
        return f"{opener} {own}"


def is_definition(text: Text, index: int) -> bool:
    """Whether a line belongs to the head of a function or class."""
    line = text.lines[index]
    return bool(line.definition) or line.text.startswith("@")


def mark_of(normal: str) -> str:
    """A short mark of a line; that two lines share one by chance is of no consequence."""
    return hashlib.blake2b(normal.encode("utf-8", "surrogatepass"), digest_size=3).hexdigest()


def _mentions(normal: str, names: set[str]) -> bool:
    return any(re.search(rf"\b{re.escape(name)}\b", normal) for name in names)


def _bound(normal: str) -> set[str]:
    """The names that a line binds: to the left of `=`, and behind `as`."""
    return {name for found in _BOUND.finditer(normal) for name in found.groups() if name}
