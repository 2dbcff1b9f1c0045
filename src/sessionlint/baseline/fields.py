"""An entry as it stands in the file: the text of its key, and the fields of its value."""

from __future__ import annotations

import re

import msgspec

from sessionlint.baseline.entry import Entry
from sessionlint.check import Identity

SCHEMA_VERSION = 1
VERSION_KEY = "schema_version"

_KEY = re.compile(r"(?P<rule>SES\d{3}) (?P<path>.+) (?P<mark>[0-9a-f]{16})(?:-\d+)?", re.DOTALL)


class Fields(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """The value of an entry; what is empty is left out. `before`, `after`, `use` and `within` are marks of lines, with spaces
    between them."""

    after: str = ""
    before: str = ""
    evidence: str = ""
    files: tuple[str, ...] = ()
    function: str = ""
    queries: tuple[str, ...] = ()
    statement: str = ""
    use: str = ""
    within: str = ""


def key_of(entry: Entry, number: int) -> str:
    """Rule, file and fingerprint; `number` tells those apart that have all of it in common."""
    return f"{entry.identity.rule} {entry.identity.path} {entry.fingerprint}" + (f"-{number}" if number > 1 else "")


def fields_of(entry: Entry) -> Fields:
    """The value of an entry."""
    identity = entry.identity
    return Fields(
        after=" ".join(identity.after),
        before=" ".join(identity.before),
        evidence=identity.evidence,
        files=identity.files,
        function=identity.function,
        queries=identity.queries,
        statement=identity.statement,
        use=identity.use,
        within=" ".join(identity.within),
    )


def entry_of(key: str, fields: Fields, row: int) -> Entry | None:
    """The entry of a key and its value; None for a key that is no entry's."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    identity = Identity(
        rule=found["rule"],
        path=found["path"],
        function=fields.function,
        evidence=fields.evidence,
        files=fields.files,
        statement=fields.statement,
        queries=fields.queries,
        before=tuple(fields.before.split()),
        after=tuple(fields.after.split()),
        use=fields.use,
        within=tuple(fields.within.split()),
    )
    return Entry(identity, found["mark"], row)
