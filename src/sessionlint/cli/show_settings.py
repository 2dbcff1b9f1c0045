"""The settings of a run as TOML, each with the place it was set at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sessionlint.config import Settings


def shown(settings: Settings, format: str = "text") -> str:
    """The resolved settings: as TOML, one key a line, with a comment where a value is not the default; or as JSON."""
    if format == "json":
        return json.dumps({key: {"value": value, "origin": _origin(settings, key)} for key, value in values(settings)}, indent=2)
    lines = [f"# project root: {settings.root}", f"# configuration: {settings.source or 'none'}"]
    for key, value in values(settings):
        origin = settings.origins.get(key)
        where = "" if origin is None else f"  # {origin.file or 'command line'}" + (f":{origin.row}" if origin.row else "")
        lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}{where}")
    return "\n".join(lines)


def _origin(settings: Settings, key: str) -> dict[str, str | int | None] | None:
    """Where a key was set; `file` is null for the command line, null altogether for a default."""
    origin = settings.origins.get(key)
    return None if origin is None else {"file": origin.file or None, "row": origin.row or None}


def values(settings: Settings) -> Iterator[tuple[str, Any]]:
    """Each key as users write it, with its resolved value."""
    files, sessions, lint, migrate, fixes = settings.files, settings.sessions, settings.lint, settings.migrate, settings.fixes
    yield "select", lint.select
    yield "extend-select", lint.extend_select
    yield "ignore", lint.ignore
    yield "require-reason", lint.require_reason
    yield from ((f'per-file-ignores."{pattern}"', codes) for pattern, codes in lint.per_file_ignores)
    yield "fix", fixes.fix
    yield "fix-only", fixes.fix_only
    yield "show-fixes", fixes.show_fixes
    yield "unsafe-fixes", fixes.unsafe
    yield "fixable", fixes.fixable
    yield "extend-fixable", fixes.extend_fixable
    yield "unfixable", fixes.unfixable
    yield "extend-safe-fixes", fixes.extend_safe
    yield "extend-unsafe-fixes", fixes.extend_unsafe
    yield "exclude", files.exclude
    yield "extend-exclude", files.extend_exclude
    yield "respect-gitignore", files.respect_gitignore
    yield "force-exclude", files.force_exclude
    yield "src", files.src
    yield "baseline", settings.baseline
    yield "cache", settings.cache.enabled
    yield "cache-dir", settings.cache.directory
    yield "output-format", settings.output_format
    yield "sessions.acquirers", sessions.acquirers
    yield "sessions.closers", sessions.closers
    yield "sessions.identity-keys", sessions.identity_keys
    yield "sessions.user-names", sessions.user_names
    yield "sessions.view-decorators", sessions.view_decorators
    yield "sessions.safe-user-name", sessions.safe_user_name
    yield "migrate.routes", migrate.routes
    yield "migrate.default", migrate.default
    yield "migrate.services", migrate.services
    yield from ((f"migrate.phases.{number}", {"name": p.name, "paths": p.paths}) for number, p in enumerate(migrate.phases, 1))
