"""Which files make up the program, and which of them the user asked to see."""

from sessionlint.discover.discovery import discover

__all__ = ["discover"]
