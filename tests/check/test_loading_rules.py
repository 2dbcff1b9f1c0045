"""What SES301 and SES401 make of one event: message, help, story; and that they do not report one read twice."""

from __future__ import annotations

import dataclasses

import pytest

from sessionlint.check import Checked, Finding, check, fingerprinted
from sessionlint.link import ClassId, FunctionId, MappedAttribute, Model, Program
from sessionlint.solve import Events, History, Step
from sessionlint.solve.events import AttributeRead
from tests.check.programs import at, program, settings

ORDER, LINE, PRODUCT = (ClassId("app.py", index) for index in range(3))


def attribute(name: str, row: int, kind: str, owner: ClassId, target: ClassId | None = None, uselist: bool = False) -> MappedAttribute:
    return MappedAttribute(name, kind, at(row), owner, target=target, uselist=uselist)


def model(id: ClassId, name: str, *attributes: MappedAttribute) -> Model:
    return Model(id, name, {found.name: found for found in attributes}, (), (), True)


MODELS = {
    ORDER: model(
        ORDER,
        "Order",
        attribute("lines", 11, "relationship", ORDER, LINE, uselist=True),
        attribute("note", 12, "deferred", ORDER),
        attribute("number", 13, "column", ORDER),
    ),
    LINE: model(LINE, "Line", attribute("product", 21, "relationship", LINE, PRODUCT)),
    PRODUCT: model(PRODUCT, "Product", attribute("picture", 31, "deferred", PRODUCT)),
}
STORY = History().then(Step("query", at(40), "`Order` is queried here")).then(Step("end", at(41), "the session is closed"))


def read(model: ClassId, name: str, path: tuple[str, ...], **changes: object) -> AttributeRead:
    known = MODELS[model].attributes[name]
    cause = "not-loaded" if known.kind == "relationship" else "deferred"
    event = AttributeRead(
        at=at(50),
        function=FunctionId("app.py", 0),
        history=STORY.then(Step("read", at(50), "read")),
        model=model,
        attribute=name,
        path=f"{MODELS[model].name}.{name}",
        kind=known.kind,
        uselist=known.uselist,
        status="detached",
        cause=cause,
        loader_path=path,
        entity=ORDER,
        context="",
        in_loop=False,
    )
    return dataclasses.replace(event, **changes)  # type: ignore[arg-type]


def found(*events: AttributeRead, **lint: object) -> tuple[Finding, ...]:
    known: Program = dataclasses.replace(program(), models=MODELS)
    return check(known, Events(events), settings(**lint))


@pytest.mark.parametrize(
    ("event", "message", "option"),
    [
        (read(ORDER, "lines", ("lines",)), "`Order.lines` is read on a detached `Order` that never loaded it", "selectinload(Order.lines)"),
        (
            read(ORDER, "note", ("note",)),
            "deferred column `Order.note` is read on a detached `Order` that never loaded it",
            "undefer(Order.note)",
        ),
        (
            read(ORDER, "number", ("number",)),
            "deferred column `Order.number` is read on a detached `Order` that never loaded it",
            "undefer(Order.number)",
        ),
        (
            read(LINE, "product", ("lines", "product")),
            "`Line.product` is read on a detached `Line` that never loaded it",
            "selectinload(Order.lines).joinedload(Line.product)",
        ),
        (
            read(PRODUCT, "picture", ("lines", "product", "picture")),
            "deferred column `Product.picture` is read on a detached `Product` that never loaded it",
            "selectinload(Order.lines).joinedload(Line.product).undefer(Product.picture)",
        ),
    ],
    ids=lambda value: value.path if isinstance(value, AttributeRead) else "",
)
def test_the_option_follows_the_way_from_the_query(event: AttributeRead, message: str, option: str) -> None:
    (finding,) = found(event)
    assert (finding.code, finding.message) == ("SES301", message)
    assert finding.help == f"add `{option}` to the query"
    assert finding.help_at is not None
    assert (finding.help_at.file, finding.help_at.range.row) == ("app.py", 40)
    assert [step.message for step in finding.related if step.role == "option"] == [f"`{option}` here would have loaded it"]


def test_the_story_is_in_order_and_knows_the_declaration() -> None:
    (finding,) = found(read(ORDER, "lines", ("lines",)))
    assert [(step.role, step.at.range.row) for step in finding.related] == [
        ("query", 40),
        ("option", 40),
        ("end", 41),
        ("relationship", 11),
        ("read", 50),
    ]
    assert finding.related[3].message == '`Order.lines` is a relationship with `lazy="select"`'


@pytest.mark.parametrize("changes", [{"entity": None}, {"loader_path": ("gone", "lines")}, {"loader_path": ()}], ids=str)
def test_without_a_way_from_the_query_there_is_no_option(changes: dict[str, object]) -> None:
    (finding,) = found(read(ORDER, "lines", ("lines",), **changes))
    assert finding.help == "read `Order.lines` before the session ends"
    assert "option" not in {step.role for step in finding.related}


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"status": "attached"}, []),
        ({"status": "async"}, ["SES303"]),
        ({"cause": "expired"}, ["SES302"]),
        ({"cause": "raise"}, ["SES305"]),
        ({"context": "other"}, []),
    ],
    ids=str,
)
def test_reads_of_other_rules_are_left_to_them(changes: dict[str, object], codes: list[str]) -> None:
    assert [finding.code for finding in found(read(ORDER, "lines", ("lines",), **changes))] == codes


def test_a_repr_read_is_reported_once() -> None:
    detached = read(ORDER, "lines", ("lines",))
    unsafe = dataclasses.replace(detached, context="repr", status="attached")
    assert [finding.code for finding in found(detached, unsafe)] == ["SES401"]
    assert [finding.code for finding in found(detached, unsafe, ignore=("SES401",))] == ["SES301"]


def marks(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.fingerprint for finding in fingerprinted(Checked(findings, ()), {}).findings]


def test_a_fingerprint_does_not_depend_on_rows() -> None:
    here, there = read(ORDER, "lines", ("lines",)), read(ORDER, "lines", ("lines",), at=at(99))
    other = read(LINE, "product", ("lines", "product"), at=at(70))
    (one,), (moved,), (different,) = marks(found(here)), marks(found(there)), marks(found(other))
    assert one == moved != different
    first, second = marks(found(here, there))
    assert (first, second != first) == (one, True)
