"""What a run has looked at: only of that can it say that a finding is no longer there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from sessionlint.baseline.entry import Entry
from sessionlint.check import meant

FROM_DECLARATIONS = frozenset({"SES003", "SES101", "SES403", "SES405", "SES501", "SES504", "SES505"})
"""Rules that find what they find in what is written, without a walk over paths: they miss nothing where a walk was given up."""

_OF_COMMENTS = "SES002"


@dataclass(frozen=True, slots=True)
class Examined:
    """`codes` are of the rules that had their whole say; `files` are reported on; `broken` ones do not parse or rely on one that does not;
    in those that are `unseen` something was too large to be walked.

    `is_gone` says of a file that is not in the program whether it was asked for and is not there any more; `is_spared` of a file and a code
    whether nobody wants to hear of it there.
    """

    codes: frozenset[str]
    files: frozenset[str]
    broken: frozenset[str]
    unseen: frozenset[str]
    is_gone: Callable[[str], bool]
    is_spared: Callable[[str, str], bool]

    def covers(self, entry: Entry) -> bool:
        """Whether the finding of an entry would have been found if it were there."""
        walked = entry.identity.rule in FROM_DECLARATIONS or self.unseen.isdisjoint({entry.identity.path, *entry.identity.files})
        return walked and self.judges(entry)

    def judges(self, entry: Entry) -> bool:
        """Whether something can be said of an entry: its rule has spoken of its file, and what its story is about parses."""
        rule, path = entry.identity.rule, entry.identity.path
        if not self._has_spoken(entry) or self.is_spared(path, rule):
            return False
        return self.broken.isdisjoint({path, *entry.identity.files}) and (path in self.files or self.is_gone(path))

    def _has_spoken(self, entry: Entry) -> bool:
        if entry.identity.rule != _OF_COMMENTS:
            return entry.identity.rule in self.codes
        codes = re.findall(r"[\w-]+", entry.identity.evidence.partition("[")[2])
        return bool(codes) and not self.broken | self.unseen and all(meant(code.upper()) <= self.codes for code in codes)
