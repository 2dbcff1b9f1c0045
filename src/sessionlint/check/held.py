"""Instances of events as data of findings. Entry point: `held_instances`."""

from __future__ import annotations

from collections.abc import Iterable

from sessionlint.check.finding import HeldInstance
from sessionlint.solve.events import Held


def held_instances(found: Iterable[Held]) -> tuple[HeldInstance, ...]:
    """The same, in the finding's own terms."""
    return tuple(HeldInstance(each.name, each.model, each.is_stored, each.has_key, each.is_nullable) for each in found)
