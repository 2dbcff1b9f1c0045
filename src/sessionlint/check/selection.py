"""Which rules run, which findings a file is spared, and which may be fixed: `select`, `ignore`, `per-file-ignores`, `fixable` and their
like as ruff understands them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sessionlint.check.finding import Applicability
from sessionlint.check.registry import all_rules, is_known, nearest, rule_of
from sessionlint.config import Settings
from sessionlint.source import SessionlintError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    from sessionlint.check.rule import Rule

ALL = "ALL"
_NEVER, _NOTHING, _ALL = -2, -1, 0


def selected(settings: Settings) -> tuple[Rule, ...]:
    """The rules that run. The more specific of two prefixes wins, of equal ones the one that ignores.

    Rules that are about the run itself (`Rule.is_of_run`) need no selection, and one that `is_permanent` cannot be ignored either.
    Raises `SessionlintError` for a code that no rule begins with.
    """
    codes = check_codes(settings)
    return tuple(rule for rule in all_rules() if _runs(rule, *codes))


def is_selected(settings: Settings, code: str) -> bool:
    """Whether one rule runs; otherwise as `selected`."""
    return _runs(rule_of(code), *check_codes(settings))


def check_codes(settings: Settings) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What is selected, what in addition, and what ignored. Raises `SessionlintError` for a code that no rule begins with."""
    lint = settings.lint
    wanted = _checked(settings, "select", lint.select)
    extended = _checked(settings, "extend-select", lint.extend_select)
    unwanted = _checked(settings, "ignore", lint.ignore)
    _checked(settings, "per-file-ignores", [code for _, codes in lint.per_file_ignores for code in codes])
    return wanted, extended, unwanted


def _runs(rule: Rule, wanted: Sequence[str], extended: Sequence[str], unwanted: Sequence[str]) -> bool:
    if rule.is_permanent:
        return True
    is_chosen = rule.is_of_run or (rule.default and not wanted)
    chosen = max(_NOTHING if is_chosen else _NEVER, _specificity(rule.code, wanted), _specificity(rule.code, extended))
    return chosen > _specificity(rule.code, unwanted)


def _specificity(code: str, prefixes: Iterable[str]) -> int:
    """The length of the longest of `prefixes` that `code` begins with; `ALL` is shorter than any, and more than nothing."""
    lengths = [_ALL if prefix == ALL else len(prefix) for prefix in prefixes if prefix == ALL or code.startswith(prefix)]
    return max(lengths, default=_NEVER)


def _checked(settings: Settings, key: str, codes: Iterable[str]) -> tuple[str, ...]:
    """The codes that a setting holds, in capitals. Raises `SessionlintError`, with its place, for one that no rule begins with."""
    known = tuple(code.upper() for code in codes)
    for code in known:
        if code != ALL and not (code and is_known(code)):
            origin = settings.origins.get(key)
            file, row = (origin.file, origin.row) if origin is not None else ("", 0)
            raise SessionlintError(f"unknown rule code `{code}` in `{key}`", file=file, row=row, hint=nearest(code))
    return known


class PerFileIgnores:
    """`per-file-ignores` of one run: patterns as in `.gitignore`, from the root; one that begins with `!` means all other files."""

    def __init__(self, settings: Settings) -> None:
        from pathspec import GitIgnoreSpec

        self._entries: list[tuple[bool, GitIgnoreSpec, tuple[str, ...]]] = []
        for pattern, codes in settings.lint.per_file_ignores:
            is_negated = pattern.startswith("!")
            try:
                spec = GitIgnoreSpec.from_lines([pattern.removeprefix("!")])
            except ValueError as error:
                raise SessionlintError(f"`per-file-ignores` holds a pattern that cannot be read: {error}") from None
            self._entries.append((is_negated, spec, tuple(code.upper() for code in codes)))

    def cover(self, file: str, code: str) -> bool:
        """Whether findings of `code` are not wanted in `file` (a name relative to the root)."""
        return any(
            spec.match_file(file) is not is_negated and _specificity(code, codes) > _NEVER for is_negated, spec, codes in self._entries
        )


class Fixability:
    """Which rules' findings may be fixed, and how far fixes are trusted. Raises `SessionlintError` for a code that no rule begins with."""

    def __init__(self, settings: Settings) -> None:
        fixes = settings.fixes
        self._wanted = _checked(settings, "fixable", fixes.fixable)
        self._extended = _checked(settings, "extend-fixable", fixes.extend_fixable)
        self._unwanted = _checked(settings, "unfixable", fixes.unfixable)
        self._safe = _checked(settings, "extend-safe-fixes", fixes.extend_safe)
        self._unsafe = _checked(settings, "extend-unsafe-fixes", fixes.extend_unsafe)

    def covers(self, code: str) -> bool:
        """Whether fixes of a rule are wanted. The more specific prefix wins, of equal ones the one that says no."""
        wanted = max(_specificity(code, self._wanted), _specificity(code, self._extended))
        return wanted > _specificity(code, self._unwanted)

    def applicability(self, code: str, proposed: Applicability) -> Applicability:
        """How far a fix is trusted that a codemod proposes; of equally specific prefixes the one that says unsafe wins."""
        safe, unsafe = _specificity(code, self._safe), _specificity(code, self._unsafe)
        if proposed is Applicability.UNSAFE and safe > unsafe:
            return Applicability.SAFE
        if proposed is Applicability.SAFE and unsafe >= safe and unsafe >= 0:
            return Applicability.UNSAFE
        return proposed
