"""unused-suppression and invalid-suppression: what they take out of comments, and that nothing beside changes by a byte."""

from __future__ import annotations

import pytest

from sessionlint.capture import capture, capture_template
from sessionlint.check import Applicability, check
from sessionlint.link import link
from sessionlint.rewrite import Migration, migrate
from sessionlint.solve import solve
from sessionlint.source import SourceFile
from tests.rewrite.programs import SETTINGS

HEAD = "from sqlalchemy.orm import Session\n"
LEAK = "\n\ndef count(engine):\n    session = Session(engine)  MARK\n    return session.execute(1).scalar()\n"


def done(texts: dict[str, bytes], *trusted: Applicability) -> Migration:
    """What is made of a program of Python files and templates."""
    files = {name: (SourceFile(SETTINGS.root / name, name, name[:-3]), capture(text)) for name, text in texts.items() if name[-3:] == ".py"}
    templates = {
        name: (SourceFile(SETTINGS.root / name, name, ""), capture_template(text)) for name, text in texts.items() if name not in files
    }
    program = link(files, SETTINGS, templates)
    findings = check(program, solve(program), SETTINGS)
    return migrate(program, SETTINGS, texts, lambda spot: True, findings, trusted=trusted or [Applicability.SAFE])


def mended(text: str | bytes, name: str = "main.py", *trusted: Applicability) -> bytes:
    """A file after it."""
    content = text if isinstance(text, bytes) else text.encode()
    texts = {"app.py": HEAD.encode(), name: content}
    return {change.name: change.after for change in done(texts, *trusted).changes}.get(name, content)


UNUSED = {
    "x = 1  # noqa: SES301\n": "x = 1\n",
    "x = 1  # noqa: SES301 and a reason\n": "x = 1\n",
    "x = 1  # noqa: E501, SES301\n": "x = 1  # noqa: E501\n",
    "x = 1  # noqa: SES301, E501\n": "x = 1  # noqa: E501\n",
    "x = 1  # NOQA:E501,ses301 , W291 see #12\n": "x = 1  # NOQA:E501 , W291 see #12\n",
    "x = 1  # noqa: SES301,SES302\t\n": "x = 1\n",
    "x = 1  # type: ignore # noqa: SES301 # pragma: no cover\n": "x = 1  # type: ignore # pragma: no cover\n",
    "x = 1  # noqa: SES301  # pragma: no cover\n": "x = 1  # pragma: no cover\n",
    "x = 1  # pragma: no cover  # noqa: SES301\n": "x = 1  # pragma: no cover\n",
    "x = 1  # the first  # sessionlint: ignore[SES301] -- because\n": "x = 1  # the first\n",
    "x = 1  # sessionlint: ignore[SES301] -- old # noqa: E501, SES302\n": "x = 1  # noqa: E501\n",
    "x = 1  # sessionlint: ignore[SES301, session-leak] -- because\n": "x = 1\n",
    "x = 1\n\n# sessionlint: ignore[SES301] -- because\ny = 2\n": "x = 1\n\ny = 2\n",
    "x = 1\n    # noqa: SES301\ny = 2\n": "x = 1\ny = 2\n",
    "# sessionlint: file-ignore[SES2]\nx = 1\n": "x = 1\n",
    "x = [\n    # noqa: SES301\n    1,  # noqa: SES302\n]\n": "x = [\n    1,\n]\n",
    "x = 1 # noqa: SES301": "x = 1",
    "# noqa: SES301": "",
    "# text\r\n# noqa: SES301\r\nx = '''\r\n# noqa: SES301'''\r\n": "# text\r\nx = '''\r\n# noqa: SES301'''\r\n",
    "\f# noqa: SES301\nx = 1\n": "x = 1\n",
    "# sessionlint: disable[SES301, SES302]\nx = 1\n# sessionlint: enable[SES302, SES301]\n": "x = 1\n",
    "def f():\n    # sessionlint: disable[SES2]\n    x = 1\n    # sessionlint: enable[SES201]\n": "def f():\n    x = 1\n",
}


@pytest.mark.parametrize(("before", "after"), UNUSED.items())
def test_what_silences_nothing_goes(before: str, after: str) -> None:
    assert mended(before) == after.encode()
    assert mended(after) == after.encode()


@pytest.mark.parametrize(
    "text",
    [
        "x = 1  # noqa\n",
        "x = 1  # noqa: E501\n",
        "x = 1  # noqa: SES002, SES301\n",
        "x = '# noqa: SES301'\n",
        "x = 1  # see noqa: SES301\n",
    ],
)
def test_what_stays(text: str) -> None:
    assert mended(text) == text.encode()


def test_codes_that_silence_something_stay_with_the_reason() -> None:
    before = (HEAD + LEAK).replace("MARK", "# text # sessionlint: ignore[SES301, SES102,SES2] -- the caller's")
    after = (HEAD + LEAK).replace("MARK", "# text # sessionlint: ignore[SES102] -- the caller's")
    assert mended(before) == after.encode()


