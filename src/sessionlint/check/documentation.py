"""A rule's docstring taken apart: what `sessionlint rule`, `docs/rules.md` and the tests of the examples read."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass

from sessionlint.check.rule import Rule

_HEADING = re.compile(r"^## (.+)$", re.M)
_EXPECT = re.compile(r"[ \t]*# expect: [A-Z0-9, ]+")
_BLOCK = re.compile(r"```python\n(.*?)```", re.S)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of a rule's page and the text below it, as Markdown."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Documentation:
    """A rule's page: one sentence, then sections. `wrong` and `right` are the code of its examples, with the marks of the former."""

    summary: str
    sections: tuple[Section, ...]
    wrong: tuple[str, ...]
    right: tuple[str, ...]

    def markdown(self, level: int = 2) -> str:
        """The sections with headings of that level, without the marks that are meant for the tests."""
        parts = [f"{'#' * level} {section.title}\n\n{_EXPECT.sub('', section.text)}" for section in self.sections]
        return "\n\n".join(parts) + "\n"


def documentation(rule: Rule) -> Documentation:
    """The page of a rule."""
    head, *rest = _HEADING.split(inspect.cleandoc(type(rule).__doc__ or ""))
    sections = tuple(Section(title.strip(), text.strip()) for title, text in zip(rest[::2], rest[1::2], strict=True))
    example = next((section.text for section in sections if section.title == "Example"), "")
    wrong, _, right = example.partition("Use instead:")
    return Documentation(head.strip(), sections, tuple(_BLOCK.findall(wrong)), tuple(_BLOCK.findall(right)))
