"""What a project's ruff does to comments that name our codes: `# noqa: SES101` is deleted by RUF102 (RUF100 in old versions) unless
`lint.external` names them. Entry points: `ruff_of`, `with_external`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sessionlint.config.locate import shown_path
from sessionlint.source import SessionlintError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

RUFF_FILES = (".ruff.toml", "ruff.toml", "pyproject.toml")
"""The first that a directory has wins; a `pyproject.toml` counts only with a table `[tool.ruff]`."""

OURS = "SES"
_DELETING = ("RUF100", "RUF102")


@dataclass(frozen=True, slots=True)
class Ruff:
    """A project's ruff configuration: `external` as it comes out, `deletes` whether a rule runs that deletes codes unknown to ruff."""

    file: Path
    external: tuple[str, ...]
    deletes: bool

    def spares(self, code: str) -> bool:
        """Whether ruff takes a code for somebody else's."""
        return any(code.startswith(prefix) for prefix in self.external)


def ruff_of(directory: Path) -> Ruff | None:
    """The configuration that ruff finds for the files of a directory; None where there is none, or none that can be read."""
    for folder in (directory, *directory.parents):
        for name in RUFF_FILES:
            table = _table(folder / name)
            if table is not None:
                layers = [*_beneath(folder / name, table, 0), table]
                return Ruff(folder / name, _external(layers), any(_is_selected(code, layers) for code in _DELETING))
    return None


def _table(path: Path) -> dict[str, Any] | None:
    """Ruff's options in a file; None where there are none, or no file that can be read: that is for ruff to say."""
    try:
        table: Any = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None
    if path.name == "pyproject.toml":
        tool = table.get("tool")
        table = tool.get("ruff") if isinstance(tool, dict) else None
    return table if isinstance(table, dict) else None


def _beneath(path: Path, table: dict[str, Any], depth: int) -> Iterator[dict[str, Any]]:
    """What the file extends, farthest first."""
    extended = table.get("extend")
    if isinstance(extended, str) and depth < _EXTENDED:
        base = path.parent / Path(extended).expanduser()
        found = _table(base)
        if found is not None:
            yield from _beneath(base, found, depth + 1)
            yield found


_EXTENDED = 20


def _options(layer: dict[str, Any], key: str) -> list[str] | None:
    """A list of codes, in its place or, as in old configurations, at the top."""
    lint = layer.get("lint")
    given = lint.get(key) if isinstance(lint, dict) and key in lint else layer.get(key)
    return [each for each in given if isinstance(each, str)] if isinstance(given, list) else None


def _external(layers: list[dict[str, Any]]) -> tuple[str, ...]:
    given = [found for layer in layers if (found := _options(layer, "external")) is not None]
    return tuple(given[-1]) if given else ()


def _is_selected(code: str, layers: list[dict[str, Any]]) -> bool:
    """Whether a rule that is off by default runs: of the prefixes that select and ignore it the longer one wins, of equal ones `ignore`."""
    wanted, unwanted = -1, -1
    for layer in layers:
        if _options(layer, "select") is not None:
            wanted, unwanted = -1, -1
        for key in ("select", "extend-select"):
            wanted = max(wanted, _specificity(code, _options(layer, key)))
        for key in ("ignore", "extend-ignore"):
            unwanted = max(unwanted, _specificity(code, _options(layer, key)))
    return wanted > unwanted


def _specificity(code: str, prefixes: list[str] | None) -> int:
    fitting = (prefix for prefix in prefixes or () if prefix == "ALL" or code.startswith(prefix))
    return max((0 if prefix == "ALL" else len(prefix) for prefix in fitting), default=-1)


def with_external(ruff: Ruff, content: bytes) -> bytes:
    """The content of ruff's configuration file with our codes in `lint.external`, all else byte for byte as it was.

    Raises `SessionlintError` where that would not be what ruff reads afterwards.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    shown = shown_path(ruff.file)
    try:
        text = content.decode("utf-8")
        document = tomlkit.parse(text)
        place: Any = document
        if ruff.file.name == "pyproject.toml":
            place = place["tool"]["ruff"]
        is_old = "external" in place and "external" not in place.get("lint", {})
        if not is_old:
            if "lint" not in place:
                place["lint"] = tomlkit.table()
            place = place["lint"]
        if isinstance(place.get("external"), list):
            place["external"].append(OURS)
        else:
            place["external"] = [*ruff.external, OURS]
        new = tomlkit.dumps(document)
        done = tomllib.loads(new)
    except (UnicodeDecodeError, TOMLKitError, tomllib.TOMLDecodeError) as error:
        raise SessionlintError(f"`lint.external` cannot be written: {error}", file=shown, hint='add `external = ["SES"]` by hand') from None
    if _without_external(done, ruff.file) != _without_external(tomllib.loads(text), ruff.file) or OURS not in _listed(done, ruff.file):
        raise SessionlintError("`lint.external` cannot be written", file=shown, hint='add `external = ["SES"]` by hand')
    return new.encode()


def _listed(document: dict[str, Any], file: Path) -> list[str]:
    return _options(document["tool"]["ruff"] if file.name == "pyproject.toml" else document, "external") or []


def _without_external(document: dict[str, Any], file: Path) -> dict[str, Any]:
    ruff = document["tool"]["ruff"] if file.name == "pyproject.toml" else document
    lint = {key: value for key, value in ruff.get("lint", {}).items() if key != "external"}
    rest = {key: value for key, value in ruff.items() if key not in ("external", "lint")}
    cut = {**rest, "lint": lint}
    return {**document, "tool": {**document["tool"], "ruff": cut}} if file.name == "pyproject.toml" else cut
