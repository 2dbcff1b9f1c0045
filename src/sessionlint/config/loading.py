"""How the settings of a run come about: defaults, then the configuration file, then `--config`, then the command line's options."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from sessionlint.config.locate import absolute, candidates, marked_root, shown_path, start_of
from sessionlint.config.options import MigrateOptions, Options, SessionOptions, keys_of, merged, read_options, row_of
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
from sessionlint.source import SessionlintError


class _Layer:
    """Options with where they come from."""

    def __init__(self, options: Options, file: Path | None = None, text: str = "", prefix: str = "", shown: str = "") -> None:
        self.options, self.file = options, file
        self.origins = {key: Origin(shown, row_of(text, key, prefix), key) for key in keys_of(options)}


def load_settings(
    paths: Sequence[Path],
    *,
    isolated: bool = False,
    config: Sequence[str] = (),
    overrides: Options | None = None,
    top: Path | None = None,
) -> Settings:
    """The settings for a run over `paths`.

    `config` holds a path of a configuration file, which then replaces the one that would be found, or inline TOML (`key = value`);
    `overrides` are the command line's own options, which win over everything. Under `isolated` no file is looked for. `top` is the root of
    paths above which no configuration is found, where the caller knows it better than what marks a project tells. Raises
    `SessionlintError`, with file, key and row, for configuration that cannot be read or is wrong.
    """
    start = start_of(paths)
    files, inline = _split(config)
    if isolated and files:
        raise SessionlintError(f"`--isolated` and `--config {files[0]}` exclude each other")
    layer = _explicit(files) if files else None if isolated else _found(start)
    source = layer.file if layer else None
    root = _root(start, None if files else source, top, isolated=isolated)
    layers = [layer] if layer else []
    layers += [_inline(text) for text in inline]
    if overrides is not None:
        layers.append(_Layer(overrides))
    names_directory = not paths or any(path.is_dir() for path in paths)
    return _resolved(layers, root or start, source, is_project=root is not None, may_cache=root is not None or names_directory)


def _root(start: Path, found: Path | None, top: Path | None, *, isolated: bool) -> Path | None:
    """The project's root, None where there is no project. A file named by `--config` may lie anywhere and says nothing of it."""
    if isolated:
        return None
    if found is not None:
        return found.parent
    return top if top is not None and start.is_relative_to(top) else marked_root(start)


def by_configuration(paths: Sequence[Path]) -> dict[Path | None, list[Path]]:
    """The paths by the configuration file that is nearest to each, None where there is none. One run is for one of them."""
    nearest: dict[Path, Path | None] = {}
    groups: dict[Path | None, list[Path]] = {}
    for path in paths:
        start = start_of([path])
        if start not in nearest:
            layer = _found(start)
            nearest[start] = layer.file if layer else None
        groups.setdefault(nearest[start], []).append(path)
    return groups


def _split(config: Sequence[str]) -> tuple[list[Path], list[str]]:
    """`--config` values that are files, and those that are TOML; as in ruff a value that is both is a file."""
    files, inline = [], []
    for value in config:
        if os.path.isfile(value):
            files.append(Path(value))
        elif "=" in value:
            inline.append(value)
        else:
            raise SessionlintError(f"`--config {value}` is neither a file nor `key = value`")
    if len(files) > 1:
        raise SessionlintError("`--config` can name only one file", hint=f"got {' and '.join(map(str, files))}")
    return files, inline


def _explicit(files: list[Path]) -> _Layer:
    layer = _read(absolute(files[0]))
    if layer is None:
        raise SessionlintError("no table `[tool.sessionlint]`", file=str(files[0]))
    return layer


def _found(start: Path) -> _Layer | None:
    return next((layer for path in candidates(start) if (layer := _read(path)) is not None), None)


def _inline(text: str) -> _Layer:
    """The options that an argument of `--config` sets; what is wrong with them is said of that argument."""
    name, is_row = f"--config `{text}`", "\n" not in text
    try:
        options = read_options(_parsed(text, name), text, file=name)
        if options.extend is not None:
            raise SessionlintError("`extend` belongs in a file", file=name)
    except SessionlintError as error:
        raise SessionlintError(error.message, file=name, row=0 if is_row else error.row, hint=error.hint) from None
    return _Layer(options, text="" if is_row else text, shown=name)


def _read(path: Path, extended_from: tuple[Path, ...] = ()) -> _Layer | None:
    """The options in a file, those it extends included; None for a `pyproject.toml` without our table."""
    shown = shown_path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise SessionlintError(f"the configuration cannot be read: {reason}", file=shown) from None
    if path.name == "pyproject.toml" and "sessionlint" not in text:
        return None
    table, prefix = _parsed(text, shown), ""
    if path.name == "pyproject.toml":
        prefix = "tool.sessionlint"
        table = table.get("tool", {}).get("sessionlint")
        if table is None:
            return None
        if not isinstance(table, dict):
            raise SessionlintError("`tool.sessionlint` must be a table", file=shown, row=row_of(text, "sessionlint", "tool"))
    layer = _Layer(read_options(table, text, file=shown, prefix=prefix), path, text, prefix, shown)
    if layer.options.extend is not None:
        _extend(layer, path, extended_from, row_of(text, "extend", prefix))
    return layer


