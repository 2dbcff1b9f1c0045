"""What is found now against what was found in an earlier state of the program: which findings are new, and what changed about them."""

from sessionlint.check.comparing.novelty import novel, remaining
from sessionlint.check.comparing.reasons import with_reasons
from sessionlint.check.comparing.sides import Changed, Side

__all__ = ["Changed", "Side", "novel", "remaining", "with_reasons"]
