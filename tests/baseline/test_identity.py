"""What a finding's identity survives, and what it does not: the table of `docs/decisions/0005-identity.md`."""

from __future__ import annotations

import textwrap

import pytest

from tests.baseline.programs import FILE, changes, checked, compared

TWO = """
def page(number):
    user = current()
    session = acquire()
    rows = session.all(number)
    session.close()
    shown = render(rows)
    session = acquire()
    log(shown)
    session.close()
    return shown
"""
FIXED = "session = scope()"


def edited(old: str, new: str, text: str = TWO) -> str:
    assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
    return text.replace(old, new)


FIRST = "    session = acquire()\n    rows"
SECOND = "    session = acquire()\n    log"
LINES = "".join(f"    line_{number} = {number}\n" for number in range(200))

SURVIVED = {
    "nothing": TWO,
    "lines above the function": "import os\n\n\ndef other():\n    return acquired()\n" + TWO,
    "lines above it": edited(FIRST, LINES + FIRST),
    "lines below it": edited("    rows", LINES + "    rows"),
    "lines above and below it": edited(FIRST, LINES + "    session = acquire()\n" + LINES.replace("line", "more") + "    rows"),
    "all above it rewritten": edited("    user = current()\n", "    name = ask()\n    greet(name)\n"),
    "all below it rewritten": edited("    log(shown)\n    session.close()\n    return shown\n", "    write(shown)\n"),
    "the neighbour above edited": edited("user = current()", "user = current(number)"),
    "the neighbour below edited": edited("rows = session.all(number)", "rows = session.all(number, 1)"),
    "a block around it": edited(
        FIRST + " = session.all(number)\n", "    if number:\n        session = acquire()\n        rows = session.all(number)\n"
    ),
    "a handler around it": edited(
        FIRST + " = session.all(number)\n",
        "    try:\n        begin()\n        session = acquire()\n        done()\n        rows = session.all(number)\n"
        "    except OSError:\n        stop()\n",
    ),
    "a comment at its end": edited(FIRST, "    session = acquire()  # why\n    rows"),
    "another layout": edited(FIRST, "    session = (\n        acquire()\n    )\n\n\n    rows"),
    "a moved function": TWO + "\n\ndef other():\n    return 1\n",
    "parameters of the function": edited("def page(number):", "def page(number, *, size=10):"),
    "a decorator": edited("def page(number):", "@cached\nasync def page(number):"),
}


@pytest.mark.parametrize("after", SURVIVED.values(), ids=SURVIVED)
def test_what_is_survived(after: str) -> None:
    assert changes(TWO, after) == ([], 0)


RECOGNIZED = {
    "the first fixed, another at the end": (
        edited("    return shown\n", "    session = acquire()\n    return shown\n", edited(FIRST, f"    {FIXED}\n    rows")),
        [11],
    ),
    "the second fixed, another in front of all": (
        edited(
            "    user = current()\n",
            "    session = acquire()\n    greet(session)\n    user = current()\n",
            edited(SECOND, f"    {FIXED}\n    log"),
        ),
        [3],
    ),
    "both fixed, two in between": (
        edited(
            "    shown = render(rows)\n",
            "    shown = render(rows)\n    session = acquire()\n    one(session)\n    session = acquire()\n    two(session)\n    three()\n",
            edited(FIRST, f"    {FIXED}\n    rows", edited(SECOND, f"    three()\n    {FIXED}\n    log")),
        ),
        [8, 10],
    ),
    "the first fixed, another just behind its neighbour": (
        edited(
            "    rows = session.all(number)\n",
            "    rows = session.all(number)\n    session = acquire()\n",
            edited(FIRST, f"    {FIXED}\n    rows"),
        ),
        [6],
    ),
    "one more": (edited("    return shown\n", "    session = acquire()\n    return shown\n"), [11]),
    "one more in front": (edited("    user = current()\n", "    session = acquire()\n    user = current()\n"), [3]),
}


@pytest.mark.parametrize(("after", "rows"), RECOGNIZED.values(), ids=RECOGNIZED)
def test_a_fixed_and_a_new_one_do_not_cancel_out(after: str, rows: list[int]) -> None:
    fixed = TWO.count("acquire") - (after.count("acquire") - len(rows))
    assert changes(TWO, after) == (rows, fixed)


