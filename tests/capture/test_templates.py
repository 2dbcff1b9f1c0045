"""Templates as facts: which functions they become, where their names stand, and what a comment in them silences."""

from __future__ import annotations

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
        ("malformed", (), "ignor[SES503]", 5),
        ("malformed", (), "disable[SES503]", 6),
    ]
