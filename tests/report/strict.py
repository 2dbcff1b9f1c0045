"""Strict readers of what the formats write: each refuses what the format's specification or its reader would."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import xmlschema
from referencing import Registry, Resource

from sessionlint import report

OWN = Path(__file__).parent / "schemas"
SHIPPED = Path(report.__file__).parent / "schemas"
OFFICIAL_SARIF = os.environ.get("SARIF_SCHEMA")
"""The standard's own schema, which is not ours to copy: the tests ask it too where a path to it is given."""

TEXTS = ("full", "concise", "grouped", "pylint")
_ESCAPE = re.compile(r"%(?!25|0D|0A|3A|2C)")
_COMMAND = re.compile(r"::(error|warning|notice) ([^:]*?)::(.*)")
_VSO = re.compile(r"##vso\[task\.logissue ([^\]]*)\](.*)")


def read(format: str, text: str) -> Any:
    """What a reader of the format gets."""
    check_lines(format, text)
    readers: dict[str, Callable[[str], Any]] = {
        "json": lambda text: _checked("json", json.loads(text)),
        "json-lines": lambda text: [_checked("finding", json.loads(line)) for line in text.splitlines()],
        "report": lambda text: _checked("report", json.loads(text)),
        "sarif": _sarif,
        "gitlab": _gitlab,
        "rdjson": lambda text: _valid("rdjson", json.loads(text)),
        "junit": _junit,
        "github": lambda text: [_github(line) for line in text.splitlines()],
        "azure": lambda text: [_azure(line) for line in text.splitlines()],
        "csv": _csv,
        "markdown": _markdown,
        "html": _html,
    }
    return readers.get(format, str.splitlines)(text)


def check_lines(format: str, text: str) -> None:
    """What no output may hold, whatever it is read by: a terminal shows it, a CI service reads its lines, an editor opens it."""
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]", text)
    assert "\t" not in text
    own = {"github": r"::(?:error|warning|notice) title=sessionlint[^:]*::", "azure": r"##vso\[task\.logissue type="}.get(format)
    for line in text.split("\n"):
        rest = re.sub(rf"\A{own}", "", line) if own else line
        assert not rest.lstrip().startswith("::"), line
        assert not re.search(r"##[A-Za-z]*\[", rest), line


@cache
def _validator(name: str) -> jsonschema.protocols.Validator:
    schema = json.loads((OWN / f"{name}.json").read_text())
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema, format_checker=kind.FORMAT_CHECKER)


@cache
def _shipped(name: str) -> jsonschema.protocols.Validator:
    resources = [Resource.from_contents(json.loads(path.read_text())) for path in SHIPPED.glob("*.json")]
    registry: Registry[Any] = Registry().with_resources((resource.id() or "", resource) for resource in resources)
    schema = json.loads((SHIPPED / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, registry=registry)


@cache
def _official() -> jsonschema.protocols.Validator | None:
    if not OFFICIAL_SARIF:
        return None
    schema = json.loads(Path(OFFICIAL_SARIF).read_text())
    kind = jsonschema.validators.validator_for(schema)
    return kind(schema, format_checker=kind.FORMAT_CHECKER)


@cache
def _junit_schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(OWN / "junit.xsd"))


def _valid(name: str, value: Any) -> Any:
    _validator(name).validate(value)
    return value


def _checked(name: str, value: Any) -> Any:
    _shipped(name).validate(value)
    return value


def _sarif(text: str) -> Any:
    log = _valid("sarif", json.loads(text))
    official = _official()
    if official is not None:
        official.validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        ids = {location["id"] for location in result.get("relatedLocations", ())}
        links = re.findall(r"\[([^\]]*)\]\(([^)]*)\)", result["message"]["text"])
        assert {int(target) for _, target in links} == ids
        assert not re.search(r"(?<!\{)\{\d+\}", result["message"]["text"])
    assert len({"suppressions" in result for result in run["results"]}) <= 1
    assert len({"baselineState" in result for result in run["results"]}) <= 1
    return run


def _gitlab(text: str) -> Any:
    issues = _valid("gitlab", json.loads(text))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    return issues


def _junit(text: str) -> Any:
    _junit_schema().validate(text)
    root = _junit_schema().to_dict(text)
    for suite in root["testsuite"]:
        assert suite["@tests"] == len(suite["testcase"])
        assert suite["@failures"] == sum("failure" in case for case in suite["testcase"])
    assert root["@tests"] == sum(suite["@tests"] for suite in root["testsuite"])
    return root["testsuite"]


