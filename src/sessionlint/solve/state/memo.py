"""What a call did once it does again: a call from the same place that finds the same things is replayed instead of walked. Entry
points: `footprint`, `Effect`.

A call can only touch what it can reach: its arguments, what it closes over, the program's globals, and the instances of the sessions among
these. Two path states that agree on that much get the same effect, whatever else differs between them.
"""

from __future__ import annotations

import msgspec

from sessionlint.solve.state.objects import Arguments, HeapObject, Instance, Variables
from sessionlint.solve.state.outcome import Outcome, Thrown
from sessionlint.solve.state.reach import reachable
from sessionlint.solve.state.state import PathState, digested, share_of
from sessionlint.solve.state.values import FunctionValue, Key, Value


def footprint(state: PathState, function: FunctionValue, arguments: Arguments) -> int:
    """A number for everything in `state` that the call can reach."""
    given = [*arguments.all(), *([function.bound] if function.bound is not None else [])]
    objects, scopes = reachable(state, given, [*state.lasting(), *([function.env] if function.env is not None else [])])
    sessions = objects.intersection(state.heap.sessions)
    found = 0
    for key, thing in state.heap.items():
        if key in objects or key[0] == "global" or (type(thing) is Instance and thing.session in sessions):
            found ^= share_of(key, thing)
            if type(thing) is Instance and thing.session is not None and thing.session in state.heap:
                found ^= share_of(thing.session, state.heap[thing.session])
    known = sum(_told(variables) for env in scopes if (variables := state.variables.get(env)) is not None)
    return hash((found, known))


def _told(variables: Variables) -> int:
    """A number for the names and values of an activation, whatever their order."""
    known = digested.told.get(id(variables))
    if known is None:
        told = sum(hash((name, repr(value))) for name, value in variables.names.items())
        digested.told[id(variables)] = known = (variables, told)
    return known[1]


class Change(msgspec.Struct, frozen=True, gc=False):
    """What differs in a state after a call from the state before it."""

    heap: dict[Key, HeapObject]
    variables: dict[Key, Variables]
    known: dict[Key, bool]

    def applied(self, state: PathState) -> PathState:
        """A copy of `state` with the change made."""
        after = state.copy()
        for key, thing in self.heap.items():
            after.heap[key] = thing
        for env, variables in self.variables.items():
            after.variables[env] = variables
        after.known.update(self.known)
        return after


class Effect(msgspec.Struct, frozen=True, gc=False):
    """Every way a call was left, as changes to the state it was made in."""

    returned: tuple[tuple[Change, Value], ...]
    raised: tuple[tuple[Change, Thrown], ...]

    @classmethod
    def of(cls, before: PathState, out: Outcome) -> Effect:
        """The effect of a call made in `before` that was left as `out` says."""
        return cls(
            tuple((_change(before, after), value) for after, value in out.returned),
            tuple((_change(before, after), thrown) for after, thrown in out.raised),
        )

    def replayed(self, state: PathState) -> Outcome:
        """The same call made in `state`."""
        return Outcome(
            returned=[(change.applied(state), value) for change, value in self.returned],
            raised=[(change.applied(state), thrown) for change, thrown in self.raised],
        )


def _change(before: PathState, after: PathState) -> Change:
    return Change(
        {key: thing for key, thing in after.heap.items() if before.heap.get(key) is not thing},
        {env: scope for env, scope in after.variables.items() if before.variables.get(env) is not scope},
        {key: value for key, value in after.known.items() if before.known.get(key) is not value},
    )
