"""What is found now against what was found in an earlier state of the program: which findings are new, and what changed about them."""

from sessionlint.check.comparing.novelty import novel
from sessionlint.check.comparing.reasons import CHANGE, with_reasons
from sessionlint.check.comparing.records import Record, recorded
from sessionlint.check.comparing.sides import Changed, Side

__all__ = ["CHANGE", "Changed", "Record", "Side", "novel", "recorded", "with_reasons"]
