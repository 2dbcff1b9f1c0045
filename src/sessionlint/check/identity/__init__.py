"""What a finding is known by from one run to the next: its evidence, and the code around it instead of the row it is on."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessionlint.check.identity.identity import Identified, Identity, Texts, identified, shortened, told_apart
    from sessionlint.check.identity.surroundings import REBOUND
    from sessionlint.check.identity.text import Text
else:
    from sessionlint.doors import door

    __getattr__ = door(
        __name__,
        {
            "identity": "Identified Identity Texts identified shortened told_apart",
            "surroundings": "REBOUND",
            "text": "Text",
        },
    )

__all__ = ["REBOUND", "Identified", "Identity", "Text", "Texts", "identified", "shortened", "told_apart"]
