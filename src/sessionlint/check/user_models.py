"""Which classes the user of a request may be of. Entry point: `user_models`."""

from __future__ import annotations

from sessionlint.knowledge.frameworks.users import USER_MIXINS
from sessionlint.link import ClassId, Program
from sessionlint.solve import Events
from sessionlint.solve.events import UserLoaded


def user_models(program: Program, events: Events) -> list[ClassId]:
    """The classes that a user may be of: what loaders return, else the one mapped class that is made to be a user."""
    loaded = list(events.of(UserLoaded))
    if loaded:
        return sorted({found.model for found in loaded if found.model is not None})
    mixed = [model for model in program.models.values() if model.is_mapped and program.hierarchy.inherits(model.id, USER_MIXINS)]
    tops = [model.id for model in mixed if not any(parent in {other.id for other in mixed} for parent in model.parents)]
    return tops if len(tops) == 1 else []
