"""A rule's docstring taken apart: what `sessionlint rule`, `docs/rules.md` and the tests of the examples read."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass

from sessionlint.check.rule import Rule

_HEADING = re.compile(r"^## (.+)$", re.M)
_EXPECT = re.compile(r"[ \t]*# expect: [A-Z0-9, ]+")
_BLOCK = re.compile(r"```python\n(.*?)```", re.S)
_PRINTED = re.compile(r"```text\n(.*?)```", re.S)
FAILURE, EXAMPLE = "How it fails at run time", "Example"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of a rule's page and the text below it, as Markdown."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Documentation:
    """A rule's page: one sentence, then sections. `wrong` and `right` are the code of its examples, with the marks of the former; `printed`
    is what the wrong one prints when it is run, empty for rules about what is no error of a program."""

    summary: str
    sections: tuple[Section, ...]
    wrong: tuple[str, ...]
    right: tuple[str, ...]
    printed: str

    def section(self, title: str) -> str:
        """The text below that heading; empty if there is none."""
        return next((section.text for section in self.sections if section.title == title), "")

    @staticmethod
    def bare(examples: tuple[str, ...]) -> str:
        """The examples without the marks that are meant for the tests."""
        return _EXPECT.sub("", "\n\n".join(examples))

    def markdown(self, level: int = 2) -> str:
        """The sections with headings of that level, without the marks that are meant for the tests."""
        parts = [f"{'#' * level} {section.title}\n\n{_EXPECT.sub('', section.text)}" for section in self.sections]
        return "\n\n".join(parts) + "\n"


def documentation(rule: Rule) -> Documentation:
    """The page of a rule."""
    head, *rest = _HEADING.split(inspect.cleandoc(type(rule).__doc__ or ""))
    sections = tuple(Section(title.strip(), text.strip()) for title, text in zip(rest[::2], rest[1::2], strict=True))
    texts = {section.title: section.text for section in sections}
    wrong, _, right = texts.get(EXAMPLE, "").partition("Use instead:")
    printed = "".join(_PRINTED.findall(texts.get(FAILURE, "")))
    return Documentation(head.strip(), sections, tuple(_BLOCK.findall(wrong)), tuple(_BLOCK.findall(right)), printed)
