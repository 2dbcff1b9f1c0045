"""Which files make up the program, and which of them the user asked to see."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessionlint.discover.discovery import discover, discover_earlier
    from sessionlint.discover.verdicts import Verdicts
    from sessionlint.discover.walk import RELEVANT_SUFFIXES, is_relevant
else:
    from sessionlint.doors import door

    __getattr__ = door(
        __name__,
        {
            "discovery": "discover discover_earlier",
            "verdicts": "Verdicts",
            "walk": "RELEVANT_SUFFIXES is_relevant",
        },
    )

__all__ = ["RELEVANT_SUFFIXES", "Verdicts", "discover", "discover_earlier", "is_relevant"]
