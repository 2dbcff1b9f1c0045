"""Templates as facts: which functions they become, where their names stand, and what a comment in them silences."""

from __future__ import annotations

import pytest

from sessionlint.capture import capture, capture_template
from sessionlint.facts import decode, encode, ops
from sessionlint.source import Range


def test_a_template_is_a_body_with_its_blocks_and_macros() -> None:
    facts = capture_template(b"{% macro field(f) %}{{ f.label }}{% endmacro %}{% block title %}{{ page.title }}{% endblock %}")
    assert facts.templates == {"": 1}
    assert [(function.name, function.parent) for function in facts.functions] == [
        ("<module>", -1),
        ("<template>", -1),
        ("field", 1),
        ("block title", 1),
    ]
    assert decode(encode(facts)) == facts


def test_an_attribute_stands_where_its_name_does() -> None:
    facts = capture_template(b"<p>\n{{ user.name }} {{ user['name'] }}\n")
    reads = [item.value.parts[0] for item in facts.functions[1].body if isinstance(item, ops.Evaluate)]  # type: ignore[union-attr]
    assert [read.name_at for read in reads if isinstance(read, ops.Attribute)] == [Range(2, 9, 2, 13), Range(2, 26, 2, 30)]


def test_a_template_that_does_not_parse_is_passed_over() -> None:
    facts = capture_template(b"{% assets 'all' %}{{ user.name }}{% endassets %}")
    assert (facts.templates, len(facts.functions), facts.error) == ({}, 1, None)


def test_templates_in_strings_are_functions_of_their_file() -> None:
    facts = capture(b'from jinja2 import Template\nPAGE = """\\\n{{ a.b }}\n"""\nTemplate(PAGE)\n')
    (text, index), *others = facts.templates.items()
    assert (text, others) == ("{{ a.b }}\n", [])
    assert facts.functions[index].name == "<template>"
    assert facts.functions[index].body[0].at.row == 3


def test_comments_in_templates_silence_their_row_or_the_next() -> None:
    text = (
        b"{{ a.b }}{# sessionlint: ignore[SES503] -- known #}\n{# noqa: SES503 #}\n{{ a.b }}\n"
        b"{# sessionlint: ignor[SES503] #}\n{# sessionlint: disable[SES503] #}"
    )
    found = [(item.kind, item.codes, item.reason, item.first_row) for item in capture_template(text).suppressions]
    assert found == [
        ("ignore", ("SES503",), "known", 1),
        ("noqa", ("SES503",), "", 3),
        ("malformed", (), "ignor[SES503]", 4),
        ("malformed", (), "disable[SES503]", 5),
    ]


MARK = "{# sessionlint: ignore[SES503] #}"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("{{ a\n.b }}MARK\n", (1, 2)),
        ("MARK{{ a\n.b\n}}\n{{ c }}", (1, 3)),
        ("<p>MARK</p>\n{{ a }}", (1, 1)),
        ("MARK\n\n{# text #}\n<p>{{ a\n.b }}\n", (4, 5)),
        ("MARK\n{# noqa: SES301 #}\n{{ a }}", (3, 3)),
        ("{% raw %}\n{{ x }}\n{% endraw %} MARK\n", (1, 3)),
        ("{{ '}}' }} {{ a(\n'{#') }} MARK\n", (1, 2)),
        ("{#- sessionlint: ignore[SES503]\n    -- a reason\n-#}\n{{ a.b }}\n", (4, 4)),
        ("{{ a.b }}\r\nMARK\r\n{{ a.b }}\r\n", (3, 3)),
        ("{{ a.b }}\nMARK", (2, 2)),
    ],
)
def test_rows_of_a_comment_in_a_template(text: str, rows: tuple[int, int]) -> None:
    (found,) = [item for item in capture_template(text.replace("MARK", MARK).encode()).suppressions if item.codes == ("SES503",)]
    assert (found.kind, found.first_row, found.last_row) == ("ignore", *rows)


@pytest.mark.parametrize(
    ("text", "kind", "reason", "at"),
    [
        ("{#sessionlint:ignore[SES503] -- it is #12 }#}", "ignore", "it is #12 }", Range(1, 1, 1, 46)),
        ("<b>{#- noqa:ses503, SES306 it is old -#}", "noqa", "it is old", Range(1, 4, 1, 41)),
        ("{# sessionlint: file-ignore[SES503]\n   -- of\n   old #}", "file-ignore", "of old", Range(1, 1, 3, 10)),
    ],
)
def test_comments_in_templates(text: str, kind: str, reason: str, at: Range) -> None:
    (found,) = capture_template(text.encode()).suppressions
    assert (found.kind, found.reason, found.at, "SES503" in found.codes) == (kind, reason, at, True)


@pytest.mark.parametrize(
    "text",
    [
        "{# noqa #}",
        "{# see noqa: SES503 #}",
        "{% raw %}{# noqa: SES503 #}{% endraw %}",
        "{{ '{# noqa: SES503 #}' }}",
        "<!-- noqa: SES503 -->",
    ],
)
def test_what_is_no_comment_of_ours_in_a_template(text: str) -> None:
    assert capture_template(text.encode()).suppressions == ()
