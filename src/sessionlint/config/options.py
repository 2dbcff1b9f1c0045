"""The options as users write them in TOML: which keys there are, of which type, and what is said of one that is wrong."""

from __future__ import annotations

import difflib
import re
from typing import Any, TypeVar, get_args

import msgspec

from sessionlint.source import SessionlintError


class Table(msgspec.Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """A TOML table; keys are the fields' names with `-` for `_`, and None is a key that is not there."""


class SessionOptions(Table, frozen=True):
    """`[sessions]`: the project's own vocabulary."""

    acquirers: tuple[str, ...] | None = None
    closers: tuple[str, ...] | None = None
    identity_keys: tuple[str, ...] | None = None
    user_names: tuple[str, ...] | None = None
    view_decorators: tuple[str, ...] | None = None
    safe_user_name: str | None = None


class PhaseOptions(Table, frozen=True):
    """`[[migrate.phases]]`: both keys are needed."""

    name: str
    paths: tuple[str, ...]


class MigrateOptions(Table, frozen=True):
    """`[migrate]`: which scope each kind of site gets."""

    routes: str | None = None
    default: str | None = None
    services: str | None = None
    phases: tuple[PhaseOptions, ...] | None = None


class Options(Table, frozen=True):
    """One source of options: a configuration file, an inline `--config`, or the command line's own options."""

    extend: str | None = None
    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    per_file_ignores: dict[str, tuple[str, ...]] | None = None
    require_reason: bool | None = None
    fix: bool | None = None
    fix_only: bool | None = None
    show_fixes: bool | None = None
    unsafe_fixes: bool | None = None
    fixable: tuple[str, ...] | None = None
    extend_fixable: tuple[str, ...] | None = None
    unfixable: tuple[str, ...] | None = None
    extend_safe_fixes: tuple[str, ...] | None = None
    extend_unsafe_fixes: tuple[str, ...] | None = None
    exclude: tuple[str, ...] | None = None
    extend_exclude: tuple[str, ...] | None = None
    respect_gitignore: bool | None = None
    force_exclude: bool | None = None
    src: tuple[str, ...] | None = None
    baseline: str | None = None
    cache: bool | None = None
    cache_dir: str | None = None
    output_format: str | None = None
    sessions: SessionOptions | None = None
    migrate: MigrateOptions | None = None


TableType = TypeVar("TableType", bound=Table)


def read_options(table: dict[str, Any], text: str = "", *, file: str = "", prefix: str = "") -> Options:
    """The options in a parsed TOML table.

    `text` is the TOML text it was parsed from, where the row of a wrong key is looked for; `file` names it in messages; `prefix` is the
    table's own name in it (`tool.sessionlint`). Raises `SessionlintError` for an unknown key (with the nearest known one) or a value of the
    wrong type.
    """
    _refuse_unknown_keys(table, Options, "", text, file, prefix)
    try:
        return msgspec.convert(table, Options)
    except msgspec.ValidationError as error:
        key, wrong = _explained(str(error))
        raise SessionlintError(f"`{key}` {wrong}", file=file, row=row_of(text, key, prefix)) from None


def _refuse_unknown_keys(table: dict[str, Any], kind: type[Table], above: str, text: str, file: str, prefix: str) -> None:
    known = {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
    for key, value in table.items():
        name = f"{above}{key}"
        if key not in known:
            near = difflib.get_close_matches(key.replace("_", "-").lower(), known, n=1, cutoff=0.5)
            hint = f"did you mean `{above}{near[0]}`?" if near else f"known keys are {', '.join(f'`{k}`' for k in sorted(known))}"
            if name == "lint":  # ruff's table: its keys are ours
                hint = "there is no such table here as in ruff: its keys stand at the top"
            raise SessionlintError(f"unknown key `{name}`", file=file, row=row_of(text, name, prefix), hint=hint)
        for inner in _tables_in(known[key]):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, dict):
                    _refuse_unknown_keys(child, inner, f"{name}.", text, file, prefix)


def _tables_in(annotation: Any) -> list[type[Table]]:
    if isinstance(annotation, type) and issubclass(annotation, Table):
        return [annotation]
    return [table for argument in get_args(annotation) for table in _tables_in(argument)]


_EXPECTED = re.compile(r"Expected `(?P<wanted>[^`]+)`, got `(?P<got>[^`]+)`")
_MISSING = re.compile(r"Object missing required field `(?P<field>[^`]+)`")
_TYPES = {
    "array": "an array of strings",
    "str": "a string",
    "bool": "`true` or `false`",
    "object": "a table",
    "int": "an integer",
    "float": "a number",
    "datetime": "a date",
    "date": "a date",
    "time": "a time",
}
_PLURALS = {"array": "arrays of strings", "str": "strings", "object": "tables"}


def _explained(message: str) -> tuple[str, str]:
    """Key and complaint of a message of msgspec, whose paths look like `$.sessions.acquirers[0]` or `$.per-file-ignores[...]`."""
    where = re.search(r" - at `(?:key in )?\$\.?(?P<path>[^`]*)`", message)
    path = where["path"] if where else ""
    key = re.sub(r"\[[^]]*\]", "", path)
    if missing := _MISSING.search(message):
        return key, f"lacks the key `{missing['field']}`"
    if found := _EXPECTED.search(message):
        wanted, got = (found[part].split(" | ")[0] for part in ("wanted", "got"))
        got = "an array" if got == "array" else _TYPES.get(got, got)
        if got == "`true` or `false`":
            got = "a boolean"
        must = f"may hold only {_PLURALS.get(wanted, wanted)}" if path.endswith("]") else f"must be {_TYPES.get(wanted, wanted)}"
        return key, f"{must}, not {got}"
    return key, message.split(" - at ", 1)[0]


def row_of(text: str, key: str, prefix: str = "") -> int:
    """The row of a dotted key in a TOML text, that of the nearest table above it, or 0 where a plain look does not find it."""
    wanted = f"{prefix}.{key}" if prefix else key
    table, best, best_length = "", 0, 0
    for row, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\[?([^]#]+)\]\]?", line):
            table = _dotted(header[1])
            found = table
        elif assignment := re.match(r"""\s*((?:[\w.-]|"[^"]*"|'[^']*'|\s*\.\s*)+?)\s*=""", line):
            found = f"{table}.{_dotted(assignment[1])}" if table else _dotted(assignment[1])
        else:
            continue
        if (found == wanted or wanted.startswith(f"{found}.")) and len(found) > max(best_length, len(prefix)):
            best, best_length = row, len(found)
    return best


def _dotted(key: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in key.split("."))


def merged(first: TableType, second: TableType) -> TableType:
    """Both, `second` winning key by key."""
    changes = {}
    for field in msgspec.structs.fields(type(second)):
        old, new = getattr(first, field.name), getattr(second, field.name)
        if new is not None:
            changes[field.name] = merged(old, new) if isinstance(old, Table) and isinstance(new, Table) else new
    return msgspec.structs.replace(first, **changes)


def keys_of(options: Table, above: str = "") -> list[str]:
    """The dotted keys that are set."""
    found: list[str] = []
    for field in msgspec.structs.fields(type(options)):
        value = getattr(options, field.name)
        if isinstance(value, Table):
            found += keys_of(value, f"{above}{field.encode_name}.")
        elif value is not None:
            found.append(above + field.encode_name)
    return found
