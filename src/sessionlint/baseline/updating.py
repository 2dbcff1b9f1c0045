"""What a baseline becomes. Entry points: `created`, `updated`, `pruned`."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import msgspec

from sessionlint.baseline.comparing import Compared
from sessionlint.baseline.entry import Baseline, Entry
from sessionlint.check import Finding, Identified


@dataclass(frozen=True, slots=True)
class Update:
    """The `baseline` as it will be, what was `added` and `dropped` on the way, and the findings that it was not `allowed` to take."""

    baseline: Baseline
    added: tuple[Finding, ...] = ()
    dropped: tuple[Entry, ...] = ()
    left: tuple[Finding, ...] = ()


def created(compared: Compared) -> Update:
    """All that was found, and nothing of what there was before."""
    added = tuple(Entry(one.identity, one.finding.fingerprint) for one in compared.new)
    return Update(_with(compared, added), tuple(one.finding for one in compared.new))


def updated(compared: Compared, *, allow_new: bool) -> Update:
    """Without what is stale, and with what stands around a finding as it is now; new findings only where that is allowed."""
    findings = tuple(one.finding for one in compared.new)
    added = tuple(Entry(one.identity, one.finding.fingerprint) for one in compared.new) if allow_new else ()
    kept = (*(_renewed(entry, one, allow_new=allow_new) for entry, one in compared.known), *compared.unexamined)
    return Update(_with(compared, (*kept, *added)), findings if allow_new else (), compared.stale, () if allow_new else findings)


def pruned(compared: Compared) -> Update:
    """Without what is stale; the other entries stay as they are."""
    kept = (*(entry for entry, _ in compared.known), *compared.unexamined)
    return Update(_with(compared, kept), dropped=compared.stale)


def _with(compared: Compared, entries: tuple[Entry, ...]) -> Baseline:
    return dataclasses.replace(compared.baseline, entries=entries)


def _renewed(entry: Entry, one: Identified, *, allow_new: bool) -> Entry:
    """The entry as its finding is now. A query that has come to it since is new, too."""
    queries = one.identity.queries
    if entry.identity.queries and not allow_new:
        queries = tuple(query for query in queries if query in entry.identity.queries) or entry.identity.queries
    return Entry(msgspec.structs.replace(one.identity, queries=queries), one.finding.fingerprint)
