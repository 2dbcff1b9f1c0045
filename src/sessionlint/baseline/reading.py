"""The file of a baseline read back, and what is said of one that is not as it was written. Entry point: `load`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from sessionlint.baseline.entry import Baseline, Entry
from sessionlint.baseline.fields import SCHEMA_VERSION, VERSION_KEY, Fields, entry_of
from sessionlint.baseline.place import name_of
from sessionlint.config import Settings
from sessionlint.source import SessionlintError

_MARKER = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?:\s|$)")
_KEY_LINE = re.compile(r"""\s*\{?\s*("(?:[^"\\]|\\.)*")\s*:""")
_AGAIN = "`sessionlint baseline create --force` writes it anew"


def load(path: Path, settings: Settings) -> Baseline:
    """The baseline in a file. Raises `SessionlintError`, with file, row and the way out, for one that cannot be read or is malformed."""
    name = name_of(path, settings)
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except FileNotFoundError:
        raise SessionlintError("there is no baseline", file=name, hint="`sessionlint baseline create` writes one") from None
    except OSError as error:
        raise SessionlintError(f"the baseline cannot be read: {error.strerror}", file=name) from None
    except UnicodeDecodeError:
        raise SessionlintError("the baseline is not UTF-8", file=name, hint=_AGAIN) from None
    return Baseline(path, name, _Reader(name, text).entries(), content)


class _Reader:
    """One file: what it holds, and where."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.lines = name, re.split(r"\r\n|\r|\n", text)
        self.text = text

    def entries(self) -> tuple[Entry, ...]:
        for row, line in enumerate(self.lines, 1):
            if _MARKER.match(line):
                self._refuse("a merge has left its markers", row, "keep the lines of both sides, each once; their order does not matter")
        table = self._parsed()
        self._check_version(table)
        rows = self._rows()
        return tuple(self._entry(key, value, rows.get(key, 1)) for key, value in table.items() if key != VERSION_KEY)

    def _parsed(self) -> dict[str, Any]:
        try:
            table = json.loads(self.text, object_pairs_hook=self._once)
        except json.JSONDecodeError as error:
            self._refuse(f"not valid JSON: {error.msg[:1].lower()}{error.msg[1:]}", error.lineno, f"mend the line, or {_AGAIN}")
        except RecursionError:
            self._refuse("not valid JSON: nested too deeply", 1, _AGAIN)
        if not isinstance(table, dict):
            self._refuse("a baseline is a JSON object", 1, _AGAIN)
        return table

    def _once(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                rows = [row for row, known in self._key_lines() if known == key]
                first = f", first on line {rows[0]}" if len(rows) > 1 else ""
                self._refuse(f"`{key}` stands there twice{first}", rows[-1] if rows else 1, "remove one of the two lines")
            found[key] = value
        return found

    def _check_version(self, table: dict[str, Any]) -> None:
        row = self._rows().get(VERSION_KEY, 1)
        if VERSION_KEY not in table:
            self._refuse(f"no `{VERSION_KEY}`: this is no baseline of sessionlint", row, _AGAIN)
        version = table[VERSION_KEY]
        if version != SCHEMA_VERSION or isinstance(version, bool):
            is_newer = isinstance(version, int) and version > SCHEMA_VERSION
            hint = "it is of a newer sessionlint, which can read it" if is_newer else _AGAIN
            self._refuse(f"`{VERSION_KEY}` {json.dumps(version)} is not {SCHEMA_VERSION}", row, hint)

    def _entry(self, key: str, value: Any, row: int) -> Entry:
        try:
            entry = entry_of(key, msgspec.convert(value, Fields), row)
        except msgspec.ValidationError as error:
            what = str(error).replace("Object contains unknown field", "unknown key").partition(" - at ")[0]
            self._refuse(f"the entry `{key}` is malformed: {what[:1].lower()}{what[1:]}", row, f"remove the line, or {_AGAIN}")
        if entry is None:
            self._refuse(f"unknown key `{key}`: an entry's is a rule, a path and a fingerprint", row, f"remove the line, or {_AGAIN}")
        return entry

    def _rows(self) -> dict[str, int]:
        return {key: row for row, key in self._key_lines()}

    def _key_lines(self) -> list[tuple[int, str]]:
        """The rows that begin with a key, and the key."""
        found = []
        for row, line in enumerate(self.lines, 1):
            if key := _KEY_LINE.match(line):
                try:
                    found.append((row, json.loads(key[1])))
                except json.JSONDecodeError:
                    continue
        return found

    def _refuse(self, what: str, row: int, hint: str) -> NoReturn:
        raise SessionlintError(what, file=self.name, row=row, hint=hint)
