"""Which files of a program can matter, from their bytes alone."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessionlint.screen.screening import screen, screen_templates
    from sessionlint.screen.syntax import parses
else:
    from sessionlint.doors import door

    __getattr__ = door(
        __name__,
        {
            "screening": "screen screen_templates",
            "syntax": "parses",
        },
    )

__all__ = ["parses", "screen", "screen_templates"]
