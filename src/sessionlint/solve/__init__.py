"""The session-lifetime analysis: from a linked program to events with history, path by path.

Door: `solve`; what is wrong is for `check` to say. Its model is Infer's Pulse (Le et al., OOPSLA 2022): a bounded set of separate path
states, under-approximate; a call is walked for each calling context, so a helper's read of its parameter is judged where it is called.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessionlint.solve.again.alignment import Alignment, aligned
    from sessionlint.solve.again.earlier import Earlier
    from sessionlint.solve.events import Event, Events
    from sessionlint.solve.history import History, Step
    from sessionlint.solve.solving import solve
else:
    from sessionlint.doors import door

    __getattr__ = door(
        __name__,
        {
            "again.alignment": "Alignment aligned",
            "again.earlier": "Earlier",
            "events": "Event Events",
            "history": "History Step",
            "solving": "solve",
        },
    )

__all__ = ["Alignment", "Earlier", "Event", "Events", "History", "Step", "aligned", "solve"]
