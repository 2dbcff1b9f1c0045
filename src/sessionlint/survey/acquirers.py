"""What hands out sessions that somebody has to end, under names that the configuration can say. Entry point: `propose_acquirers`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from sessionlint.link import Acquisition, FunctionId, VariableSymbol
from sessionlint.link.collect import Collected, collect
from sessionlint.link.sessions.acquisitions import find_acquisitions
from sessionlint.source import Location, is_test
from sessionlint.survey.found import Proposal
from sessionlint.survey.handing import Handing, Use, find_handing
from sessionlint.survey.looking import Looking, counted, last_part, tail_of, written

KEY = "sessions.acquirers"
_NAMES = 3
"""How many names one function gets at most; what is reached under yet another one is left."""


def propose_acquirers(look: Looking, leaks: frozenset[Location], *, factories: bool = True) -> tuple[Proposal, ...]:
    """The functions whose calls SES101 should report, and as unsure ones those that callers mostly use in a `with`, and `factories`.

    `leaks` are the calls that open a session which may stay open.
    """
    found = find_handing(look, factories=factories)
    own = {handing.source for handing in found}
    finder = _Finder(look, own)
    proposals = [proposal for handing in found for proposal in finder.of(handing, leaks)]
    known = {proposal.value for proposal in proposals}
    proposals += (proposal for proposal in _configured(look, leaks) if proposal.value not in known)
    return tuple(sorted(_unique(proposals), key=lambda proposal: (not proposal.is_sure, proposal.at, -proposal.times, proposal.value)))


def _unique(proposals: Sequence[Proposal]) -> list[Proposal]:
    """One proposal a name: two functions that are reached alike are one name to the configuration."""
    best: dict[str, Proposal] = {}
    for proposal in proposals:
        if proposal.value not in best or proposal.is_sure > best[proposal.value].is_sure:
            best[proposal.value] = proposal
    return list(best.values())


class _Finder:
    def __init__(self, look: Looking, own: set[FunctionId | VariableSymbol]) -> None:
        self._look, self._own = look, own

    @cached_property
    def _collected(self) -> Collected:
        names = {_name(self._look, source) for source in self._own}
        readable = {file: module.facts for file, module in self._look.program.files.items() if module.facts.functions}
        return collect(readable, frozenset(names))

    def of(self, handing: Handing, leaks: frozenset[Location]) -> Iterator[Proposal]:
        uses = [use for use in handing.uses if use.function not in self._look.program.scopes]
        bare = [use for use in uses if not use.is_block and not self._is_passed_on(use)]
        is_factory = isinstance(handing.source, VariableSymbol)
        if not bare:
            return
        is_sure = not is_factory and 2 * len(bare) >= len(uses)
        for name in self._names(handing):
            reported = self._reported(name)
            yield Proposal(KEY, name, self._place(handing), self._told(handing, reported, leaks), is_sure, len(reported))

    def _names(self, handing: Handing) -> list[str]:
        """The fewest dotted tails under which the calls are known, and nothing else is."""
        left, names = [use for use in handing.uses if not is_test(use.function.file)], list[str]()
        while left and len(names) < _NAMES:
            times = self._look.tails((use.function, use.call) for use in left)
            best = next((name for name, _ in times.most_common() if self._is_right(name)), "") or self._longer(left)
            if not best:
                break
            names.append(best)
            left = [use for use in left if not self._is_known(use, best)]
        return names

    def _longer(self, left: list[Use]) -> str:
        """A name of three parts, where two are not enough to tell it from others."""
        spelled = (text for use in left for text in self._look.program.spellings(use.function, use.call.func))
        return next((tail for text in spelled if (tail := tail_of(text, 3)) and self._is_right(tail)), "")

    def _is_known(self, use: Use, name: str) -> bool:
        return any(f".{text}".endswith(f".{name}") for text in self._look.program.spellings(use.function, use.call.func))

    def _is_right(self, name: str) -> bool:
        """Whether nothing of the program that is known to be something else is called by that name."""
        for found in self._acquisitions(name):
            call = next(call for function, call in self._collected.calls[last_part(name)] if found.at == Location(function.file, call.at))
            symbol = self._look.program.resolve(found.function, call.func)
            source = symbol if isinstance(symbol, VariableSymbol) else self._look.receivers.callee(found.function, call.func)
            if source is not None and source not in self._own:
                return False
        return True

    def _acquisitions(self, name: str) -> tuple[Acquisition, ...]:
        return find_acquisitions((name,), self._collected, self._look.receivers)

    def _reported(self, name: str) -> list[Location]:
        """Where SES101 speaks once the name is configured."""
        return [found.at for found in self._acquisitions(name) if found.function not in self._look.program.scopes]

    def _is_passed_on(self, use: Use) -> bool:
        """Whether the session belongs to somebody else at once: the function hands it out itself, or yields it and ends it."""
        return use.function in self._own or self._look.program.function(use.function).is_generator

    def _place(self, handing: Handing) -> Location:
        if isinstance(handing.source, FunctionId):
            return self._look.place(handing.source)
        return Location(handing.source.file, handing.made.at)

    def _told(self, handing: Handing, reported: list[Location], leaks: frozenset[Location]) -> str:
        made = written(handing.made)
        if isinstance(handing.source, FunctionId):
            returned = f"returns {f'`{made}`' if made else 'a new session'}"
            told = f"`{self._look.program.function(handing.source).qualname}()` {returned}"
        else:
            told = f"`{handing.source.name}` is `{made}`"
        return f"{told}, {_called(reported, leaks)}"


def _called(calls: Sequence[Location], leaks: frozenset[Location]) -> str:
    """In how many places something is called, and how many of them may leave the session open."""
    open_ = len(leaks.intersection(calls))
    left = "" if not open_ else ", which may leave it open" if len(calls) == 1 else f", {open_} of which may leave it open"
    return f"called in {counted(len(calls), 'place')}{left}"


def _configured(look: Looking, leaks: frozenset[Location]) -> Iterator[Proposal]:
    """The configured acquirers (so far the default one) that are called, although what they return is not seen."""
    by_name: dict[str, list[Location]] = {}
    for found in look.program.acquisitions:
        if found.function not in look.program.scopes:
            by_name.setdefault(found.acquirer, []).append(found.at)
    for name, places in by_name.items():
        yield Proposal(
            KEY, name, min(places), f"`{name}()`, of which it is not seen what it returns, is {_called(places, leaks)}", times=len(places)
        )


def _name(look: Looking, source: FunctionId | VariableSymbol) -> str:
    return source.name if isinstance(source, VariableSymbol) else look.program.function(source).name
