"""The model registry. For the other files of this room: `build_models`."""

from sessionlint.link.registry.build import build_models

__all__ = ["build_models"]
