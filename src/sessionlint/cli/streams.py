"""Standard input, output and error as a command may rely on them: they are there, and what becomes of them never hides the exit status.

A reader that has gone away is no error: the rest goes nowhere, and the command ends as it would have. A disk that is full is one.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

from sessionlint.source import SessionlintError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_GONE = {errno.EPIPE, errno.ECONNRESET, errno.EBADF, errno.EINVAL}
"""Nobody reads any more; Windows says EINVAL."""


def prepare() -> None:
    """Open what was closed, so that no file of ours takes its number; see to it that output which cannot be written is dealt with here."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = _guarded(sys.stdout, 1, may_fail=True)
    sys.stderr = _guarded(sys.stderr, 2, may_fail=False)


def discard(number: int) -> None:
    """Send what is still to come nowhere."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, number)
    os.close(null)


class _Output(io.FileIO):
    """A stream that deals with what keeps it from being written to: what comes after goes nowhere."""

    def __init__(self, number: int, *, may_fail: bool) -> None:
        super().__init__(number, "w", closefd=False)
        self._may_fail = may_fail

    def write(self, data: ReadableBuffer, /) -> int:
        """Write some of `data`. Raises `SessionlintError` if that cannot be done, for want of space for example, and the stream matters."""
        try:
            return super().write(data)
        except OSError as error:
            discard(self.fileno())
            if self._may_fail and error.errno not in _GONE:
                raise SessionlintError(f"standard output cannot be written: {error.strerror}") from error
            return memoryview(data).nbytes


def _guarded(stream: TextIO | None, number: int, *, may_fail: bool) -> TextIO:
    """`stream`, or one in its place that deals with errors. A terminal, and what a test or an embedding program has put there, stay."""
    if stream is not None and (stream.isatty() or not _is_own(stream, number)):
        return stream
    encoding, errors = (stream.encoding, stream.errors) if stream is not None else ("utf-8", "backslashreplace")
    if stream is not None:
        stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(_Output(number, may_fail=may_fail)),
        encoding=encoding,
        errors=errors,
        line_buffering=number == 2,
        write_through=number == 2,
    )


def _is_own(stream: TextIO, number: int) -> bool:
    try:
        return stream is (sys.__stdout__ if number == 1 else sys.__stderr__) and stream.fileno() == number
    except (OSError, ValueError):
        return False
