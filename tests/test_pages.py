"""The examples on the rules' pages, run under SQLAlchemy: the wrong one fails as the page shows, the right one does not.

To add a page, write the docstring of the rule with its headings (`test_catalogue.py` says which), the examples as complete as a reader
needs them, and an empty block below "How it fails at run time":

    ```text
    ```

Then write `fixtures/pages/sesNNN.py`. It has a `main()`, which may be `async`, and imports from the module `example`: what the example
defines, or, if it defines nothing, the function `example(user_id)` of which it is the body. What that module begins with is
`fixtures/pages/around.py`; the database has two users, three orders and the tables of the example's own models. `main()` calls the example
and lets its error pass, or prints what shows the misuse (`beside/watching.py` counts statements and connections). The first lines of the
file say what is printed with the right example: `# right: …`, one a line. At last `make pages ARGS=SESNNN` writes into the docstring what
the wrong example prints; `ARGS="--show SESNNN"` shows both. Nothing on a page that looks like output is written by hand.

A rule of `QUIET` is about what does not fail at run time; its page says so.
"""

from __future__ import annotations

import re

import pytest

from sessionlint.check import Rule, all_rules, documentation
from tests.pages import FIXTURES, Driver, Example, driver_of, module_of, page_server

QUIET = {"SES002", "SES003", "SES004", "SES009"}
RUN = [pytest.param(rule, driver, id=rule.code) for rule in all_rules() if (driver := driver_of(rule.code)) is not None]


@pytest.mark.parametrize(("rule", "driver"), RUN)
def test_the_wrong_example_prints_what_its_page_shows(rule: Rule, driver: Driver) -> None:
    page = documentation(rule)
    printed = driver.ran(page_server(), module_of(rule.code, page.bare(page.wrong))).printed
    assert printed == driver.expected(page.printed, page_server().sqlalchemy), "`make pages` writes it"
    assert driver.older in " ".join(page.section("How it fails at run time").split())


@pytest.mark.parametrize(("rule", "driver"), RUN)
def test_the_right_example_does_not_fail(rule: Rule, driver: Driver) -> None:
    page = documentation(rule)
    ran = driver.ran(page_server(), module_of(rule.code, page.bare(page.right)))
    assert (ran.printed, ran.held) == (driver.right, 0)
    assert "Traceback" not in ran.printed
    assert ran.printed != page.printed


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_each_page_shows_how_it_fails_or_says_that_it_does_not(rule: Rule) -> None:
    page = documentation(rule)
    is_run = driver_of(rule.code) is not None
    assert is_run is (rule.code not in QUIET)
    assert bool(page.printed) is is_run
    assert page.section("How it fails at run time").startswith("It does not") is not is_run


@pytest.mark.parametrize(("rule", "driver"), RUN)
def test_sqlalchemys_page_about_the_error_is_among_the_references(rule: Rule, driver: Driver) -> None:
    page = documentation(rule)
    shown = set(re.findall(r"https://sqlalche\.me/e/(?:20/)?(\w{4})\b", page.printed)) - {"gkpj"}  # IntegrityError, which is meant
    assert shown <= set(re.findall(r"https://sqlalche\.me/e/20/(\w{4})\b", page.section("References")))


def test_every_driver_is_a_rules() -> None:
    drivers = {path.stem for path in FIXTURES.glob("ses*.py")}
    assert drivers == {rule.code.lower() for rule in all_rules()} & drivers
    assert {path.name for path in FIXTURES.iterdir() if not path.name.startswith(("ses", "__"))} == {"around.py", "beside"}


def printed(tmp_path_factory: pytest.TempPathFactory, main: str, example: str = "return user_id / 0\n") -> str:
    path = tmp_path_factory.mktemp("driver") / "driver.py"
    path.write_text(main)
    return Driver(path).ran(page_server(), module_of("SES999", example)).printed


TELLING = """\
import example

def main():
    [example.example(user_id) for user_id in (1, 2)]


def session_of(user_id):
    raise LookupError(f"{object()} at https://sqlalche.me/e/21/bhk3")


example.session_of = session_of
"""
TOLD = """\
Traceback (most recent call last):
  File "example.py", line 1, in example
    return session_of(user_id)
  File "main.py", line 8, in session_of
    raise LookupError(f"{object()} at https://sqlalche.me/e/21/bhk3")
LookupError: <object object at 0x…> at https://sqlalche.me/e/20/bhk3
"""


def test_what_differs_from_run_to_run_is_not_printed(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert printed(tmp_path_factory, TELLING, "return session_of(user_id)\n") == TOLD.replace(
        "https://sqlalche.me/e/21", "https://sqlalche.me/e/20"
    )


def test_frames_of_libraries_are_left_out(tmp_path_factory: pytest.TempPathFactory) -> None:
    text = printed(tmp_path_factory, "from example import example\ndef main():\n    example(1)\n", "import json\njson.loads('{')\n")
    assert text.splitlines()[:4] == [
        "Traceback (most recent call last):",
        '  File "example.py", line 2, in example',
        "    json.loads('{')",
        "  ...",
    ]
    assert text.count("File") == 1


def test_an_error_outside_the_example_is_shown_where_it_is(tmp_path_factory: pytest.TempPathFactory) -> None:
    text = printed(tmp_path_factory, "import example\ndef main():\n    print(1)\n    1 / 0\n")
    assert (
        text == '1\nTraceback (most recent call last):\n  File "main.py", line 4, in main\n    1 / 0\nZeroDivisionError: division by zero\n'
    )


def test_warnings_of_sqlalchemy_are_printed(tmp_path_factory: pytest.TempPathFactory) -> None:
    main = "from example import example\ndef main():\n    example(1)\n"
    text = printed(tmp_path_factory, main, "import warnings\nfrom sqlalchemy.exc import SAWarning\nwarnings.warn('odd', SAWarning)\n")
    assert text == "example.py:3: SAWarning: odd\n"


def test_an_example_that_defines_something_is_a_module_of_its_own() -> None:
    alone, inside = module_of("SES301", "def f():\n    pass\n"), module_of("SES301", "x = 1\n")
    assert alone.text.splitlines()[alone.first - 1] == "def f():"
    assert inside.text.splitlines()[inside.first - 2 :] == ["def example(user_id: int):", "    x = 1"]


def test_an_example_of_a_file_is_all_of_it() -> None:
    assert module_of("SES001", "def f(:\n") == Example("def f(:\n", 1)
