"""Runs the wrong examples of the rules' pages and writes what they print into the docstrings, below "How it fails at run time".

    python .ci/pages.py [--check] [--show] [--python PYTHON] [CODE...]

`--check` writes nothing and fails if a page says something else; `--show` prints what the right ones print as well.
`--python` runs them under another one, and with it another SQLAlchemy.
"""

from __future__ import annotations

import argparse
import inspect
import re
import sys
from pathlib import Path
from textwrap import indent

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sessionlint.check import Rule, all_rules, documentation  # noqa: E402
from tests.pages import PageServer, driver_of, module_of  # noqa: E402

BLOCK = re.compile(r"(    ## How it fails at run time\n(?:(?!    ## ).*\n)*?    ```text\n)((?:(?!    ```).*\n)*)(?=    ```\n)")


def write(rule: Rule, text: str) -> None:
    """Put the text into the docstring."""
    path = Path(inspect.getfile(type(rule)))
    source = path.read_text(encoding="utf-8")
    block = indent(text.replace("\\", "\\\\"), "    ")
    changed, number = BLOCK.subn(lambda found: found.group(1) + block, source)
    if number != 1:
        sys.exit(f'{rule.code}: there is no "```text" below "How it fails at run time", into which this belongs:\n{text}')
    path.write_text(changed, encoding="utf-8")


def main() -> int:
    """Run them, and write or compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("codes", nargs="*")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--python", default=sys.executable)
    options = parser.parse_args()
    stale, server = 0, PageServer(options.python)
    for rule in all_rules():
        driver = driver_of(rule.code)
        if driver is None or (options.codes and rule.code not in options.codes):
            continue
        page = documentation(rule)
        text = driver.ran(server, module_of(rule.code, page.bare(page.wrong))).printed
        if options.show:
            print(f"== {rule.code}\n{text}-- right\n{driver.ran(server, module_of(rule.code, page.bare(page.right))).printed}")
        if text == driver.expected(page.printed, server.sqlalchemy):
            continue
        stale += 1
        print(f"{rule.code}: the page shows something else than is printed" if options.check else f"{rule.code}: written")
        if not options.check:
            write(rule, text)
    return 1 if stale and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
