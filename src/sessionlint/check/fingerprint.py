"""One short text for each finding by which other tools know it from one run to the next, wherever its lines have moved to."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping

from msgspec.structs import replace

from sessionlint.check.finding import Finding
from sessionlint.check.found import Checked, Suppressed
from sessionlint.check.identity import Texts, told_apart


def fingerprinted(checked: Checked, sources: Mapping[str, bytes]) -> Checked:
    """All findings of a run with a hexadecimal fingerprint each, of which there are no two alike.

    It is made of what the finding is about and of the line that follows, not of what stands above. Findings that have all this in common
    are told apart by their order; a comment that silences one does not change the others'. `sources` are the files' contents by name.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    marks: dict[int, str] = {}
    everything = [*checked.findings, *(one.finding for one in checked.suppressed)]
    ordered = sorted(everything, key=lambda finding: (finding.at, finding.code, finding.message))
    for one, parts in zip(ordered, told_apart(ordered, Texts(sources)), strict=True):
        seen[parts] += 1
        text = "\0".join((*parts, str(seen[parts])))
        marks[id(one)] = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

    def marked(finding: Finding) -> Finding:
        return replace(finding, fingerprint=marks[id(finding)])

    return replace(
        checked,
        findings=tuple(marked(finding) for finding in checked.findings),
        suppressed=tuple(Suppressed(marked(one.finding), one.by) for one in checked.suppressed),
    )
