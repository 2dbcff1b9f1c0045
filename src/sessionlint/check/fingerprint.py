"""What a finding is known by from one run to the next, wherever its lines have moved to."""

from __future__ import annotations

import hashlib
from collections import Counter

from msgspec.structs import replace

from sessionlint.check.checking import Checked, Suppressed
from sessionlint.check.finding import Finding


def fingerprinted(checked: Checked) -> Checked:
    """All findings of a run with a hexadecimal fingerprint each: of its rule, file, function and evidence, never of its row.

    Findings that have all this in common are told apart by their order; a comment that silences one does not change the others'.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    marks = {}
    everything = [*checked.findings, *(one.finding for one in checked.suppressed)]
    for finding in sorted(everything, key=lambda finding: (finding.at, finding.code)):
        identity = (finding.code, finding.at.file, finding.qualname, finding.evidence)
        seen[identity] += 1
        text = "\0".join((*identity, str(seen[identity])))
        marks[id(finding)] = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

    def marked(finding: Finding) -> Finding:
        return replace(finding, fingerprint=marks[id(finding)])

    return Checked(
        tuple(marked(finding) for finding in checked.findings),
        tuple(Suppressed(marked(one.finding), one.by) for one in checked.suppressed),
    )
