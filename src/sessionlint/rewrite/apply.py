"""From decisions to new contents: the edits of each file put together, verified, and given up one by one where they do not stand.
Entry point: `migrate`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sessionlint.check import Finding
from sessionlint.config import Settings
from sessionlint.link import Acquisition, Program
from sessionlint.rewrite.codemod import Addition, Decision, Edit, Refusal
from sessionlint.rewrite.codemods.scope import add_imports
from sessionlint.rewrite.edit import Insertion, LineEdits, clashes, compose
from sessionlint.rewrite.journal import Change
from sessionlint.rewrite.plan import PlannedSite, decisions, planned
from sessionlint.rewrite.text import read_text, string_rows
from sessionlint.rewrite.verify import Verifier

PASSES = 5
"""How often a program is gone over again for sites whose edits had to wait for others; two have always been enough."""

Key = tuple[str, str, int]
"""File, function and which of the function's acquisitions it is: what names a site from one pass to the next."""


@dataclass(frozen=True, slots=True)
class Migration:
    """`changes` are the files that change, `migrated` and `left` the sites with their places as they are now, before anything is
    written."""

    changes: tuple[Change, ...]
    migrated: tuple[PlannedSite, ...]
    left: tuple[PlannedSite, ...]


@dataclass(slots=True)
class _State:
    """`remaining` are, for each file and function, the numbers of the acquisitions that are still there."""

    program: Program
    sources: dict[str, bytes]
    given_up: dict[Key, Refusal] = field(default_factory=dict)
    remaining: dict[tuple[str, str], list[int]] = field(default_factory=dict)


def migrate(
    program: Program,
    settings: Settings,
    sources: Mapping[str, bytes],
    is_wanted: Callable[[str, int], bool],
    findings: Sequence[Finding],
) -> Migration:
    """What the files will be. Writes nothing; see `journal.write`.

    `is_wanted` says of a site, by its file and row as they are now, whether it is to be migrated; `findings` are those of the program as
    it is.
    An edit that does not stand up to verification (it does not parse, the finding stays, a new one appears) becomes a refusal.
    """
    state = _State(program, dict(sources))
    keys = _named(state, [site for site in program.acquisitions if site.at.file in sources])
    wanted = {key for key, site in keys.items() if is_wanted(site.at.file, site.at.range.row)}
    verifier = Verifier(settings, findings)
    first: dict[Key, PlannedSite] = {}
    done: dict[Key, str] = {}
    for _ in range(PASSES):
        found = _decided(state, settings, wanted)
        for key, decision in found.items():
            first.setdefault(key, planned(decision, state.program))
        edits = {key: d for key, d in found.items() if isinstance(d.outcome, Edit) and key not in state.given_up}
        if not edits:
            break
        applied = _apply(state, edits, verifier)
        done.update(applied)
        if not applied and not state.given_up:
            break
    last = {key: planned(decision, state.program) for key, decision in _decided(state, settings, wanted).items()}
    return _result(program, sources, state, first, last, done)


def _result(
    program: Program,
    sources: Mapping[str, bytes],
    state: _State,
    first: dict[Key, PlannedSite],
    last: dict[Key, PlannedSite],
    done: dict[Key, str],
) -> Migration:
    changes = [Change(name, sources[name], new) for name, new in sorted(state.sources.items()) if new != sources[name]]
    migrated = [site for key, site in first.items() if key in done]
    left = []
    for key, site in first.items():
        if key not in done:
            refusal = state.given_up.get(key)
            now = last.get(key, site) if site.can else site
            code, reason = (refusal.code, refusal.reason) if refusal is not None else (now.code, now.reason)
            left.append(PlannedSite(site.file, site.row, site.function, site.strategy, "", code, reason, 0))
    order = lambda site: (site.file, site.row)  # noqa: E731
    return Migration(tuple(changes), tuple(sorted(migrated, key=order)), tuple(sorted(left, key=order)))


