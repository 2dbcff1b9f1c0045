"""A document without what no result speaks of any more: edits leave places and steps behind in its tables. Entry point: `compacted`."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from sessionlint.solve.again.described import Described
from sessionlint.solve.again.document import Document, PackedRoot
from sessionlint.solve.again.packing import Packed, packed, unpacked
from sessionlint.solve.again.tables import Moved, Tables


def compacted(document: Document) -> Document:
    """The document with tables that are made anew."""
    old, new = Tables(document.tables), Tables()
    functions = {number: new.number_of_function(old.function(number)) for number in range(len(document.tables.functions))}
    classes = {number: new.number_of_class(old.cls(number)) for number in range(len(document.tables.classes))}
    roots = list(_roots(document, old, new, functions, classes))
    told = document.described
    described = Described(
        told.whole,
        {functions[number]: text for number, text in told.functions.items()},
        {classes[number]: text for number, text in told.models.items()},
        {classes[number]: text for number, text in told.classes.items()},
        told.owned,
    )
    return Document(document.key, document.digests, new.stored, described, roots)


def _roots(document: Document, old: Tables, new: Tables, functions: dict[int, int], classes: dict[int, int]) -> Iterator[PackedRoot]:
    for root in document.roots:
        try:
            recorder = unpacked(msgspec.msgpack.decode(root.packed, type=Packed), old)
        except Moved:
            continue
        yield msgspec.structs.replace(
            root,
            function=functions[root.function],
            model=classes.get(root.model, -1),
            functions=[functions[number] for number in root.functions],
            models=[classes[number] for number in root.models],
            exported=[functions[number] for number in root.exported],
            kept=[functions[number] for number in root.kept],
            large=[functions[number] for number in root.large],
            fit=[functions[number] for number in root.fit],
            packed=msgspec.Raw(msgspec.msgpack.encode(packed(recorder, new))),
        )
