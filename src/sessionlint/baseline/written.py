"""Whether what an entry is about is still written where it was: where it is not, its finding is gone, however much of the program was too
large to be walked. Entry point: `Written.is_gone`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sessionlint.baseline.entry import Entry
from sessionlint.check import Identified
from sessionlint.check.identity import Text, Texts, shortened


class Written:
    """The lines of a program's files, and how many of them findings account for."""

    def __init__(self, texts: Texts, found: Iterable[Identified]) -> None:
        self._texts = texts
        self._lines: dict[str, Counter[tuple[str, str]]] = {}
        self._found = Counter(one.identity.kind for one in found)

    def is_gone(self, entry: Entry) -> bool:
        """Whether its function has no line like the entry's but those of other findings. Not told of definitions, nor of functions that
        have no name."""
        identity = entry.identity
        if not identity.statement or identity.statement.startswith("def ") or not identity.function or "<" in identity.function:
            return False
        read = self._texts.read(identity.path)
        if read is None:
            return False
        return self._in(identity.path, read[0])[identity.function, identity.statement] <= self._found[identity.kind]

    def _in(self, path: str, text: Text) -> Counter[tuple[str, str]]:
        """How often each line stands in each function of a file."""
        if path not in self._lines:
            lines = range(len(text.lines))
            self._lines[path] = Counter((text.qualname_of(index), shortened(text.normal(index))) for index in lines)
        return self._lines[path]
