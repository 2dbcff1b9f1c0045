"""From findings to new contents: every codemod is asked, what fits together is put together and verified, what does not stand is given
up. Entry point: `migrate`."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sessionlint.check import Applicability, Checked, Finding, Fixability
from sessionlint.config import Settings
from sessionlint.link import Program
from sessionlint.rewrite.codemod import Codemod, Context, Proposal, Refusal, Spot
from sessionlint.rewrite.compose import Draft
from sessionlint.rewrite.journal import Change
from sessionlint.rewrite.registry import all_codemods
from sessionlint.rewrite.standing import Batch, stand
from sessionlint.rewrite.verify import State, Verifier
from sessionlint.solve import Earlier

PASSES = 10
"""How often a program is gone over again for proposals that had to wait for others; ruff stops after a hundred, two are usual here."""

NOT_TRUSTED = "not-trusted"
"""The code of what is left only because its applicability is not good enough."""

_KEY = "rewrite"
"""What results are kept under, if nobody has any yet: those of one verification are for the next one."""

Key = tuple[str, str, str, str, str, int]
"""Codemod, rule, file, function, evidence and a number: what names a spot from one pass to the next."""


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """A proposal that was applied, and the files as they were for it."""

    proposal: Proposal
    sources: Mapping[str, bytes]

    def changes(self) -> tuple[Change, ...]:
        """What this proposal alone makes of the files."""
        contents = Draft(self.sources).with_all([self.proposal])[0].contents()
        return tuple(Change(file, self.sources[file], content) for file, content in contents.items())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a spot, with its place as it is before anything is written.

    `message` is what was done, `applied` how; `code` and `reason` say why nothing was, and then `message` is empty.
    """

    key: Key
    file: str
    row: int
    message: str = ""
    code: str = ""
    reason: str = ""
    applied: Applied | None = None

    @property
    def codemod(self) -> str:
        """The codemod that was asked."""
        return self.key[0]

    @property
    def rule(self) -> str:
        """The rule whose finding it is."""
        return self.key[1]

    @property
    def function(self) -> str:
        """The qualified name of the function it stands in."""
        return self.key[3]


@dataclass(frozen=True, slots=True)
class Migration:
    """`changes` are the files that change; `migrated` are the spots that were mended, `left` those that were not; `after` is the program
    that comes of it."""

    changes: tuple[Change, ...]
    migrated: tuple[Outcome, ...]
    left: tuple[Outcome, ...]
    after: State


@dataclass(frozen=True, slots=True)
class _Keyed:
    """A spot under a key that survives the edits, and the codemod that can be asked about it."""

    key: Key
    spot: Spot
    codemod: Codemod


@dataclass(frozen=True, slots=True)
class _Asked:
    """A spot that a codemod was asked about, and its answer."""

    key: Key
    spot: Spot
    answer: Proposal | Refusal


@dataclass(slots=True)
class _Run:
    """`remaining` are the numbers of the spots of each kind that are still there; `outcomes` what is known of each so far."""

    codemods: Sequence[type[Codemod]]
    settings: Settings
    trusted: frozenset[Applicability]
    state: State
    fixability: Fixability | None = None
    remaining: dict[tuple[str, ...], list[int]] = field(default_factory=dict)
    outcomes: dict[Key, Outcome] = field(default_factory=dict)
    given_up: set[Key] = field(default_factory=set)


def migrate(
    program: Program,
    settings: Settings,
    sources: Mapping[str, bytes],
    is_wanted: Callable[[Spot], bool],
    findings: Sequence[Finding],
    *,
    codemods: Sequence[type[Codemod]] | None = None,
    trusted: Iterable[Applicability] = (Applicability.SAFE, Applicability.UNSAFE),
    fixability: Fixability | None = None,
    chosen: Container[Key] | None = None,
    walked: Earlier | None = None,
) -> Migration:
    """What the files will be. Writes nothing; see `journal.write`.

    `is_wanted` says of a spot, as it is now, whether it is to be mended; `findings` are all those of the program as it is, whether or not
    somebody wants to hear of them. `codemods` are those to ask (all, if None), `trusted` the applicabilities that are good enough, as
    `fixability` sees them, `chosen` the outcomes of an earlier run, by key, to which this one is to be held; `walked` is what walking
    the program gave, of which verification finds out again only what edits touch. A proposal that does not stand up to verification (it
    does not parse, the finding stays, a new one appears, a comment is lost) becomes a refusal.
    """
    state = State(program, dict(sources), Checked(tuple(findings), ()), walked or Earlier(key=_KEY))
    run = _Run(all_codemods() if codemods is None else codemods, settings, frozenset(trusted), state, fixability)
    spots = _spots(run)
    seen = {spot.key for spot in spots}
    wanted = {one.key for one in spots if is_wanted(one.spot) and (chosen is None or one.key in chosen)}
    verifier = Verifier(settings)
    for _ in range(PASSES):
        asked = [_Asked(one.key, one.spot, one.codemod.answer(one.spot)) for one in spots if one.key in wanted]
        _note(run, asked)
        standing = [one for one in asked if _is_open(run, one)]
        if not standing or not _apply(run, standing, verifier):
            break
        spots = _spots(run)
        _settle(run, wanted & seen - {spot.key for spot in spots})
        wanted |= set() if chosen is not None else _brought_about(run, spots, seen, sources)
    changes = [Change(name, sources[name], new) for name, new in sorted(run.state.sources.items()) if new != sources[name]]
    known = (outcome for key, outcome in run.outcomes.items() if key in seen or not outcome.reason)
    outcomes = sorted(known, key=lambda o: (o.file, o.row, o.key))
    migrated = tuple(o for o in outcomes if not o.reason)
    return Migration(tuple(changes), migrated, tuple(o for o in outcomes if o.reason), run.state)


