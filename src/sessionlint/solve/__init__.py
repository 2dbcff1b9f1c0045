"""The session-lifetime analysis: from a linked program to events with history, path by path.

Door: `solve`; what is wrong is for `check` to say. Its model is Infer's Pulse (Le et al., OOPSLA 2022): a bounded set of separate path
states, under-approximate; a call is walked for each calling context, so a helper's read of its parameter is judged where it is called.
"""

from __future__ import annotations

from sessionlint.link import Program
from sessionlint.solve.events import Event, Events
from sessionlint.solve.history import History, Step

__all__ = ["Event", "Events", "History", "Step", "solve"]


def solve(program: Program) -> Events:
    """Everything that was seen to happen on some path of the program; never raises on odd code, never runs it."""
    from sessionlint.solve.scopes.superfluous import settle
    from sessionlint.solve.start.roots import walk_all
    from sessionlint.solve.walk.interpreter import Interpreter

    machine = Interpreter(program)
    walk_all(machine)
    settle(machine)
    return machine.recorder.events()
