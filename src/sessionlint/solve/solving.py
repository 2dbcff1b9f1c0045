"""The order of the analysis. Entry point: `solve`."""

from __future__ import annotations

from sessionlint.link import Program
from sessionlint.solve.again.earlier import Earlier
from sessionlint.solve.events import Events
from sessionlint.solve.scopes.superfluous import settle
from sessionlint.solve.start.ahead import Spread
from sessionlint.solve.start.roots import walk_all
from sessionlint.solve.walk.interpreter import Interpreter


def solve(program: Program, earlier: Earlier | None = None, spread: Spread | None = None) -> Events:
    """Everything that was seen to happen on some path of the program; never raises on odd code, never runs it.

    What of an `earlier` run holds is not found out again, and what is found now is put there. `spread` gives copies of this process that
    share the work.
    """
    earlier = earlier or Earlier()
    machine = Interpreter(program)
    walk_all(machine, earlier, spread)
    settle(machine)
    earlier.finish(machine)
    return machine.recorder.events()
