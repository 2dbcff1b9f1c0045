"""A baseline as a file: sorted, an entry a line, every line ended alike, so that what two branches add merges. Entry point: `save`."""

from __future__ import annotations

import json
from collections import Counter

import msgspec

from sessionlint.baseline.entry import Baseline, Entry
from sessionlint.baseline.fields import SCHEMA_VERSION, VERSION_KEY, Fields, fields_of, key_of
from sessionlint.source import SessionlintError
from sessionlint.source.writing import write_whole


def save(baseline: Baseline) -> None:
    """Write it, whole or not at all. Raises `SessionlintError` where that is not possible."""
    content = encoded(baseline.entries)
    try:
        write_whole(baseline.path, content)
    except OSError as error:
        raise SessionlintError(f"the baseline cannot be written: {error.strerror}", file=baseline.name) from None


def encoded(entries: tuple[Entry, ...]) -> bytes:
    """The content of the file. The version comes last, so that every line of an entry ends with a comma."""
    seen: Counter[str] = Counter()
    lines = []
    for entry in sorted(entries, key=_order):
        seen[key_of(entry, 1)] += 1
        lines.append(_line(key_of(entry, seen[key_of(entry, 1)]), fields_of(entry)))
    return "".join(["{\n", *lines, f'"{VERSION_KEY}": {SCHEMA_VERSION}\n', "}\n"]).encode()


def _order(entry: Entry) -> tuple[str, ...]:
    identity = entry.identity
    return key_of(entry, 1), *identity.queries, *identity.before, *identity.after, *identity.within


def _line(key: str, fields: Fields) -> str:
    value = msgspec.to_builtins(fields)
    return f"{_json(key)}: {{" + ", ".join(f"{_json(name)}: {_json(value[name])}" for name in sorted(value)) + "},\n"


def _json(value: object) -> str:
    """As people read it, but for what a terminal would obey and what is no text."""
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(value)
