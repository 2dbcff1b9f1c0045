"""The choice of files that are captured; the rest is known by name only.

A file *speaks* of the matter when one of its words has to do with sessions, queries or mapping. A file that never does can still read
`invoice.client.name`. Instances only reach it by way of files that speak, so these are kept as well: whoever imports a file that speaks,
directly or through others, and what the files kept so far import. Imports are found line by line; an ambiguous name means all its modules.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from sessionlint.config import SessionSettings
from sessionlint.knowledge.speaking import SPEAKING
from sessionlint.screen.imports import ModuleIndex, imported_names
from sessionlint.source import SourceFile


def screen(contents: Mapping[SourceFile, bytes], sessions: SessionSettings) -> frozenset[str]:
    """The names of the Python files that have to be captured, out of the program's files with their bytes."""
    own = tuple(_configured(sessions))
    index = ModuleIndex(contents)
    uses = {file.name: index.files_for(imported_names(content, file)) for file, content in contents.items()}
    used_by: dict[str, set[str]] = defaultdict(set)
    for name, used in uses.items():
        for other in used:
            used_by[other].add(name)
    kept = _reached({file.name for file, content in contents.items() if speaks(content, own)}, used_by)
    return frozenset(_reached(kept, uses))


def screen_templates(templates: Mapping[SourceFile, bytes], python: Mapping[SourceFile, bytes]) -> frozenset[str]:
    """The names of the templates that have to be captured: all with an expression or tag in them, where anybody renders templates."""
    if not templates or not any(_RENDERING.search(content) for content in python.values()):
        return frozenset()
    return frozenset(file.name for file, content in templates.items() if b"{{" in content or b"{%" in content)


_RENDERING = re.compile(rb"render_template|TemplateResponse|jinja2|Jinja2|get_template")


def _configured(sessions: SessionSettings) -> Iterable[bytes]:
    """The last parts of the project's own acquirers and closers: the part before may be any expression."""
    names = (name.rpartition(".")[2] for name in (*sessions.acquirers, *sessions.closers))
    return (name.encode() for name in names if name)


_SPEAKING = re.compile(SPEAKING.encode())
_SURE = tuple(
    b"session Session sqlalchemy sqlmodel relationship mapped_column selectinload joinedload subqueryload .execute( .commit( .rollback( "
    b"user_loader".split()
)
_UNSURE = tuple(b".query select( .scalar db.Model db.Column SES".split())
"""What some words need that are no plain texts: without any of it there is nothing to look for."""


def speaks(content: bytes, own: Iterable[bytes] = ()) -> bool:
    """Whether a file speaks of sessions, queries or mapping, or uses one of the project's `own` names."""
    if any(text in content for text in (*_SURE, *own)):
        return True
    return any(text in content for text in _UNSURE) and _SPEAKING.search(content) is not None


def _reached(start: set[str], edges: Mapping[str, Iterable[str]]) -> set[str]:
    reached, pending = set(start), list(start)
    while pending:
        new = set(edges.get(pending.pop(), ())) - reached
        reached |= new
        pending += new
    return reached