def test_an_enable_stays_that_ends_another_range_too() -> None:
    ranges = "# sessionlint: disable[SES102]\n# sessionlint: disable[SES301]\n"
    after = (HEAD + "# sessionlint: disable[SES102]\n" + LEAK).replace("  MARK", "")
    before = (HEAD + ranges + LEAK).replace("  MARK", "")
    assert mended(before + "\n\n# sessionlint: enable[SES102, SES301]\n") == (after + "\n\n# sessionlint: enable[SES102]\n").encode()
    assert mended(before + "\n\n# sessionlint: enable[SES102]\n") == (after + "\n\n# sessionlint: enable[SES102]\n").encode()


def test_bytes_of_other_encodings_stay() -> None:
    before = "# -*- coding: latin-1 -*-\nx = 'é'  # é # noqa: SES301\ny = 'ü'\n".encode("latin-1")
    assert mended(before) == before.replace(b" # noqa: SES301", b"")
    marked = b"\xef\xbb\xbfx = 1  # noqa: SES301\r\ny = 2\n"
    assert mended(marked) == b"\xef\xbb\xbfx = 1\r\ny = 2\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>{{ a }}{# noqa: SES503 #} x</p>\n", "<p>{{ a }} x</p>\n"),
        ("<p>{{ a }}{#- noqa: E501,SES503 -#} x</p>\n", "<p>{{ a }}{#- noqa: E501 -#} x</p>\n"),
        ("<p>\n  {# sessionlint: ignore[SES503]\r\n     -- old #}\r\n{{ a }}\n", "<p>\n{{ a }}\n"),
        ("<p>\n{# sessionlint: ignore[SES503\n] #} {{ a }}'''\n", "<p>\n {{ a }}'''\n"),
        ("{# text #}{# sessionlint: file-ignore[SES503, SES306] #}{{ a }}\n", "{# text #}{{ a }}\n"),
    ],
)
def test_comments_in_templates(before: str, after: str) -> None:
    assert mended(before, "templates/a.html") == after.encode()
    assert mended(before, "templates/mail.txt.j2", Applicability.SAFE) == before.encode()


def test_a_template_that_is_not_for_browsers_is_another_matter() -> None:
    (left,) = done({"app.py": HEAD.encode(), "a.jinja": b"{# noqa: SES503 #}{{ a }}"}).left
    assert (left.codemod, left.code) == ("unused-suppression", "not-trusted")


INVALID = {
    "# sessionlint: ignore SES102 the caller's": "# sessionlint: ignore[SES102] -- the caller's",
    "# text # sessionlint:ignore(SES102) # type: ignore": "# text # sessionlint:ignore[SES102] # type: ignore",
    "# Sessionlint : Ignore[SES102; SES1] -- old": "# Sessionlint : ignore[SES102, SES1] -- old",
}


@pytest.mark.parametrize(("before", "after"), INVALID.items())
def test_what_was_meant_is_written(before: str, after: str) -> None:
    text = HEAD + LEAK
    assert mended(text.replace("MARK", before)) == text.replace("MARK", after).encode()


def test_what_was_meant_and_silences_nothing_goes() -> None:
    assert mended("x = 1  # sessionlint: ignore SES301\n") == b"x = 1\n"
    template = "{# sessionlint: ignore SES503 #}{{ a }}"
    assert mended(template, "a.html") == b"{{ a }}"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x = 1  # sessionlint: ignore\n", "no-codes"),
        ("x = 1  # sessionlint: ignore[SES999]\n", "unknown-code"),
        ("x = 1  # noqa: SES999\n", "unknown-code"),
        ("x = 1  # sessionlint: disable[SES301]\n", "beside-code"),
        ("x = 1\n# sessionlint: enable[SES301]\n", "ends-nothing"),
        ("x = 1  # sessionlint: ignore SES301 or SES302 soon\n", "more-codes"),
    ],
)
def test_what_only_the_author_knows_is_left(text: str, code: str) -> None:
    result = done({"app.py": HEAD.encode(), "main.py": text.encode()})
    assert [(left.codemod, left.code) for left in result.left] == [("invalid-suppression", code)]
    assert result.changes == ()


def test_what_is_mended_leaves_no_stale_comment() -> None:
    texts = (
        HEAD
        + "from models import Book\n\n\ndef find(session: Session):\n    return session.query(Book).get(1)  # sessionlint: ignore[SES301]\n"
    )
    assert mended(texts).endswith(b"    return session.query(Book).get(1)\n")


def test_other_comments_may_not_be_lost() -> None:
    result = done({"app.py": HEAD.encode(), "main.py": b"x = 1  # text  # noqa: SES301\ny = 1  # text  # noqa: SES302\n"})
    assert [change.after for change in result.changes] == [b"x = 1  # text\ny = 1  # text\n"]
    assert len(result.migrated) == 2
