"""Comments that silence what is found, put where it is found. Entry point: `suppress`."""

from __future__ import annotations

import tokenize
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from sessionlint.check import Finding
from sessionlint.check.silencing import suppression_of, suppressions_of
from sessionlint.facts import Suppression
from sessionlint.link import Program
from sessionlint.rewrite.edit import Insertion, LineEdits, Replacement, compose
from sessionlint.rewrite.journal import Change
from sessionlint.rewrite.suppressing.comments import is_of_file, noqa_reason, with_codes
from sessionlint.rewrite.suppressing.places import Places
from sessionlint.rewrite.text import SourceText, read_text, string_rows, tokens_of
from sessionlint.source import Location, Range

LONGEST = 120
"""Characters of a line beyond which a comment stands on a line of its own, above the statement."""

NOT_SILENCED = frozenset({"SES001", "SES002", "SES003", "SES004", "SES005", "SES009"})
"""What is said of comments, of the baseline and of files that cannot be read is not for comments to silence."""


@dataclass(frozen=True, slots=True)
class Added:
    """`changes` are the files with `number` comments more or longer; `left` the findings that got none."""

    changes: tuple[Change, ...]
    number: int
    left: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Wish:
    """What comments are to be like; `is_trimmed` says that line endings behind a tag may be removed."""

    reason: str
    is_noqa: bool
    is_trimmed: bool


@dataclass(slots=True)
class _Draft:
    """What is to be done to one file: codes by the row at whose end they are to stand, or by the comment that takes them too."""

    text: SourceText
    is_template: bool
    known: tuple[Suppression, ...]
    wish: _Wish
    at_row: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    first_of: dict[int, int] = field(default_factory=dict)
    in_comment: dict[Range, set[str]] = field(default_factory=lambda: defaultdict(set))
    edits: LineEdits = field(default_factory=LineEdits)

    def take(self, finding: Finding, row: int, first: int) -> None:
        """Have the finding silenced by a comment that is there, if one can be used, else by a new one at the end of `row`."""
        about = finding.at.range.row
        for one in self.known:
            if one.first_row <= about <= one.last_row and self._takes_more(one):
                self.in_comment[one.at].add(finding.code)
                return
        self.at_row[row].add(finding.code)
        self.first_of[row] = first

    def _takes_more(self, one: Suppression) -> bool:
        """A `noqa` with codes is the only one that flake8 reads of a line; in one of ours the reason is that of all its codes."""
        if self.wish.is_noqa:
            return one.kind == "noqa" and bool(one.codes) and not is_of_file(self.text, one.at)
        return one.kind == "ignore" and one.reason == self.wish.reason

    def write(self) -> int:
        """Make the edits; gives the number of comments."""
        for at, codes in self.in_comment.items():
            self.edits.replaced += with_codes(self.text, at, sorted(codes), self.wish.reason).replaced
        for row, codes in self.at_row.items():
            self._add(row, _comment(sorted(codes), self.wish.reason, is_noqa=self.wish.is_noqa))
        return len(self.in_comment) + len(self.at_row)

    def _add(self, row: int, comment: str) -> None:
        line = self.text.lines[row - 1].rstrip("\r\n")
        bare = line.rstrip()
        end = Range(row, len(bare) + 1, row, len(bare) + 1)
        if self.is_template:
            self.edits.replaced.append(Replacement.of(end, f"{{# {comment} {self._sign(bare)}#}}"))
        elif self.wish.is_noqa or len(bare) + len(comment) + 4 <= LONGEST:
            self.edits.replaced.append(Replacement.of(Range(row, end.column, row, len(line) + 1), f"  # {comment}"))
        else:
            first = self.text.lines[self.first_of[row] - 1]
            self.edits.inserted.append(Insertion(self.first_of[row], f"{first[: len(first) - len(first.lstrip())]}# {comment}"))

    def _sign(self, line: str) -> str:
        """What has blanks and the line ending behind the comment treated as behind the tag that it stands beside."""
        if line.endswith(("-}}", "-%}", "-#}")):
            return "-"
        return "+" if self.wish.is_trimmed and not line.endswith(("%}", "#}")) else ""


