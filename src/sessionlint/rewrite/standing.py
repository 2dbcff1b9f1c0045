"""Which of some proposals stand up to verification together: all at once if possible, else those that do not are singled out.
Entry point: `stand`."""

from __future__ import annotations

from dataclasses import dataclass, field

from sessionlint.rewrite.codemod import Proposal, Spot
from sessionlint.rewrite.compose import Draft
from sessionlint.rewrite.verify import Problem, State, Verifier


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """One proposal and all the spots that it mends."""

    proposal: Proposal
    spots: tuple[Spot, ...]


@dataclass(slots=True)
class Standing:
    """What stands: the state after the `taken` batches; `failed` are the others, with the reason."""

    state: State
    taken: list[Batch] = field(default_factory=list)
    failed: list[tuple[Batch, str]] = field(default_factory=list)


def stand(before: State, batches: list[Batch], verifier: Verifier) -> Standing:
    """The batches, which fit beside one another, as far as they stand."""
    standing = Standing(before)
    _try(before, standing, batches, verifier)
    return standing


def _try(before: State, standing: Standing, candidates: list[Batch], verifier: Verifier) -> None:
    """Add the candidates to what stands. The number of verifications grows with those that fail, not with those that stand."""
    if not candidates:
        return
    wanted = [*standing.taken, *candidates]
    draft, waiting = Draft(before.sources).with_all([batch.proposal for batch in wanted])
    contents = draft.contents()
    moved = frozenset(finding for batch in wanted for finding in batch.proposal.moved)
    comments = frozenset(place for batch in wanted for place in batch.proposal.comments)
    result = verifier.verified(before, contents, [spot for batch in wanted for spot in batch.spots], moved, comments)
    if isinstance(result, State) and not waiting:
        standing.state, standing.taken = result, wanted
        return
    problems = [] if isinstance(result, State) else result
    if len(candidates) == 1:
        standing.failed.append((candidates[0], problems[0].reason if problems else "it overlaps with another edit"))
        return
    first, second = _divided(candidates, problems)
    _try(before, standing, first, verifier)
    _try(before, standing, second, verifier)


def _divided(candidates: list[Batch], problems: list[Problem]) -> tuple[list[Batch], list[Batch]]:
    """Those that touch no file with a problem and the others; two halves where that does not tell them apart."""
    blamed = {problem.file for problem in problems}
    innocent = [batch for batch in candidates if not blamed & batch.proposal.files.keys()]
    if 0 < len(innocent) < len(candidates) and "" not in blamed:
        return innocent, [batch for batch in candidates if batch not in innocent]
    half = len(candidates) // 2
    return candidates[:half], candidates[half:]
