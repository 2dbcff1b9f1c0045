"""Which files of a program can matter, from their bytes alone."""

from sessionlint.screen.screening import screen, screen_templates
from sessionlint.screen.syntax import parses

__all__ = ["parses", "screen", "screen_templates"]