def _comment(codes: Sequence[str], reason: str, *, is_noqa: bool) -> str:
    if not is_noqa:
        return f"sessionlint: ignore[{', '.join(codes)}]" + f" -- {reason}" * bool(reason)
    return f"noqa: {', '.join(codes)}" + noqa_reason(reason)


def suppress(
    program: Program, sources: Mapping[str, bytes], findings: Iterable[Finding], *, reason: str = "", is_noqa: bool = False
) -> Added:
    """Comments for all findings that a comment may silence: `# sessionlint: ignore[…] -- reason`, or `# noqa: …`.

    What a file means stays as it is (a template too, whether or not the program sets `trim_blocks`), and each comment is read again before
    it counts. Writes nothing.
    """
    by_file: dict[str, list[Finding]] = defaultdict(list)
    is_trimmed = any(b"trim_blocks" in content for content in sources.values())
    left, changes, number = [], [], 0
    for finding in findings:
        is_ours = finding.code not in NOT_SILENCED and finding.at.file in sources
        by_file[finding.at.file].append(finding) if is_ours else left.append(finding)
    for file, found in sorted(by_file.items()):
        done = _suppressed(program, file, sources[file], found, _Wish(reason, is_noqa, is_trimmed))
        if done is None:
            left += found
            continue
        content, count, without = done
        left += without
        number += count
        if content != sources[file]:
            changes.append(Change(file, sources[file], content))
    return Added(tuple(changes), number, tuple(sorted(left, key=lambda finding: (finding.at, finding.code))))


def _suppressed(
    program: Program, file: str, content: bytes, findings: list[Finding], wish: _Wish
) -> tuple[bytes, int, list[Finding]] | None:
    """The file with comments, how many, and the findings that there is no place for; None if it cannot be edited."""
    is_template = file not in program.files
    try:
        draft = _Draft(read_text(content), is_template, suppressions_of(program, file), wish)
        strings = frozenset[int]() if is_template else string_rows(content)
        without = _placed(draft, content, strings, findings)
        number = draft.write()
        if not draft.text.can_encode(draft.edits.texts()):
            return None
        new = draft.text.encode(compose(draft.text, [draft.edits], strings))
        is_sound = is_template or _code(new) == _code(content)
    except (SyntaxError, UnicodeError, tokenize.TokenError):
        return None
    silenced = [finding for finding in findings if finding not in without]
    return (new, number, without) if is_sound and _all_silenced(new, draft, silenced) else None


def _placed(draft: _Draft, content: bytes, strings: frozenset[int], findings: list[Finding]) -> list[Finding]:
    """Give every finding its place; those that have none. `strings` are the rows that begin inside a string."""
    without: list[Finding] = []
    if draft.is_template:
        from sessionlint.capture import TemplateRows

        rows = TemplateRows("".join(draft.text.lines))
        for finding in findings:
            row = rows.around(finding.at.range.row, finding.at.range.row)[1]
            draft.take(finding, row, row)
        return without
    places = Places(content, draft.text, strings)
    for finding in findings:
        place = places.of(finding.at.range.row)
        if place is None:
            without.append(finding)
        else:
            draft.take(finding, place.row, place.first)
    return without


def _code(content: bytes) -> list[tuple[int, str]]:
    """The tokens of a file that mean something."""
    return [(token.type, token.string) for token in tokens_of(content) if token.type not in {tokenize.COMMENT, tokenize.NL}]


def _all_silenced(content: bytes, draft: _Draft, findings: list[Finding]) -> bool:
    """Whether the comments are understood as they are meant."""
    from sessionlint.capture import capture, capture_template  # slow to import, and `check` never needs it

    facts = capture_template(content) if draft.is_template else capture(content)
    return all(suppression_of(_moved(finding, draft), facts.suppressions) is not None for finding in findings)


def _moved(finding: Finding, draft: _Draft) -> Finding:
    """The finding where its row is after the edits."""
    at = finding.at.range
    by = sum(new.row <= at.row for new in draft.edits.inserted)
    return replace(finding, at=Location(finding.at.file, Range(at.row + by, at.column, at.end_row + by, at.end_column)))
