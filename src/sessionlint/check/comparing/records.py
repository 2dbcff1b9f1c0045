"""What is remembered of the findings of an earlier program, so that it need not be analysed again. Entry point: `recorded`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import msgspec

from sessionlint.check.comparing.sides import Side
from sessionlint.check.finding import Finding
from sessionlint.check.identity import Texts, identified

Kind: TypeAlias = tuple[str, str, str, str, str]


class Record(msgspec.Struct, frozen=True, array_like=True):
    """A finding of an earlier program: `kind` is rule, file, function, evidence and statement, the last as no formatter changes it; `body`
    stands for the text of the function that it is in, and is empty without one."""

    kind: Kind
    body: str = ""


def recorded(findings: Sequence[Finding], side: Side) -> tuple[Record, ...]:
    """The records of findings, in their order."""
    return tuple(Record(kind, body_of(finding, side)) for kind, finding in zip(kinds(findings, side.texts), findings, strict=True))


def kinds(findings: Sequence[Finding], texts: Texts) -> Iterator[Kind]:
    """What two findings that may be the same have in common, for each in their order."""
    return (one.identity.kind for one in identified(findings, texts))


def renamed(records: Iterable[Record], names: Mapping[str, str]) -> list[Record]:
    """The records with what their files are called now."""
    return [Record((one.kind[0], names.get(one.kind[1], one.kind[1]), *one.kind[2:]), one.body) for one in records]


def body_of(finding: Finding, side: Side) -> str:
    """What stands for the text of the function that a finding is in."""
    if finding.function is None:
        return ""
    return hashlib.blake2b(side.function(finding.function).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
