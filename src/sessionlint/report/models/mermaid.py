"""`mermaid`: a class diagram (https://mermaid.js.org/syntax/classDiagram.html) of models, inheritance and relationships."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TextIO

from sessionlint.report.models.inventory import Attribute, Shown

_MEMBERS = {"column": "column", "deferred": "deferred", "column_property": "expression", "hybrid": "hybrid", "association_proxy": "proxy"}


def render(models: Sequence[Shown], out: TextIO, *, width: int) -> None:
    """One diagram; `width` plays no part."""
    del width
    names = {model.label: f"{re.sub(r'[^0-9A-Za-z_]', '_', model.label)}_" for model in models}
    out.write("classDiagram\n")
    for model in models:
        _class(model, names[model.label], out)
    by_id = {model.id: names[model.label] for model in models}
    for model in models:
        if model.model.parents and model.model.parents[0] in by_id:
            out.write(f"    {by_id[model.model.parents[0]]} <|-- {names[model.label]}\n")
        for each in model.attributes:
            mapped = each.mapped
            is_own = mapped.owner == model.id or mapped.backref_of or mapped.owner not in by_id
            if mapped.kind == "relationship" and each.target in names and is_own:
                many = '"*"' if mapped.uselist else '"1"'
                out.write(f"    {names[model.label]} --> {many} {names[each.target]} : {mapped.name} ({mapped.lazy})\n")


def _class(model: Shown, name: str, out: TextIO) -> None:
    members = [each for each in model.attributes if each.mapped.kind in _MEMBERS]
    out.write(f'    class {name}["{model.label}"]')
    if not members:
        out.write("\n")
        return
    out.write(" {\n")
    for each in members:
        out.write(f"        {_member(each)}\n")
    out.write("    }\n")


def _member(each: Attribute) -> str:
    kind = "primary key" if each.mapped.is_primary_key else _MEMBERS[each.mapped.kind]
    return f"{each.mapped.name} : {kind}"
