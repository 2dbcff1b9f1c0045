"""What the exit status means: one table for all commands."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """`ERROR` is for a run that itself went wrong (an option, the configuration, a path, an internal error), never for what was found."""

    CLEAN = 0
    FINDINGS = 1
    ERROR = 2
    INTERRUPTED = 130
