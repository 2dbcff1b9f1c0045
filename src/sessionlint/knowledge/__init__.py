"""What libraries mean, as tables; nothing here knows of a program."""

from sessionlint.knowledge.canonical import canonical

__all__ = ["canonical"]
