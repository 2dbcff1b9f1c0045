"""Write the documents that are made from the code, or with `--check` say which of them are stale.

    python docs/generate.py [--check]

To add one, add a function to `DOCUMENTS` that gives its text.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from sessionlint.check import all_rules, documentation
from sessionlint.report import page

FOLDER = Path(__file__).parent
COMMAND = "make docs"


def rules() -> str:
    """`rules.md`: a table of all rules and the page of each, under an anchor of its code."""
    rows = [
        f"| [{rule.code}](#{rule.code.lower()}) | {rule.name} | {'on' if rule.default else 'off'} | {documentation(rule).summary} |"
        for rule in all_rules()
    ]
    table = "\n".join(["| Code | Name | Default | What |", "|---|---|---|---|", *rows])
    pages = [f'<a id="{rule.code.lower()}"></a>\n\n{page(rule, level=2)}' for rule in all_rules()]
    head = f"# Rules\n\nMade from the rules' docstrings by `{COMMAND}`; `sessionlint rule CODE` shows the same.\n\n{table}\n"
    return "\n".join([head, *pages])


DOCUMENTS: dict[str, Callable[[], str]] = {"rules.md": rules}


def stale(folder: Path = FOLDER) -> list[str]:
    """The names of the documents that differ from what would be written."""
    return [
        name for name, text in DOCUMENTS.items() if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text()
    ]


def main(arguments: list[str]) -> int:
    """Exit status: 1 if `--check` found something stale."""
    found = stale()
    if "--check" in arguments:
        if found:
            sys.stderr.write(f"stale: {', '.join(found)}; run `{COMMAND}`\n")
        return 1 if found else 0
    for name in found:
        (FOLDER / name).write_text(DOCUMENTS[name](), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
