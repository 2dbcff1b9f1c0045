"""Comments that silence findings: which silences what, which silences nothing, and what is wrong with one that cannot be read."""

from sessionlint.check.silencing.flaws import ends_nothing, lacks_reason, unknown_codes, written
from sessionlint.check.silencing.matching import ends, meant, suppression_of
from sessionlint.check.silencing.mending import Unmendable, mended
from sessionlint.check.silencing.spelling import Complaint, complaint
from sessionlint.check.silencing.verdicts import Verdicts, suppressions_in, suppressions_of

__all__ = [
    "Complaint",
    "Unmendable",
    "Verdicts",
    "complaint",
    "ends",
    "ends_nothing",
    "lacks_reason",
    "meant",
    "mended",
    "suppression_of",
    "suppressions_in",
    "suppressions_of",
    "unknown_codes",
    "written",
]
