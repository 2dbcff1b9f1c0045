"""What is found now against what was found in an earlier state of the program: which findings are new, and what changed about them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessionlint.check.comparing.novelty import novel
    from sessionlint.check.comparing.reasons import CHANGE, with_reasons
    from sessionlint.check.comparing.records import Record, recorded
    from sessionlint.check.comparing.sides import Changed, Side
else:
    from sessionlint.doors import door

    __getattr__ = door(
        __name__,
        {
            "novelty": "novel",
            "reasons": "CHANGE with_reasons",
            "records": "Record recorded",
            "sides": "Changed Side",
        },
    )

__all__ = ["CHANGE", "Changed", "Record", "Side", "novel", "recorded", "with_reasons"]
