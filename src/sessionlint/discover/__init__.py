"""Which files make up the program, and which of them the user asked to see."""

from sessionlint.discover.discovery import discover, discover_earlier
from sessionlint.discover.walk import RELEVANT_SUFFIXES, is_relevant

__all__ = ["RELEVANT_SUFFIXES", "discover", "discover_earlier", "is_relevant"]
