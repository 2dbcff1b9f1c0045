"""Proposals put together: which of them fit beside one another, and what the files are after them. Entry point: `Draft`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sessionlint.rewrite.codemod import FileEdit, Proposal
from sessionlint.rewrite.edit import Insertion, LineEdits, compose_by_row
from sessionlint.rewrite.imports import add_imports, merged
from sessionlint.rewrite.text import SourceText, read_text, string_rows


@dataclass(slots=True)
class Draft:
    """Proposals that fit together over one state of the files."""

    sources: Mapping[str, bytes]
    taken: list[Proposal] = field(default_factory=list)
    _strings: dict[str, frozenset[int]] = field(default_factory=dict)
    _texts: dict[str, SourceText] = field(default_factory=dict)

    def with_all(self, proposals: list[Proposal]) -> tuple[Draft, list[Proposal]]:
        """A draft with these too, as far as they fit, and those of them that have to wait for another pass."""
        draft, waiting = Draft(self.sources, list(self.taken), self._strings, self._texts), []
        for proposal in proposals:
            if all(draft._fits(file, edit) for file, edit in proposal.files.items()):
                draft.taken.append(proposal)
            else:
                waiting.append(proposal)
        return draft, waiting

    def contents(self) -> dict[str, bytes]:
        """The files that change, with their new contents."""
        found = {}
        for file in sorted({file for proposal in self.taken for file in proposal.files}):
            content = self._content(file)
            if content != self.sources[file]:
                found[file] = content
        return found

    def composed(self) -> Iterator[tuple[str, Sequence[str], list[tuple[int, str]]]]:
        """The files that are edited, with their lines, and with the lines after the edits and the rows that those come from."""
        for file in sorted({file for proposal in self.taken for file in proposal.files}):
            yield file, self._text(file).lines, self._composed(file)

    def _edits(self, file: str) -> list[FileEdit]:
        return [proposal.files[file] for proposal in self.taken if file in proposal.files]

    def _fits(self, file: str, edit: FileEdit) -> bool:
        """Whether the edit wants no text that others want, imports that are to be had, and characters that the file's encoding has."""
        others = self._edits(file)
        if any(edit.edits.clashes(other.edits) for other in others):
            return False
        together, text = [*others, edit], self._text(file)
        imports = _imports(together, text)
        if imports is None or any(imports.clashes(other.edits) for other in together):
            return False
        return text.can_encode([*edit.edits.texts(), *(line for addition in edit.additions for line in addition.lines), *imports.texts()])

    def _content(self, file: str) -> bytes:
        """The file after the edits to it."""
        return self._text(file).encode([line for _, line in self._composed(file)])

    def _composed(self, file: str) -> list[tuple[int, str]]:
        """Its lines after the edits, with the rows that they come from."""
        text, edits = self._text(file), self._edits(file)
        imports = _imports(edits, text)
        assert imports is not None
        added = merged({addition for edit in edits for addition in edit.additions})
        shared = LineEdits(inserted=[Insertion(addition.row, line) for addition in added for line in addition.lines])
        sites = [*(edit.edits for edit in edits), imports, shared]
        return compose_by_row(text, sites, self._rows_in_strings(file, sites))

    def _rows_in_strings(self, file: str, sites: list[LineEdits]) -> frozenset[int]:
        """The rows that may not be moved; nobody needs to know them where nothing moves."""
        if not any(site.shifts for site in sites):
            return frozenset()
        if file not in self._strings:
            self._strings[file] = string_rows(self.sources[file])
        return self._strings[file]

    def _text(self, file: str) -> SourceText:
        if file not in self._texts:
            self._texts[file] = read_text(self.sources[file])
        return self._texts[file]


def _imports(edits: list[FileEdit], text: SourceText) -> LineEdits | None:
    """What adds the names that the edits want to imports that are there; None where those are not as expected."""
    return add_imports([new for edit in edits for new in edit.imports], text.lines)
