"""Comments that silence findings: which silences what, which silences nothing, and what is wrong with one that cannot be read."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessionlint.check.silencing.flaws import ends_nothing, lacks_reason, unknown_codes, written
    from sessionlint.check.silencing.matching import ends, meant, suppression_of
    from sessionlint.check.silencing.mending import Unmendable, mended
    from sessionlint.check.silencing.spelling import Complaint, complaint
    from sessionlint.check.silencing.verdicts import Verdicts, suppressions_in, suppressions_of
else:
    from sessionlint.doors import door

    __getattr__ = door(
        __name__,
        {
            "flaws": "ends_nothing lacks_reason unknown_codes written",
            "matching": "ends meant suppression_of",
            "mending": "Unmendable mended",
            "spelling": "Complaint complaint",
            "verdicts": "Verdicts suppressions_in suppressions_of",
        },
    )

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
