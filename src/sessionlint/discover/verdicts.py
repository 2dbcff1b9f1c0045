"""What was said of the entries of directories, so that a run in which nothing has changed need not match patterns. It can be kept: a
verdict follows from names, patterns and the contents of ignore files alone."""

from __future__ import annotations

import contextlib

import msgspec

from sessionlint.source.storing import as_bytes


class Directory(msgspec.Struct, array_like=True):
    """`rules` are digests of all that the verdicts in it follow from; `excluded` says of each entry whether it is."""

    rules: tuple[str, ...]
    excluded: dict[str, bool]


class Verdicts:
    """By the absolute path of a directory, for as long as the rules are the same; only what was asked for is kept on."""

    def __init__(self, encoded: bytes | None = None) -> None:
        """What was kept earlier; what cannot be read is forgotten."""
        self._encoded = encoded
        self._known: dict[str, Directory] = {}
        self._asked: dict[str, Directory] = {}
        if encoded is not None:
            with contextlib.suppress(msgspec.MsgspecError):
                self._known = msgspec.msgpack.decode(encoded, type=dict[str, Directory])

    def of(self, directory: str, rules: tuple[str, ...]) -> dict[str, bool]:
        """Those of the entries of a directory under these rules; what is put there is remembered."""
        found = self._asked.get(directory) or self._known.get(directory)
        if found is None or found.rules != rules:
            found = Directory(rules, {})
        self._asked[directory] = found
        return found.excluded

    def holds_any(self, rule: str) -> bool:
        """Whether anything was ever said under a rule."""
        return any(known.rules[0] == rule for known in self._known.values())

    def news(self) -> bytes | None:
        """What is to be kept now; None for what was kept earlier."""
        encoded = as_bytes(self._asked)
        return encoded if encoded != self._encoded else None
