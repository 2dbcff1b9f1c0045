"""Proposals put together: which of them fit beside one another, and what the files are after them. Entry point: `Draft`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sessionlint.rewrite.codemod import FileEdit, Proposal
from sessionlint.rewrite.edit import Insertion, LineEdits, compose
from sessionlint.rewrite.imports import add_imports, merged
from sessionlint.rewrite.text import read_text, string_rows


@dataclass(slots=True)
class Draft:
    """Proposals that fit together over one state of the files."""

    sources: Mapping[str, bytes]
    taken: list[Proposal] = field(default_factory=list)
    _strings: dict[str, frozenset[int]] = field(default_factory=dict)

    def with_all(self, proposals: list[Proposal]) -> tuple[Draft, list[Proposal]]:
        """A draft with these too, as far as they fit, and those of them that have to wait for another pass."""
        draft, waiting = Draft(self.sources, list(self.taken), self._strings), []
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
            content = self._content(file, self._edits(file))
            if content is not None and content != self.sources[file]:
                found[file] = content
        return found

    def _edits(self, file: str) -> list[FileEdit]:
        return [proposal.files[file] for proposal in self.taken if file in proposal.files]

    def _fits(self, file: str, edit: FileEdit) -> bool:
        others = self._edits(file)
        if any(edit.edits.clashes(other.edits) for other in others):
            return False
        return self._content(file, [*others, edit]) is not None

    def _content(self, file: str, edits: list[FileEdit]) -> bytes | None:
        """The file after these edits; None where what they want of its imports is not to be had, or its encoding lacks a character."""
        source = self.sources[file]
        text = read_text(source)
        lines = [edit.edits for edit in edits]
        imports = add_imports([new for edit in edits for new in edit.imports], text.lines)
        if imports is None or any(imports.clashes(other) for other in lines):
            return None
        added = merged({addition for edit in edits for addition in edit.additions})
        shared = LineEdits(inserted=[Insertion(addition.row, line) for addition in added for line in addition.lines])
        if file not in self._strings:
            self._strings[file] = string_rows(source)
        try:
            return text.encode(compose(text, [*lines, imports, shared], self._strings[file]))
        except UnicodeEncodeError:
            return None
