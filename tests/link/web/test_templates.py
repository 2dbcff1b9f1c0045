"""Which file a template's name means."""

from __future__ import annotations

from pathlib import Path

from sessionlint.capture import capture_template
from sessionlint.link.symbols import FunctionId
from sessionlint.link.web.templates import Templates
from sessionlint.source import SourceFile


def templates(*files: str) -> Templates:
    facts = capture_template(b"{{ a.b }}")
    return Templates({file: (SourceFile(Path("/p") / file, file, ""), facts) for file in files}, {})


def test_a_name_is_the_tail_of_a_path() -> None:
    found = templates("app/templates/user/list.html", "app/templates/list.html")
    assert found.named("user/list.html", "app/views.py") == FunctionId("app/templates/user/list.html", 1)
    assert found.named("list.html", "app/views.py") == FunctionId("app/templates/list.html", 1)
    assert found.named("ist.html", "app/views.py") is None


def test_folders_of_templates_come_first_then_what_is_near() -> None:
    found = templates("docs/page.html", "one/templates/page.html", "two/templates/page.html", "two/admin/templates/page.html")
    assert found.named("page.html", "two/views.py") == FunctionId("two/templates/page.html", 1)
    assert found.named("page.html", "two/admin/views.py") == FunctionId("two/admin/templates/page.html", 1)
    assert found.named("page.html", "one/deep/down/views.py") == FunctionId("one/templates/page.html", 1)