def _extend(layer: _Layer, path: Path, extended_from: tuple[Path, ...], row: int) -> None:
    """Put what the file extends beneath its own options."""
    base = absolute(path.parent / Path(str(layer.options.extend)).expanduser())
    if base == path or base in extended_from:
        raise SessionlintError(f"`extend` goes in a circle over `{shown_path(base)}`", file=shown_path(path), row=row)
    if not base.is_file():
        raise SessionlintError(f"`extend` names `{layer.options.extend}`, which is not a file", file=shown_path(path), row=row)
    beneath = _read(base, (*extended_from, path))
    if beneath is not None:
        layer.options = merged(beneath.options, layer.options)
        layer.origins = {**beneath.origins, **layer.origins}


def _parsed(text: str, shown: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = re.search(r" \(at line (\d+), column \d+\)$", message)
        what = re.sub(r" \(at .*\)$", "", message)
        row = int(place[1]) if place else len(text.splitlines())  # else it is the end that something is missing at
        raise SessionlintError(f"not valid TOML: {what}", file=shown, row=row) from None


def _resolved(layers: list[_Layer], root: Path, source: Path | None, *, is_project: bool, may_cache: bool) -> Settings:
    options = Options()
    origins: dict[str, Origin] = {}
    for layer in layers:
        options = _over(options, layer.options)
        origins |= layer.origins
    migrate = options.migrate or MigrateOptions()
    return Settings(
        root=root,
        source=source,
        files=FileSettings(
            is_project=is_project, **_given(options, "exclude", "extend_exclude", "respect_gitignore", "force_exclude", "src")
        ),
        sessions=SessionSettings(
            **_given(
                options.sessions or SessionOptions(),
                *("acquirers", "closers", "identity_keys", "user_names", "view_decorators", "safe_user_name"),
            )
        ),
        lint=LintSettings(
            per_file_ignores=tuple((options.per_file_ignores or {}).items()),
            **_given(options, "select", "extend_select", "ignore", "require_reason"),
        ),
        fixes=FixSettings(
            unsafe=options.unsafe_fixes,
            extend_safe=options.extend_safe_fixes or (),
            extend_unsafe=options.extend_unsafe_fixes or (),
            **_given(options, "fix", "fix_only", "show_fixes", "fixable", "extend_fixable", "unfixable"),
        ),
        migrate=MigrateSettings(
            phases=tuple(Phase(phase.name, phase.paths) for phase in migrate.phases or ()),
            **_given(migrate, "routes", "default", "services"),
        ),
        cache=CacheSettings(
            enabled=options.cache if options.cache is not None else may_cache or options.cache_dir is not None,
            **({"directory": options.cache_dir} if options.cache_dir is not None else {}),
        ),
        baseline=options.baseline or "",
        output_format=options.output_format or "",
        origins=origins,
    )


def _given(options: Any, *names: str) -> dict[str, Any]:
    """The named options that are set; what is not keeps the default of the settings."""
    return {name: value for name in names if (value := getattr(options, name)) is not None}


def _over(base: Options, top: Options) -> Options:
    """`top` over `base`. Selections work in layers, as in ruff: a `select` begins anew, and what a later layer says of a code counts."""
    added = ("extend_exclude", "extend_safe_fixes", "extend_unsafe_fixes")
    return msgspec.structs.replace(
        merged(base, top),
        **_selection(base, top, "select", "extend_select", "ignore"),
        **_selection(base, top, "fixable", "extend_fixable", "unfixable"),
        **{name: (*(getattr(base, name) or ()), *(getattr(top, name) or ())) for name in added},
    )


def _selection(base: Options, top: Options, select: str, extend: str, ignore: str) -> dict[str, tuple[str, ...]]:
    """What becomes of the options `extend` and `ignore`, which belong to `select`."""
    selected, extended, ignored = (getattr(base, name) or () for name in (select, extend, ignore))
    wanted, unwanted = getattr(top, extend) or (), getattr(top, ignore) or ()
    if getattr(top, select) is None:
        overruled = tuple(code for code in (*selected, *extended) if _is_within(code, unwanted))
        kept = tuple(code for code in ignored if not _is_within(code, wanted))
        wanted, unwanted = (*extended, *wanted), (*kept, *unwanted, *overruled)
    return {extend: tuple(dict.fromkeys(wanted)), ignore: tuple(dict.fromkeys(unwanted))}


def _is_within(code: str, prefixes: tuple[str, ...]) -> bool:
    return any(prefix == "ALL" or code.upper().startswith(prefix.upper()) for prefix in prefixes)
