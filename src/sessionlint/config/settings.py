"""The resolved configuration, frozen, one part per room. `options.py` reads what users write into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_EXCLUDE = (
    ".bzr",
    ".direnv",
    ".eggs",
    ".git",
    ".git-rewrite",
    ".hg",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".nox",
    ".pants.d",
    ".pyenv",
    ".pytest_cache",
    ".pytype",
    ".ruff_cache",
    ".sessionlint_cache",
    ".svn",
    ".tox",
    ".venv",
    ".vscode",
    "__pycache__",
    "__pypackages__",
    "_build",
    "buck-out",
    "build",
    "dist",
    "node_modules",
    "site-packages",
    "venv",
)
"""What is never part of a program unless it is asked for: ruff's list, and our own cache."""


@dataclass(frozen=True, slots=True)
class FileSettings:
    """Which files take part. Patterns are gitignore-like, relative to the project root.

    `is_project` says that the root was found as a project's, so that all of it is the program; otherwise the program is what was asked for.
    """

    is_project: bool = True
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    extend_exclude: tuple[str, ...] = ()
    respect_gitignore: bool = True
    force_exclude: bool = False
    src: tuple[str, ...] = (".", "src")


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """The project's own vocabulary; a name is matched on the dotted tail (`db_manager.get_session` meets `self.db_manager.get_session`)."""

    acquirers: tuple[str, ...] = ("db_manager.get_session",)
    closers: tuple[str, ...] = ("db_manager.close_session",)
    identity_keys: tuple[str, ...] = ("current_user_id", "user_id")
    user_names: tuple[str, ...] = ("current_user",)
    view_decorators: tuple[str, ...] = ("with_db_session",)
    safe_user_name: str = ""


@dataclass(frozen=True, slots=True)
class LintSettings:
    """Which rules run where. Codes are full codes or prefixes; `per_file_ignores` are `(glob, codes)` pairs; with `require_reason` a
    comment that silences has to say why."""

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    require_reason: bool = False


@dataclass(frozen=True, slots=True)
class FixSettings:
    """Whether `check` fixes, and what. Codes as in `LintSettings`; `extend_safe` and `extend_unsafe` are `extend-safe-fixes` and
    `extend-unsafe-fixes`. `unsafe` is None where the user has not said whether unsafe fixes are wanted: then they are mentioned."""

    fix: bool = False
    fix_only: bool = False
    show_fixes: bool = False
    unsafe: bool | None = None
    fixable: tuple[str, ...] = ("ALL",)
    extend_fixable: tuple[str, ...] = ()
    unfixable: tuple[str, ...] = ()
    extend_safe: tuple[str, ...] = ()
    extend_unsafe: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phase:
    """A step of the migration: files (globs) that are migrated together."""

    name: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MigrateSettings:
    """Which scope each kind of site gets."""

    routes: str = "unified_session_manager.get_db_session"
    default: str = "request_session_manager.session_scope"
    services: str = "inject"
    phases: tuple[Phase, ...] = ()


@dataclass(frozen=True, slots=True)
class CacheSettings:
    """Where facts are kept between runs; `directory` is relative to the root."""

    enabled: bool = True
    directory: str = ".sessionlint_cache"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was set: `file` as shown to users (empty for the command line), `row` if it is known, `key` as written there."""

    file: str
    row: int
    key: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a run needs to know besides its paths.

    `root` is the project root (absolute): the directory of the configuration file, else of the nearest `pyproject.toml`, `setup.py`, `.git`
    or the like, seen from the directory that all paths have in common; else that directory itself. `source` is the configuration file, None
    under `--isolated` or without one. `origins` maps a key as users write it (`select`, `sessions.acquirers`) to where it was set last, and
    lacks the keys that are left at their default.
    """

    root: Path
    source: Path | None = None
    files: FileSettings = field(default_factory=FileSettings)
    sessions: SessionSettings = field(default_factory=SessionSettings)
    lint: LintSettings = field(default_factory=LintSettings)
    fixes: FixSettings = field(default_factory=FixSettings)
    migrate: MigrateSettings = field(default_factory=MigrateSettings)
    cache: CacheSettings = field(default_factory=CacheSettings)
    baseline: str = ""
    output_format: str = ""
    origins: Mapping[str, Origin] = field(default_factory=dict)
