"""Comments that are added for findings: where they stand, what they take over, and that nothing else changes."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest
from jinja2 import Environment

from sessionlint.capture import capture, capture_template
from sessionlint.check import Finding
from sessionlint.config import Options, load_settings
from sessionlint.link import link
from sessionlint.pipeline import Run, run
from sessionlint.rewrite import Added, suppress
from sessionlint.source import Location, Range, SourceFile
from tests.rewrite.programs import SETTINGS

APPS = sorted((Path(__file__).parents[2] / "fixtures" / "apps").iterdir())
LONG = "x" * 100


def added(
    text: str | bytes,
    *places: tuple[int, str],
    name: str = "main.py",
    reason: str = "old",
    is_noqa: bool = False,
    others: dict[str, bytes] | None = None,
) -> Added:
    """What becomes of a file with findings of these codes on these rows."""
    content = text if isinstance(text, bytes) else text.encode()
    is_template = not name.endswith(".py")
    source = SourceFile(SETTINGS.root / name, name, "" if is_template else "main")
    program = (
        link({}, SETTINGS, {name: (source, capture_template(content))})
        if is_template
        else link({name: (source, capture(content))}, SETTINGS)
    )
    findings = [Finding(code, "any-name", "any message", Location(name, Range(row, 1, row, 2))) for row, code in places]
    return suppress(program, {name: content, **(others or {})}, findings, reason=reason, is_noqa=is_noqa)


def after(
    text: str | bytes,
    *places: tuple[int, str],
    name: str = "main.py",
    reason: str = "old",
    is_noqa: bool = False,
    others: dict[str, bytes] | None = None,
) -> str:
    """The new content; the same findings, moved along, get no second comment."""
    done = added(text, *places, name=name, reason=reason, is_noqa=is_noqa, others=others)
    assert done.left == ()
    (change,) = done.changes
    return change.after.decode()


IGNORE = "# sessionlint: ignore[SES301] -- old"


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        ("x = 1\ny = 2\n", 1, f"x = 1  {IGNORE}\ny = 2\n"),
        ("x = 1", 1, f"x = 1  {IGNORE}"),
        ("x = 1 \t\r\ny = 2\r\n", 1, f"x = 1  {IGNORE}\r\ny = 2\r\n"),
        ("x = 1  # text\n", 1, f"x = 1  # text  {IGNORE}\n"),
        ("x = 1  # noqa: E501\n", 1, f"x = 1  # noqa: E501  {IGNORE}\n"),
        ("x = (\n    1,\n    2,\n)\n", 2, f"x = (\n    1,  {IGNORE}\n    2,\n)\n"),
        ("x = (\n\n    1)\n", 2, f"x = (\n  {IGNORE}\n    1)\n"),
        ("x = '''\n1\n2'''\n", 2, f"x = '''\n1\n2'''  {IGNORE}\n"),
        ("x = f'''\n{y}\n2''' + z\n", 1, f"x = f'''\n{{y}}\n2''' + z  {IGNORE}\n"),
        ("x = 1 + \\\n    2 + \\\n    3\n", 2, f"x = 1 + \\\n    2 + \\\n    3  {IGNORE}\n"),
        ("x = 1; y = 2\n", 1, f"x = 1; y = 2  {IGNORE}\n"),
        ("if x: y = 2\n", 1, f"if x: y = 2  {IGNORE}\n"),
        ("@a\n@b(\n    1)\ndef f(): pass\n", 4, f"@a\n@b(\n    1)\ndef f(): pass  {IGNORE}\n"),
        ("@a\n@b(\n    1)\ndef f(): pass\n", 2, f"@a\n@b(  {IGNORE}\n    1)\ndef f(): pass\n"),
        (f"if a:\n\ty = '{LONG}'\n", 2, f"if a:\n\t{IGNORE}\n\ty = '{LONG}'\n"),
        (f"if a:\n    b\nelif c == '{LONG}':\n    d\n", 3, f"if a:\n    b\n{IGNORE}\nelif c == '{LONG}':\n    d\n"),
        (f"x = ('{LONG}' +\n     1)\r\n", 1, f"{IGNORE}\nx = ('{LONG}' +\n     1)\r\n"),
        (f"@a\ndef f(x='{LONG}'):\n    pass\n", 2, f"@a\n{IGNORE}\ndef f(x='{LONG}'):\n    pass\n"),
    ],
)
def test_where_a_comment_stands(text: str, row: int, expected: str) -> None:
    assert after(text, (row, "SES301")) == expected


def test_several_on_one_line_are_one_comment() -> None:
    done = added("x = 1\ny = (2,\n  3)\n", (1, "SES406"), (1, "SES301"), (1, "SES301"), (2, "SES102"), (3, "SES301"))
    assert done.number == 3
    assert done.changes[0].after == (
        b"x = 1  # sessionlint: ignore[SES301, SES406] -- old\n"
        b"y = (2,  # sessionlint: ignore[SES102] -- old\n  3)  # sessionlint: ignore[SES301] -- old\n"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1  # sessionlint: ignore[SES102] -- old\n", "x = 1  # sessionlint: ignore[SES102, SES301] -- old\n"),
        ("# sessionlint: ignore[SES102] -- old # text\nx = 1\n", "# sessionlint: ignore[SES102, SES301] -- old # text\nx = 1\n"),
        (
            "x = 1  # sessionlint: ignore[SES102] -- other\n",
            "x = 1  # sessionlint: ignore[SES102] -- other  # sessionlint: ignore[SES301] -- old\n",
        ),
    ],
)
def test_a_comment_with_the_same_reason_takes_the_code_too(text: str, expected: str) -> None:
    row = 2 if text.startswith("#") else 1
    assert after(text, (row, "SES301")) == expected


def test_without_a_reason() -> None:
    assert after("x = 1\n", (1, "SES301"), reason="") == "x = 1  # sessionlint: ignore[SES301]\n"
    assert after("x = 1  # sessionlint: ignore[SES1]\n", (1, "SES301"), reason="") == "x = 1  # sessionlint: ignore[SES1, SES301]\n"


@pytest.mark.parametrize(
    ("text", "reason", "expected"),
    [
        ("x = 1\n", "", "x = 1  # noqa: SES301\n"),
        ("x = 1\n", "it is old", "x = 1  # noqa: SES301 it is old\n"),
        ("x = 1\n", "PY3 only", "x = 1  # noqa: SES301 -- PY3 only\n"),
        ("x = 1  # noqa: E501\n", "it is old", "x = 1  # noqa: E501, SES301 it is old\n"),
        ("x = 1  # noqa:E501 a long line # type: ignore\n", "old", "x = 1  # noqa:E501, SES301 a long line # type: ignore\n"),
        (f"x = '{LONG}'\n", "it is old", f"x = '{LONG}'  # noqa: SES301 it is old\n"),
        ("x = (1,\n    2)  # noqa: E501\n", "", "x = (1,\n    2)  # noqa: E501, SES301\n"),
        ("# flake8: noqa: E501\nx = 1\n", "", "# flake8: noqa: E501\nx = 1  # noqa: SES301\n"),
    ],
)
def test_noqa(text: str, reason: str, expected: str) -> None:
    assert after(text, (2 if text.startswith("#") else 1, "SES301"), reason=reason, is_noqa=True) == expected


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        ("<p>{{ a.b }}</p>\n<p>\n", 1, "<p>{{ a.b }}</p>{# sessionlint: ignore[SES503] -- old #}\n<p>\n"),
        ("{% for x in a.b -%} \r\n  y{% endfor %}", 1, "{% for x in a.b -%}{# sessionlint: ignore[SES503] -- old -#} \r\n  y{% endfor %}"),
        ("{{ a\n.b }} {{ f(\n1) }}\nend", 1, "{{ a\n.b }} {{ f(\n1) }}{# sessionlint: ignore[SES503] -- old #}\nend"),
        ("{{ a.b }}{# sessionlint: ignore[SES306] -- old #}\n", 1, "{{ a.b }}{# sessionlint: ignore[SES306, SES503] -- old #}\n"),
    ],
)
@pytest.mark.parametrize("blocks", [{}, {"trim_blocks": True, "lstrip_blocks": True}], ids=["as it is", "trimmed"])
def test_templates_say_what_they_said(text: str, row: int, expected: str, blocks: dict[str, bool]) -> None:
    new = after(text, (row, "SES503"), name="a.html", others={"app.py": b"trim_blocks=True"} if blocks else {})
    assert new.replace(" +#}", " #}") == expected
    environment = Environment(autoescape=True, **blocks)  # type: ignore[arg-type]
    given = {"a": {"b": [1, 2]}, "f": str}
    assert environment.from_string(new).render(**given) == environment.from_string(text).render(**given)


def test_noqa_in_a_template() -> None:
    assert after("{{ a.b }}\n", (1, "SES503"), name="a.html", is_noqa=True) == "{{ a.b }}{# noqa: SES503 old #}\n"
    both = after("{{ a.b }}{# noqa: SES306 #}\n", (1, "SES503"), name="a.html", is_noqa=True)
    assert both == "{{ a.b }}{# noqa: SES306, SES503 old #}\n"


def test_what_cannot_be_silenced_is_left() -> None:
    places = [(1, code) for code in ("SES001", "SES002", "SES003", "SES005", "SES009")]
    done = added("x = 1\n", *places, (1, "SES301"))
    assert [finding.code for finding in done.left] == [code for _, code in places]
    assert [change.after for change in done.changes] == [f"x = 1  {IGNORE}\n".encode()]


def test_a_file_that_cannot_say_it_is_left_as_it_is() -> None:
    done = added("# coding: latin-1\nx = 1\n", (2, "SES301"), reason="日本")
    assert (done.changes, done.number, [finding.code for finding in done.left]) == ((), 0, ["SES301"])
    done = added("# text\nx = 1\n", (1, "SES301"))
    assert (done.changes, [finding.code for finding in done.left]) == ((), ["SES301"])


def test_a_file_keeps_its_encoding() -> None:
    text = "# coding: latin-1\nx = 'é'\n".encode("latin-1")
    (change,) = added(text, (2, "SES301"), reason="déjà vu").changes
    assert change.after == "# coding: latin-1\nx = 'é'  # sessionlint: ignore[SES301] -- déjà vu\n".encode("latin-1")


def analysed(folder: Path) -> Run:
    return run([folder], load_settings([folder], overrides=Options(cache=False, select=("ALL",), output_format="full")), jobs=1)


@pytest.mark.parametrize("is_noqa", [False, True], ids=["ignore", "noqa"])
@pytest.mark.parametrize("app", APPS, ids=lambda path: path.name)
def test_an_application_is_clean_afterwards(app: Path, is_noqa: bool, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(app, project)
    before = analysed(project)
    assert before.findings
    done = suppress(before.program, before.sources, before.findings, reason="for now", is_noqa=is_noqa)
    assert done.left == ()
    for change in done.changes:
        if change.name.endswith(".py"):
            assert ast.dump(ast.parse(change.after)) == ast.dump(ast.parse(change.before))
        (project / change.name).write_bytes(change.after)
    again = analysed(project)
    assert again.findings == ()
    assert len(again.suppressed) == len(before.suppressed) + len(before.findings)
    assert {one.by.reason for one in again.suppressed} - {one.by.reason for one in before.suppressed} <= {"for now"}
