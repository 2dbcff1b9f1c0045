"""Whether a rewritten program stands: every file parses, what was to be mended is gone, nothing new is wrong. Entry point: `Verifier`."""

from __future__ import annotations

import re
import tokenize
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from sessionlint.check import Checked, Finding, checked
from sessionlint.config import Settings
from sessionlint.facts import FileFacts
from sessionlint.link import Program, link
from sessionlint.rewrite.codemod import Spot
from sessionlint.rewrite.text import tokens_of
from sessionlint.solve import Earlier, aligned, solve
from sessionlint.source import SourceFile

_HARMLESS = {"SES002", "SES108"}
"""A comment that silenced what is mended now has served its turn; a `commit()` that stays where it was, in a scope that commits too,
changes nothing."""


_DIRECTIVE = re.compile(r"#\s*(sessionlint:|noqa|type:\s*ignore|pyright:|pylint:|pragma:|nosec)", re.I)
"""Comments to a tool about a line; they may go with it."""

Evidence = tuple[str, str, str]
"""A finding by its code, file and function."""


@dataclass(frozen=True, slots=True)
class State:
    """A program with the contents of its files, what the rules find in it, and what walking it gave."""

    program: Program
    sources: Mapping[str, bytes]
    found: Checked
    walked: Earlier

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Those that no comment silences."""
        return self.found.findings


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a rewritten program does not stand: the file (empty if it is in none that changed) and the reason."""

    file: str
    reason: str


class Verifier:
    """Compares programs with the one that is being rewritten, by their findings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._tried: State | None = None

    def verified(
        self,
        before: State,
        new: Mapping[str, bytes],
        mended: Iterable[Spot],
        moved: Set[Evidence] = frozenset(),
        comments: Set[tuple[str, int]] = frozenset(),
    ) -> State | list[Problem]:
        """The state after the new contents, in which the spots are to be mended; or what is wrong with it. `moved` may be found now, and
        the comments on the rows `comments` need not be as they were."""
        problems = [Problem(file, f"the comment `{lost}` would be lost") for file, lost in _lost_comments(before, new, comments)]
        program = _relinked(before.program, self.settings, new)
        problems += [Problem(name, "the result would not parse") for name in new if not _parses(before.program, program, name)]
        mended = list(mended)
        problems += _still_acquired(before.program, program, mended)
        if problems:
            return problems
        after = self._analysed(before, program, {**before.sources, **new})
        return _still_found(before, after, mended) + _newly_found(before, after, new, moved) or after

    def _analysed(self, before: State, program: Program, sources: Mapping[str, bytes]) -> State:
        """What is found in a program, which is near the one before it, and mostly nearer to the one that was tried last."""
        bases = [before] if self._tried is None else [self._tried, before]
        edited, base = min((([name for name in sources if sources[name] != base.sources[name]], base) for base in bases), key=_distance)
        walked = base.walked.after({name: aligned(_facts(base.program, name), _facts(program, name)) for name in edited})
        self._tried = State(program, sources, checked(program, solve(program, walked), self.settings), walked)
        return self._tried


def _distance(found: tuple[list[str], State]) -> int:
    return len(found[0])


def _relinked(program: Program, settings: Settings, new: Mapping[str, bytes]) -> Program:
    from sessionlint.capture import capture, capture_template

    files: dict[str, tuple[SourceFile, FileFacts]] = {name: (m.source, m.facts) for name, m in program.files.items()}
    templates = {name: (source, program.templates.facts[name]) for name, source in program.templates.sources.items()}
    for name, content in new.items():
        if name in templates:
            templates[name] = (templates[name][0], capture_template(content))
        else:
            files[name] = (files[name][0], capture(content))
    return link(files, settings, templates)


def _facts(program: Program, name: str) -> FileFacts:
    return program.templates.facts[name] if name in program.templates.sources else program.files[name].facts


def _parses(before: Program, after: Program, name: str) -> bool:
    """Whether a file that was changed can be read, a template as far as it could before."""
    if name in after.templates:
        return bool(after.templates.facts[name].templates) or not before.templates.facts[name].templates
    return after.files[name].facts.error is None


def _lost_comments(before: State, new: Mapping[str, bytes], free: Set[tuple[str, int]]) -> list[tuple[str, str]]:
    found = []
    for name, content in new.items():
        if name in before.program.files:
            lost = _comments(before.sources[name], {row for file, row in free if file == name}) - _comments(content)
            found += [(name, comment) for comment in sorted(lost)]
    return found


def _comments(content: bytes, free: Set[int] = frozenset()) -> Counter[str]:
    """The comments that have to stay; those on `free` rows need not."""
    try:
        tokens = [token.string for token in tokens_of(content) if token.type == tokenize.COMMENT and token.start[0] not in free]
    except (tokenize.TokenError, SyntaxError):
        return Counter()
    return Counter(comment for comment in tokens if not _DIRECTIVE.match(comment))


def _still_acquired(before: Program, after: Program, mended: list[Spot]) -> list[Problem]:
    """Files with more direct acquisitions than there may be; what a scope is made of does not count."""
    wanted = Counter(spot.file for spot in mended if not isinstance(spot.about, Finding))
    was, now = _acquired(before), _acquired(after)
    return [Problem(file, "the direct acquisition would still be there") for file, n in wanted.items() if now[file] > was[file] - n]


def _acquired(program: Program) -> Counter[str]:
    return Counter(site.at.file for site in program.acquisitions if site.function not in program.scopes)


def _still_found(before: State, after: State, mended: list[Spot]) -> list[Problem]:
    wanted = Counter((s.code, s.file, s.function) for s in mended if isinstance(s.about, Finding))
    was, now = _evidence(before.findings), _evidence(after.findings)
    for (code, file, function), n in [*wanted.items()]:
        if code == "SES003":  # a comment that can be read now may turn out to silence nothing
            wanted["SES002", file, function] -= n
    return [
        Problem(file, f"{code} would still be reported in `{function}`" if function else f"{code} would still be reported")
        for (code, file, function), n in sorted(wanted.items())
        if now[code, file, function] > was[code, file, function] - n
    ]


def _newly_found(before: State, after: State, new: Mapping[str, bytes], moved: Set[Evidence]) -> list[Problem]:
    found = []
    for code, file, function in sorted((_evidence(after.findings) - _evidence(before.findings)).elements()):
        if code not in _HARMLESS and (code, file, function) not in moved:
            where = f"in `{function}`" if function else f"in {file}"
            found.append(Problem(file if file in new else "", f"`check` would report a new {code} {where}"))
    return found


def _evidence(findings: Iterable[Finding]) -> Counter[Evidence]:
    return Counter((found.code, found.at.file, found.qualname) for found in findings)