def _spots(run: _Run) -> list[_Keyed]:
    """Every spot of every codemod."""
    context = Context(run.state.program, run.settings, run.state.sources, run.state.findings)
    found = []
    for kind in run.codemods:
        codemod = kind(context)
        places: dict[tuple[str, str, str, str, str], list[Spot]] = {}
        for spot in codemod.spots():
            if spot.file in run.state.sources:
                places.setdefault((kind.name, spot.code, spot.file, spot.function, spot.evidence), []).append(spot)
        for place, spots in places.items():
            numbers = run.remaining.setdefault(place, list(range(1, len(spots) + 1)))
            found += [_Keyed((*place, number), spot, codemod) for number, spot in zip(numbers, spots, strict=False)]
    return found


def _note(run: _Run, asked: list[_Asked]) -> None:
    """Remember the place of every spot, and why nothing was done about it, as both are before the first edit."""
    for one in asked:
        spot, reason = one.spot, _reason(run, one) or Refusal("waiting", "it overlaps with another edit")
        known = run.outcomes.get(one.key)
        if known is None:
            known = Outcome(one.key, spot.file, spot.row, code=reason.code, reason=reason.reason)
        elif known.code == "waiting":
            known = replace(known, code=reason.code, reason=reason.reason)
        run.outcomes[one.key] = known


def _reason(run: _Run, one: _Asked) -> Refusal | None:
    answer = one.answer
    if isinstance(answer, Refusal):
        return answer
    applicability = answer.applicability
    if run.fixability is not None:
        applicability = run.fixability.applicability(one.spot.code, applicability)
    if applicability not in run.trusted:
        return Refusal(NOT_TRUSTED, f"{answer.message[:1].lower()}{answer.message[1:]}: it may change what the program does")
    return None


def _is_open(run: _Run, one: _Asked) -> bool:
    return one.key not in run.given_up and _reason(run, one) is None


def _settle(run: _Run, gone: set[Key]) -> None:
    """Spots that went with others that were mended are mended as well."""
    for key in gone:
        if run.outcomes[key].reason:
            run.outcomes[key] = _mended(run.outcomes[key], "Mended with another")


def _brought_about(run: _Run, spots: list[_Keyed], seen: set[Key], sources: Mapping[str, bytes]) -> set[Key]:
    """Spots in changed files that were none before (a `commit()` that the new scope makes too): a second run shall find nothing to do."""
    return {one.key for one in spots if one.key not in seen and run.state.sources[one.spot.file] != sources[one.spot.file]}


def _mended(known: Outcome, message: str) -> Outcome:
    return replace(known, message=message, code="", reason="")


def _apply(run: _Run, asked: list[_Asked], verifier: Verifier) -> bool:
    """Apply what fits together and stands; whether the program is another one now."""
    together: dict[object, list[_Asked]] = {}
    for one in asked:
        assert isinstance(one.answer, Proposal)
        together.setdefault((one.key[0], one.answer.key) if one.answer.key else one.key, []).append(one)
    proposals = {name: ones[0].answer for name, ones in together.items()}
    keys: dict[Batch, list[_Asked]] = {}
    for name, proposal in proposals.items():
        assert isinstance(proposal, Proposal)
        keys[Batch(proposal, tuple(one.spot for one in together[name]))] = together[name]
    _, waiting = Draft(run.state.sources).with_all([batch.proposal for batch in keys])
    standing = stand(run.state, [batch for batch in keys if not any(batch.proposal is other for other in waiting)], verifier)
    for batch, reason in standing.failed:
        for one in keys[batch]:
            run.given_up.add(one.key)
            run.outcomes[one.key] = replace(run.outcomes[one.key], code="not-verified", reason=reason)
    for batch in standing.taken:
        for one in keys[batch]:
            applied = Applied(batch.proposal, run.state.sources)
            run.outcomes[one.key] = replace(_mended(run.outcomes[one.key], batch.proposal.message), applied=applied)
            run.remaining[one.key[:5]].remove(one.key[5])
    run.state = standing.state
    return bool(standing.taken) or bool(standing.failed and waiting)
