"""Findings that a team has decided to live with for now: the file they are kept in, and which findings of a run are among them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessionlint.baseline.comparing import STALE, Compared, compare
    from sessionlint.baseline.entry import Baseline, Entry
    from sessionlint.baseline.examination import Examined
    from sessionlint.baseline.place import DEFAULT_NAME, name_of, place_of
    from sessionlint.baseline.reading import load
    from sessionlint.baseline.updating import Update, created, pruned, updated
    from sessionlint.baseline.writing import save
else:
    from sessionlint.doors import door

    __getattr__ = door(
        __name__,
        {
            "comparing": "STALE Compared compare",
            "entry": "Baseline Entry",
            "examination": "Examined",
            "place": "DEFAULT_NAME name_of place_of",
            "reading": "load",
            "updating": "Update created pruned updated",
            "writing": "save",
        },
    )

__all__ = [
    "DEFAULT_NAME",
    "STALE",
    "Baseline",
    "Compared",
    "Entry",
    "Examined",
    "Update",
    "compare",
    "created",
    "load",
    "name_of",
    "place_of",
    "pruned",
    "save",
    "updated",
]
