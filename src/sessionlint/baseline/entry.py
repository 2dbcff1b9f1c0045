"""What a baseline is: entries, each of which names one finding."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from sessionlint.check import Identity


@dataclass(frozen=True, slots=True)
class Entry:
    """`fingerprint` is that of the finding when it was put there; `row` the entry's own in its file, 0 for one that is not written yet."""

    identity: Identity
    fingerprint: str
    row: int = field(default=0, compare=False)

    @property
    def shown(self) -> str:
        """Which finding it is, in a few words."""
        identity = self.identity
        where = f"{identity.path} in `{identity.function}`" if identity.function not in {"", "<module>"} else identity.path
        return f"{identity.rule} {where}: {identity.statement or identity.evidence}"


@dataclass(frozen=True, slots=True)
class Baseline:
    """`path` is where its file is, `name` what the file is called in findings and messages, `content` what it holds."""

    path: Path
    name: str
    entries: tuple[Entry, ...] = ()
    content: bytes = b""

    def counts(self) -> dict[str, int]:
        """The number of entries of each rule, by code."""
        return dict(sorted(Counter(entry.identity.rule for entry in self.entries).items()))
