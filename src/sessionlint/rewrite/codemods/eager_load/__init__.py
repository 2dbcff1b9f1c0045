"""eager-load: the loader options that a query lacks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from sessionlint.check.finding import Applicability, Finding, MissingLoad
from sessionlint.link import ClassId
from sessionlint.rewrite.codemod import Codemod, Context, FileEdit, Proposal, Refusal, Spot
from sessionlint.rewrite.codemods.eager_load.options import Extended, extended
from sessionlint.rewrite.codemods.eager_load.site import Site, Sites
from sessionlint.rewrite.edit import LineEdits
from sessionlint.source import Location


class EagerLoad(Codemod):
    """Add the loader options to a query that load what is read of its instances when it cannot be loaded any more.

    A collection gets `selectinload`, a to-one `joinedload` (`selectinload` where the query groups or locks its rows), a column `undefer`.
    What several findings miss of one query, and all queries that one finding is reached from, is one change.
    """

    name = "eager-load"
    fixes = ("SES301", "SES303", "SES304", "SES305", "SES306", "SES307")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._sites = Sites(context.program)

    def propose(self, spot: Spot) -> Proposal | Refusal:
        """The options for all queries that are mended with the one that the finding is about."""
        finding = spot.about
        assert isinstance(finding, Finding)
        refusal = self._objection(finding)
        if refusal is not None:
            return refusal
        queries = self._together[finding.loads[0].query]
        done: list[Extended] = []
        for query in queries:
            answer = self._answers[query]
            if isinstance(answer, Refusal):
                return answer
            done.append(answer)
        files: dict[str, FileEdit] = {}
        for query, answer in zip(queries, done, strict=True):
            files[query.file] = _joined(files.get(query.file), answer.edit)
        what = ", ".join(dict.fromkeys(f"`{text}`" for answer in done for text in answer.added))
        where = ", ".join(dict.fromkeys(f"{query.file}:{query.range.row}" for query in queries))
        message = f"Add {what} to the {'query' if len(queries) == 1 else 'queries'} at {where}"
        return Proposal(files, message, Applicability.UNSAFE, key=" ".join(map(str, queries)))

    def _objection(self, finding: Finding) -> Refusal | None:
        """Why nothing can be done about a finding."""
        if not finding.loads and "expired" not in finding.message:
            return Refusal("no-query", "no query is known that brought it: the instance was made here, or came in some other way")
        if not finding.loads:
            return Refusal("expired", "no loader option helps: what a query loads is expired again before the read")
        if finding.is_beyond_options:
            return Refusal(
                "more-than-options", "loader options are not enough: something else that is read there is expired, or of no query"
            )
        for load in finding.loads:
            answer = self._answers[load.query]
            if isinstance(answer, Refusal):
                return answer
        return None

    @cached_property
    def _loads(self) -> dict[Location, list[MissingLoad]]:
        """What each query lacks, for all findings."""
        found: dict[Location, list[MissingLoad]] = {}
        for finding in self._findings():
            for load in finding.loads:
                found.setdefault(load.query, []).append(load)
        return found

    @cached_property
    def _answers(self) -> dict[Location, Extended | Refusal]:
        """Each query with all that it lacks."""
        return {query: self._answer(query, loads) for query, loads in self._loads.items()}

    def _answer(self, query: Location, loads: list[MissingLoad]) -> Extended | Refusal:
        parts: dict[ClassId, list[MissingLoad]] = {}
        for load in loads:
            parts.setdefault(load.entity, []).append(load)
        sites: list[tuple[Site, list[MissingLoad]]] = []
        for part in parts.values():
            site = self._sites.of(part[0])
            if isinstance(site, Refusal):
                return site
            sites.append((site, part))
        return extended(self.program, self.context.lines[query.file], sites)

    @cached_property
    def _together(self) -> dict[Location, list[Location]]:
        """The queries that have to be changed with each: those that a finding is reached from are changed at once."""
        groups = {query: [query] for query in self._loads}
        for finding in self._findings():
            if self._objection(finding) is not None:
                continue
            for load in finding.loads[1:]:
                one, other = groups[finding.loads[0].query], groups[load.query]
                if one is not other:
                    one += other
                    groups.update(dict.fromkeys(other, one))
        return {query: sorted(group) for query, group in groups.items()}

    def _findings(self) -> Iterator[Finding]:
        """Those of which loader options are all that is missing."""
        return (found for found in self.context.findings if found.code in self.fixes and not found.is_beyond_options)


def _joined(one: FileEdit | None, other: FileEdit) -> FileEdit:
    if one is None:
        return other
    edits = LineEdits(
        inserted=[*one.edits.inserted, *other.edits.inserted],
        replaced=[*one.edits.replaced, *other.edits.replaced],
    )
    return FileEdit(edits, (*one.imports, *other.imports), (*one.additions, *other.additions))
