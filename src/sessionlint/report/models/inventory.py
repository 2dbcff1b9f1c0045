"""What there is to show of each mapped class, the same for every format. Entry point: `inventory`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sessionlint.knowledge.sqlalchemy.options import EAGER_LAZY_VALUES
from sessionlint.link import ClassId, MappedAttribute, Model, Program
from sessionlint.pipeline import Run
from sessionlint.report.view import View
from sessionlint.source import Location

_WHEN = {
    "noload": "never loads",
    "raise": "raises when read",
    "raise_on_sql": "raises when SQL is needed",
    "dynamic": "is a query",
    "write_only": "is a query, explicitly",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A mapped class; `name` is its qualified name within `module`, `label` a name that is unique in the program as far as one is."""

    id: ClassId
    model: Model
    name: str
    label: str
    module: str
    filename: str
    row: int
    lineage: tuple[str, ...]
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class Attribute:
    """`target` is the label of the class at the other end, empty where it is not known; `owner` the class that declares it."""

    mapped: MappedAttribute
    target: str
    owner: str
    filename: str
    row: int

    @property
    def loading(self) -> str:
        """When the attribute comes into memory."""
        if self.mapped.kind == "deferred":
            return "raises when read" if self.mapped.deferred_raiseload else "when read"
        if self.mapped.lazy in EAGER_LAZY_VALUES:
            return "with the row"
        return _WHEN.get(self.mapped.lazy, "when read")


def inventory(run: Run) -> tuple[Shown, ...]:
    """The mapped classes in the files that are reported, by place."""
    view = View((), run.files, run.sources, is_absolute=run.is_absolute)
    labels = _labels(run.program)
    models = [found for _, found in sorted(run.program.models.items()) if found.is_mapped and run.files[found.id.file].reported]
    return tuple(_shown(run.program, model, view, labels) for model in models)


def _labels(program: Program) -> dict[ClassId, str]:
    """Each class by its name, with the module in front of one that several have."""
    counts = Counter(model.name for model in program.models.values())
    found = {}
    for id, model in program.models.items():
        module = program.files[id.file].source.module
        found[id] = model.name if counts[model.name] == 1 else f"{module}.{program.class_(id).qualname}"
    return found


def _shown(program: Program, model: Model, view: View, labels: dict[ClassId, str]) -> Shown:
    facts, id = program.class_(model.id), model.id
    return Shown(
        id,
        model,
        facts.qualname,
        labels[id],
        program.files[id.file].source.module,
        view.filename(id.file),
        facts.at.row,
        tuple(labels.get(above) or program.class_(above).name for above in program.model_lineage(id)[1:]),
        tuple(_attribute(attribute, view, labels) for attribute in model.attributes.values()),
    )


def _attribute(found: MappedAttribute, view: View, labels: dict[ClassId, str]) -> Attribute:
    at: Location = found.at
    target = labels.get(found.target, "") if found.target is not None else ""
    return Attribute(found, target, labels.get(found.owner, ""), view.filename(at.file), at.range.row)
