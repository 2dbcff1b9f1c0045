"""`junit`: a test suite for each file, in which each finding is a test that fails."""

from __future__ import annotations

from itertools import groupby
from typing import TextIO
from xml.etree import ElementTree

from sessionlint.check import Finding
from sessionlint.report.findings.story import story
from sessionlint.report.printable import printable
from sessionlint.report.view import View

_PACKAGE = "org.sessionlint"


def render(view: View, out: TextIO) -> None:
    """All findings; one test that passes where there are none."""
    found = str(len(view.findings))
    root = ElementTree.Element("testsuites", name="sessionlint", tests=found, failures=found, errors="0")
    for name, findings in groupby(view.findings, key=lambda finding: finding.at.file):
        _add_suite(view, root, printable(view.filename(name)), list(findings))
    if not view.findings:
        root.set("tests", "1")
        suite = ElementTree.SubElement(root, "testsuite", name="sessionlint", tests="1", failures="0", errors="0", package=_PACKAGE)
        ElementTree.SubElement(suite, "testcase", name=_PACKAGE, classname="sessionlint")
    ElementTree.indent(root, "    ")
    text = ElementTree.tostring(root, encoding="us-ascii", xml_declaration=False).decode("ascii")
    out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n')


def _add_suite(view: View, root: ElementTree.Element, filename: str, findings: list[Finding]) -> None:
    count = str(len(findings))
    suite = ElementTree.SubElement(root, "testsuite", name=filename, tests=count, failures=count, errors="0", package=_PACKAGE)
    for finding in findings:
        range = finding.at.range
        case = ElementTree.SubElement(
            suite,
            "testcase",
            name=f"{_PACKAGE}.{finding.code}",
            classname=filename.removesuffix(".py"),
            line=str(range.row),
            column=str(range.column),
        )
        message = printable(finding.message)
        failure = ElementTree.SubElement(case, "failure", message=message)
        lines = [f"line {range.row}, col {range.column}, {message}"]
        lines += [f"{step.number}. {step.place}: {step.message}" for step in story(view, finding)]
        failure.text = "\n".join([*lines, f"help: {view.help(finding)}"] if finding.help else lines)
