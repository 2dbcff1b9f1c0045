"""Files and command line in, `Settings` out: what users write, checked and resolved."""

from sessionlint.config.loading import by_configuration, load_settings
from sessionlint.config.options import Options
from sessionlint.config.settings import (
    CacheSettings,
    FileSettings,
    FixSettings,
    LintSettings,
    MigrateSettings,
    Origin,
    Phase,
    SessionSettings,
    Settings,
)

__all__ = [
    "CacheSettings",
    "FileSettings",
    "FixSettings",
    "LintSettings",
    "MigrateSettings",
    "Options",
    "Origin",
    "Phase",
    "SessionSettings",
    "Settings",
    "by_configuration",
    "load_settings",
]
