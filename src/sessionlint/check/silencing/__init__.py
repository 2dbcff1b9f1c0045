"""Comments that silence findings: which silences what, which silences nothing, and what is wrong with one that cannot be read."""

from sessionlint.check.silencing.matching import meant, suppression_of
from sessionlint.check.silencing.spelling import Complaint, complaint
from sessionlint.check.silencing.verdicts import Verdicts, suppressions_in

__all__ = ["Complaint", "Verdicts", "complaint", "meant", "suppression_of", "suppressions_in"]
