"""The settings of a run as TOML, each with the place it was set at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sessionlint.config import Origin, Settings
from sessionlint.report.printable import printable


def shown(settings: Settings, format: str = "text") -> str:
    """The resolved settings: as TOML, one key a line, with a comment where a value is not the default; or as JSON."""
    if format == "json":
        return json.dumps({key: {"value": value, "origin": _origin(settings, key)} for key, value in values(settings)}, indent=2)
    lines = [f"# project root: {printable(str(settings.root))}", f"# configuration: {printable(str(settings.source or 'none'))}"]
    for key, value in values(settings):
        origin = _set_at(settings, key)
        where = "" if origin is None else f"  # {printable(origin.file) or 'command line'}" + (f":{origin.row}" if origin.row else "")
        lines.append(f"{key} = {_toml(value)}{where}" if value not in (None, "") else f"# {key} is not set")
    return "\n".join(lines)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _set_at(settings: Settings, key: str) -> Origin | None:
    """Where a key was set last; a pattern of `per-file-ignores` where the table was."""
    return settings.origins.get("per-file-ignores" if key.startswith("per-file-ignores.") else key)


def _origin(settings: Settings, key: str) -> dict[str, str | int | None] | None:
    """Where a key was set; `file` is null for the command line, null altogether for a default."""
    origin = _set_at(settings, key)
    return None if origin is None else {"file": origin.file or None, "row": origin.row or None}


def values(settings: Settings) -> Iterator[tuple[str, Any]]:
    """Each key as users write it, with its resolved value."""
    files, sessions, lint, migrate, fixes = settings.files, settings.sessions, settings.lint, settings.migrate, settings.fixes
    yield "select", lint.select
    yield "extend-select", lint.extend_select
    yield "ignore", lint.ignore
    yield "require-reason", lint.require_reason
    yield from ((f"per-file-ignores.{_toml(pattern)}", codes) for pattern, codes in lint.per_file_ignores)
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
    yield "output-format", settings.output_format or "full"
    yield "sessions.acquirers", sessions.acquirers
    yield "sessions.closers", sessions.closers
    yield "sessions.identity-keys", sessions.identity_keys
    yield "sessions.user-names", sessions.user_names
    yield "sessions.view-decorators", sessions.view_decorators
    yield "sessions.safe-user-name", sessions.safe_user_name
    yield "migrate.routes", migrate.routes
    yield "migrate.default", migrate.default
    yield "migrate.services", migrate.services
    if migrate.phases:
        yield "migrate.phases", [{"name": phase.name, "paths": phase.paths} for phase in migrate.phases]
