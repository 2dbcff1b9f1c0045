"""What a finding is known by from one run to the next, wherever its lines have moved to."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from sessionlint.check.finding import Finding


def fingerprints(findings: Iterable[Finding]) -> tuple[str, ...]:
    """A hexadecimal fingerprint for each finding, in their order: of its rule, file, function and evidence, never of its row.

    Findings that have all this in common are told apart by their order.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for finding in findings:
        identity = (finding.code, finding.at.file, finding.qualname, finding.evidence)
        seen[identity] += 1
        text = "\0".join((*identity, str(seen[identity])))
        found.append(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest())
    return tuple(found)