def _named(state: _State, sites: list[Acquisition]) -> dict[Key, Acquisition]:
    """The sites under names that survive the edits."""
    by_place: dict[tuple[str, str], list[Acquisition]] = {}
    for site in sites:
        by_place.setdefault((site.at.file, state.program.function(site.function).qualname), []).append(site)
    found: dict[Key, Acquisition] = {}
    for place, there in by_place.items():
        numbers = state.remaining.setdefault(place, list(range(1, len(there) + 1)))
        found.update({(*place, number): site for number, site in zip(numbers, there, strict=False)})
    return found


def _decided(state: _State, settings: Settings, wanted: set[Key]) -> dict[Key, Decision]:
    """The decisions of the wanted sites that are still there."""
    files = {key[0] for key in wanted}
    made = {d.site: d for d in decisions(state.program, settings, state.sources, lambda file: file in files)}
    keys = _named(state, [site for site in state.program.acquisitions if site.at.file in state.sources])
    return {key: made[site] for key, site in keys.items() if key in wanted}


def _apply(state: _State, edits: dict[Key, Decision], verifier: Verifier) -> dict[Key, str]:
    """Apply what fits together in each file; returns the sites that were rewritten, and refuses in `state` those that fail verification."""
    new: dict[str, bytes] = {}
    chosen: dict[str, list[Key]] = {}
    for file in sorted({key[0] for key in edits}):
        keys = [key for key in edits if key[0] == file]
        content, taken = _edited(state.sources[file], keys, edits)
        if taken:
            new[file], chosen[file] = content, taken
    problems = verifier.problems(state.program, new)
    for file in sorted(problems):
        state.given_up.update({key: Refusal("not-verified", problems[file]) for key in chosen[file]} if len(chosen[file]) == 1 else {})
        content, taken = _one_by_one(state, file, chosen[file], edits, verifier)
        if taken:
            new[file], chosen[file] = content, taken
        else:
            del new[file], chosen[file]
    if new:
        state.program = verifier.relinked(state.program, new)
        state.sources.update(new)
        for file, function, number in (key for keys in chosen.values() for key in keys):
            state.remaining[(file, function)].remove(number)
    return {key: edits[key].strategy for keys in chosen.values() for key in keys}


def _one_by_one(state: _State, file: str, keys: list[Key], edits: dict[Key, Decision], verifier: Verifier) -> tuple[bytes, list[Key]]:
    """The sites of a file that stand up to verification when they are added one after the other."""
    taken: list[Key] = []
    content = state.sources[file]
    for key in keys:
        candidate, all_taken = _edited(state.sources[file], [*taken, key], edits)
        problem = verifier.problems(state.program, {file: candidate}).get(file) if key in all_taken else "it overlaps with another site"
        if problem is None:
            taken.append(key)
            content = candidate
        else:
            state.given_up[key] = Refusal("not-verified", problem)
    return content, taken


def _edited(source: bytes, keys: list[Key], edits: dict[Key, Decision]) -> tuple[bytes, list[Key]]:
    """The file after the edits of these sites, and those of them that did not have to wait for another."""
    text = read_text(source)
    strings = string_rows(source)
    taken: list[Key] = []
    lines: list[LineEdits] = []
    wanted = []
    for key in keys:
        outcome = edits[key].outcome
        assert isinstance(outcome, Edit)
        if not clashes(outcome.edits, lines):
            taken.append(key)
            lines.append(outcome.edits)
            if outcome.new_import is not None:
                wanted.append(outcome.new_import)
    imports = add_imports(wanted, text.lines)
    if imports is None or clashes(imports, lines):
        keep = [key for key in taken if _import_of(edits[key]) is None]
        return _edited(source, keep, edits) if keep else (source, [])
    added = {addition for key in taken for addition in _additions_of(edits[key])}
    shared = LineEdits(inserted=[Insertion(a.row, line) for a in sorted(added, key=lambda a: (a.row, a.lines)) for line in a.lines])
    try:
        return text.encode(compose(text, [*lines, imports, shared], strings)), taken
    except UnicodeEncodeError:
        return source, []


def _additions_of(decision: Decision) -> tuple[Addition, ...]:
    return decision.outcome.additions if isinstance(decision.outcome, Edit) else ()


def _import_of(decision: Decision) -> object:
    return decision.outcome.new_import if isinstance(decision.outcome, Edit) else None
