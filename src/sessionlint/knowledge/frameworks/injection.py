"""What frameworks put into parameters by themselves."""

from __future__ import annotations

DEPENDS = frozenset({"fastapi.Depends", "fastapi.Security"})
"""Calls that name a dependency: FastAPI calls what they are given and passes the result
(https://fastapi.tiangolo.com/tutorial/dependencies/)."""

INJECTED_CLASSES = frozenset({"fastapi.BackgroundTasks"})
"""Classes of which a parameter is given an instance, and whose methods matter to sessions and instances."""
