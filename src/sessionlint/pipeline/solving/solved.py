"""What earlier runs found out about roots is found again in the cache, and put back there. Entry points: `earlier_of`, `keep`."""

from __future__ import annotations

from sessionlint.cache import FactsCache, Results, open_results, stamp_of_code
from sessionlint.config import Settings
from sessionlint.facts import FileFacts
from sessionlint.pipeline.capturing import Captured
from sessionlint.solve import Alignment, Earlier, aligned
from sessionlint.source import digest_of


class Solved:
    """The results of the roots of one program, from one run to the next. To be made before the cache forgets facts that are not needed."""

    def __init__(self, settings: Settings, facts: Captured, cache: FactsCache, *, is_needed: bool = False) -> None:
        """With `is_needed` they are there afterwards also where there is no cache."""
        stamp = f"{stamp_of_code()} {settings.sessions!r}"
        self._results: Results = open_results(settings.root, settings.cache.directory, "roots", enabled=settings.cache.enabled)
        self._name = digest_of(stamp.encode())
        self._facts = {**facts.by_name, **facts.templates}
        self._digests = {name: f"{facts.keys.get(name, '')} {file.module}" for name, (file, _) in self._facts.items()}
        self.earlier = Earlier(self._results.get(self._name), stamp if self._results.is_enabled or is_needed else "")
        before = self.earlier.digests
        if before and before.keys() <= self._digests.keys():
            changed = [name for name, digest in self._digests.items() if before.get(name) != digest]
            self.earlier.edit({name: self._edit(name, before.get(name, ""), cache) for name in changed})

    def keep(self) -> None:
        """Put what holds now into the cache."""
        data = self.earlier.stored(self._digests) if self._results.is_enabled else None
        if data is not None:
            self._results.put(self._name, data)

    def _edit(self, name: str, before: str, cache: FactsCache) -> Alignment | None:
        key, _, module = before.partition(" ")
        file, new = self._facts[name]
        old: FileFacts | None = cache.get(key) if key else None
        return aligned(old, new) if old is not None and module == file.module else None
