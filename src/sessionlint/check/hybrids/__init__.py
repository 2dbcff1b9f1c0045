"""Hybrids on the class: `obstacle` says why a body cannot work there, `has_class_level` whether the hybrid says itself what it is there."""

from sessionlint.check.hybrids.body import obstacle
from sessionlint.check.hybrids.members import has_class_level
from sessionlint.check.hybrids.things import Obstacle

__all__ = ["Obstacle", "has_class_level", "obstacle"]
