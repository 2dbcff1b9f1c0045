"""What is known of a comment that may silence findings."""

from __future__ import annotations

import msgspec

from sessionlint.source import Range


class Suppression(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A comment that may silence findings: the `# noqa…` or `# sessionlint: …` part of it, with the rows it speaks for.

    `kind` is `noqa`, `ignore`, `file-ignore`, `disable`, `enable` or `malformed`; `codes` as written, upper case, empty for a blanket
    `noqa`; `reason` is what follows the codes, of a malformed comment all that follows `sessionlint:`; `at` includes it.
    `first_row`/`last_row` delimit the logical line that the comment belongs to: the whole file for `file-ignore`, what is left of the block
    for `disable` and `enable`.
    """

    kind: str
    codes: tuple[str, ...]
    reason: str
    at: Range
    first_row: int
    last_row: int
