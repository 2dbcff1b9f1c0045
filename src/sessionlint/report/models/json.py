"""`json`: one document with all models and their attributes; `docs/models.md` says what its fields mean."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TextIO, TypeAlias

from sessionlint.link import ClassId
from sessionlint.report.models.inventory import Attribute, Shown

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | int | bool | None


def render(models: Sequence[Shown], out: TextIO, *, width: int) -> None:
    """All models; `width` plays no part."""
    del width
    labels = {model.id: model.label for model in models}
    found: list[Json] = [_model(model, labels) for model in models]
    out.write(json.dumps({"schema_version": 1, "models": found}, indent=2) + "\n")


def _model(shown: Shown, labels: dict[ClassId, str]) -> dict[str, Json]:
    model = shown.model
    return {
        "name": model.name,
        "label": shown.label,
        "qualname": shown.name,
        "module": shown.module,
        "filename": shown.filename,
        "row": shown.row,
        "table": model.table or None,
        "lineage": list(shown.lineage),
        "parents": [labels[parent] for parent in model.parents if parent in labels],
        "children": [labels[child] for child in model.children if child in labels],
        "dataclass": model.is_dataclass,
        "async_attrs": model.is_async_attrs,
        "columns": [_column(each) for each in shown.attributes if each.mapped.kind in ("column", "deferred", "column_property")],
        "relationships": [_relationship(each) for each in shown.attributes if each.mapped.kind == "relationship"],
        "hybrids": [_place(each) for each in shown.attributes if each.mapped.kind == "hybrid"],
        "association_proxies": [_proxy(each) for each in shown.attributes if each.mapped.kind == "association_proxy"],
        "synonyms": [_proxy(each) for each in shown.attributes if each.mapped.kind == "synonym"],
        "composites": [_place(each) for each in shown.attributes if each.mapped.kind == "composite"],
    }


def _place(each: Attribute) -> dict[str, Json]:
    return {"name": each.mapped.name, "declared_in": each.owner or None, "filename": each.filename, "row": each.row}


def _column(each: Attribute) -> Json:
    mapped = each.mapped
    kind = "expression" if mapped.kind == "column_property" else "column"
    deferred = mapped.kind == "deferred"
    return {
        **_place(each),
        "kind": kind,
        "primary_key": mapped.is_primary_key,
        "deferred": deferred,
        "raiseload": mapped.deferred_raiseload,
        "generated": mapped.is_generated,
    }


def _relationship(each: Attribute) -> Json:
    mapped = each.mapped
    return {
        **_place(each),
        "target": each.target or None,
        "uselist": mapped.uselist,
        "lazy": mapped.lazy,
        "loads": each.loading,
        "back_populates": mapped.back_populates or None,
        "backref": bool(mapped.backref_of),
        "viewonly": mapped.is_viewonly,
        "join_depth": mapped.join_depth,
    }


def _proxy(each: Attribute) -> Json:
    through, attribute = each.mapped.proxy or ("", "")
    return {**_place(each), "through": through or None, "attribute": attribute or None}