def _github(line: str) -> dict[str, str]:
    """As the runner takes a line apart: properties end at the first `::`, and an escape in them that is none of the five stays."""
    match = _COMMAND.fullmatch(line)
    assert match, line
    assert not _ESCAPE.search(match[2])
    pairs = [pair.split("=", 1) for pair in match[2].split(",")]
    assert all(key in {"title", "file", "line", "col", "endLine", "endColumn"} for key, _ in pairs)
    found = {key: _unescaped(value) for key, value in pairs}
    assert len(found) == len(pairs)
    assert ("col" in found) == ("endColumn" in found)
    assert "col" not in found or found["line"] == found["endLine"]
    message = match[3].replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    assert "%" not in re.sub("%25|%0D|%0A", "", match[3])
    return {"command": match[1], **found, "message": message}


def _unescaped(value: str) -> str:
    for escape, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        value = value.replace(escape, character)
    return value


def _azure(line: str) -> dict[str, str]:
    match = _VSO.fullmatch(line)
    assert match, line
    pairs = [pair.split("=", 1) for pair in match[1].split(";") if pair]
    assert [key for key, _ in pairs] in (["type", "sourcepath", "linenumber", "columnnumber", "code"], ["type", "code"])
    escapes = (("%3B", ";"), ("%5D", "]"), ("%0D", "\r"), ("%0A", "\n"), ("%AZP25", "%"))
    found = dict(pairs)
    for escape, character in escapes:
        found = {key: value.replace(escape, character) for key, value in found.items()}
    return {**found, "message": match[2].replace("%AZP25", "%")}


def _csv(text: str) -> list[dict[str, str]]:
    rows = list(csv.DictReader(io.StringIO(text), strict=True))
    for row in rows:
        assert None not in row
        for value in row.values():
            assert not value.lstrip().startswith(tuple("=+-@\uff1d\uff0b\uff0d\uff20"))
    return rows


def _markdown(text: str) -> list[list[str]]:
    """The cells of the tables. Outside code nothing is left that GitHub would make a tag, a mention or a link of."""
    rows = []
    columns = 0
    for line in text.splitlines():
        if line.startswith("|"):
            cells = _cells(line)
            columns = columns or len(cells)
            assert len(cells) == columns, line
            rows.append([cell.strip() for cell in cells[1:-1]])
        _check_prose(line)
    return rows


class _Page(HTMLParser):
    """The elements of a page, each closed where it must be, and the text between them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


_ELEMENTS = set("html head meta title style body h1 h2 h3 p table tr th td a br details summary div span pre ol li b".split())
_ATTRIBUTES = set("lang charset name content http-equiv class href id".split())


def _html(text: str) -> _Page:
    """No element, attribute or address but those of the page itself."""
    page = _Page()
    page.feed(text)
    page.close()
    assert page.open == []
    for tag, attributes in page.found:
        assert tag in _ELEMENTS
        assert set(attributes) <= _ATTRIBUTES
        assert re.fullmatch(r"#f\d+|https://github\.com/sessionlint/[\w./-]+", attributes.get("href") or "#f0")
    targets = {attributes["id"] for _, attributes in page.found if "id" in attributes}
    assert {(attributes.get("href") or "")[1:] for _, attributes in page.found if (attributes.get("href") or "").startswith("#")} <= targets
    return page


def _cells(line: str) -> list[str]:
    """As GitHub takes a row apart: whatever follows a backslash is part of the cell, in code too."""
    cells = [""]
    for part in re.findall(r"\\.|[^\\]|\\$", line):
        if part == "|":
            cells.append("")
        else:
            cells[-1] += part
    return cells


def _check_prose(line: str) -> None:
    if line in ("<details><summary>How it comes about</summary>", "</details>"):
        return
    prose = re.sub(r"\A\[SES\d{3}\]: https://[\w./-]+\Z|\[SES\d{3}\]", "", _without_code(line))
    assert not re.search(r"(?<!\\)[<>`\[\]*_~$]|@\w|https?://|www\.|(?<![\\&])#\w|&(?!amp;|lt;|#8203;)", prose), line


def _without_code(line: str) -> str:
    """A line without its code spans: a run of backticks that no backslash escapes (one that is escaped itself does not), up to the next
    run of that length."""
    found, at = "", 0
    while match := re.compile(r"(?<!\\)(?:\\\\)*(?P<run>`+)").search(line, at):
        found += line[at : match.start("run")]
        end = re.compile(rf"(?<!`){match['run']}(?!`)").search(line, match.end())
        assert end, line
        at = end.end()
    return found + line[at:]