ONE = """
def page(number):
    if number:
        session = acquire()
        try:
            return session.all(number)
        finally:
            session.close()
    else:
        return []
"""
ALONE = {
    "the other branch": (
        """
def page(number):
    if number:
        with scope() as session:
            return session.all(number)
    else:
        session = acquire()
        try:
            return session.some()
        finally:
            session.close()
""",
        [7],
    ),
    "the same work in the other branch": (
        """
def page(number):
    if number:
        with scope() as session:
            return session.all(number)
    else:
        session = acquire()
        try:
            return session.all(number)
        finally:
            session.close()
""",
        [7],
    ),
    "in front of the scope that replaces it": (
        """
def page(number):
    session = acquire()
    audit(session)
    if number:
        with scope() as session:
            return session.all(number)
    else:
        return []
""",
        [3],
    ),
    "another function": (
        """
def page(number):
    if number:
        with scope() as session:
            return session.all(number)
    else:
        return []


def other(number):
    if number:
        session = acquire()
        try:
            return session.all(number)
        finally:
            session.close()
    else:
        return []
""",
        [12],
    ),
}


@pytest.mark.parametrize(("after", "rows"), ALONE.values(), ids=ALONE)
def test_the_only_one_does_not_cancel_out_with_another(after: str, rows: list[int]) -> None:
    assert changes(ONE, after) == (rows, 1)


def test_what_happens_to_the_result_tells_two_at_the_start_apart() -> None:
    before = "def page():\n    session = acquire()\n    rows = session.all()\n    return rows\n"
    after = before.replace("    rows = session", "    audit(session)\n    with scope() as session:\n        rows = session")
    assert changes(before, after) == ([2], 1)


LOST = {
    "the statement edited": edited(FIRST, "    session = acquire() or None\n    rows"),
    "the variable renamed": edited(FIRST, "    db = acquire()\n    rows"),
    "both neighbours edited": edited(
        "    user = current()\n" + FIRST + " = session.all(number)", "    user = who()\n" + FIRST + " = session.one(number)"
    ),
}


@pytest.mark.parametrize("after", LOST.values(), ids=LOST)
def test_what_is_not_survived_is_seen(after: str) -> None:
    rows, stale = changes(TWO, after)
    assert (len(rows), stale) == (1, 1)


def test_a_renamed_function_and_a_renamed_file_are_others() -> None:
    assert changes(TWO, TWO.replace("page", "site")) == ([4, 8], 2)
    result = compared({FILE: TWO}, {"other.py": TWO})
    assert (len(result.new), len(result.stale)) == (2, 2)


def test_moved_and_swapped_functions_keep_theirs() -> None:
    method = textwrap.indent(TWO.strip("\n"), "    ").replace("page", "show")
    one, two, three = f"class One:\n{method}\n", f"class Two:\n{method}\n", TWO
    assert changes(one + two + three, three + two + one) == ([], 0)


def test_equal_ones_in_equal_surroundings_are_counted() -> None:
    text = "def page():\n" + "    session = acquire()\n    work(session)\n" * 3
    assert changes(text, text.replace("acquire", "scope", 1)) == ([], 1)
    rows, stale = changes(text, text + "    session = acquire()\n    work(session)\n")
    assert (len(rows), stale) == (1, 0)


READ = "rows = query(User)\n\n\ndef page(user):\n    start()\n    show(user.orders)\n    stop()\n"


def test_another_query_is_another_cause() -> None:
    assert changes(READ, READ.replace("query(User)", "query( User )")) == ([], 0)
    assert changes(READ, READ.replace("query(User)", "query(User, 1)")) == ([6], 1)


@pytest.mark.parametrize("name", ["page.html", "mail.txt"])
def test_lines_of_templates_are_lines(name: str) -> None:
    before = "<ul>\n  {{ user.orders }}\n</ul>\n\n<p>\n  {{ user.orders }}\n</p>\n"
    after = "<h1>Title</h1>\n<ul>\n  {{ user.name }}\n</ul>\n\n<p>\n{{  user.orders }}\n</p>\n<b>\n  {{ user.orders }}\n</b>\n"
    result = compared({name: before}, {name: after})
    assert ([one.finding.at.range.row for one in result.new], len(result.stale)) == ([10], 1)


def marks(text: str) -> list[str]:
    return [finding.fingerprint for finding in checked({FILE: text}).findings]


def test_fingerprints_are_those_of_the_moved_and_of_nobody_else() -> None:
    first, second = marks(TWO)
    assert first != second
    assert marks("import os\n" + TWO) == marks(edited(FIRST, LINES + FIRST)) == [first, second]
    assert (
        marks(edited(FIRST, f"    {FIXED}\n    rows", edited("    return shown\n", "    session = acquire()\n    return shown\n")))[0]
        == second
    )
    assert first not in marks(
        edited(FIRST, f"    {FIXED}\n    rows", edited("    return shown\n", "    session = acquire()\n    return shown\n"))
    )


def test_no_two_fingerprints_are_alike() -> None:
    found = marks("def page():\n" + "    session = acquire()\n    work(session)\n" * 30 + "    acquire(), acquire()\n" * 2)
    assert len(set(found)) == len(found) == 34
