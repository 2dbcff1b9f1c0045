"""What the exit status means: one table for all commands; and why it is not 0, which the last line on standard error says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sessionlint.check import Finding


class ExitCode(IntEnum):
    """`ERROR` is for a run that itself went wrong (an option, the configuration, a path, an internal error), never for what was found."""

    CLEAN = 0
    FINDINGS = 1
    ERROR = 2
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Ending:
    """How a command ends: its status and, where that is not 0, why, in a few words; empty where nobody wants to hear of it.
    `at_once` is for one that a signal ends: what else is under way is not waited for long."""

    status: ExitCode
    why: str = ""
    at_once: bool = False


def ended(status: ExitCode, why: str, given: Mapping[str, Any]) -> Ending:
    """The end of a command that was given these options: with `--silent` nothing is said, with `--quiet` only what went wrong."""
    is_said = not given.get("silent") and (status is ExitCode.ERROR or not given.get("quiet"))
    return Ending(status, why if is_said else "")


def internal_errors(findings: Iterable[Finding]) -> str:
    """What is to be said of findings among which there are failures of sessionlint's own; empty if there are none."""
    failed = sum(finding.code == "SES009" for finding in findings)
    return f"{counted(failed, 'internal error')} (SES009): parts of the program were not checked" if failed else ""


def counted(number: int, what: str) -> str:
    """`1 finding`, `2 findings`."""
    return f"{number} {what}{'s' * (number != 1)}"


def remain(number: int, what: str = "finding") -> str:
    """`1 finding remains`, `2 findings remain`."""
    return f"{counted(number, what)} remain{'s' * (number == 1)}"
