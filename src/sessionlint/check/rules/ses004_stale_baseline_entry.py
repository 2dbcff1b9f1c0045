"""SES004 stale-baseline-entry."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events


class StaleBaselineEntry(Rule):
    """A baseline entry that no finding matches any more.

    ## What it does
    Reports, on its line in the baseline, each entry whose finding is not there: it was fixed, its statement was changed, its function was
    renamed or its file is gone. Also an entry whose finding a comment silences, for which no entry is needed.

    ## Why is this bad?
    The list says that more is wrong than is. A finding that comes back, in just the same place, would be taken for the old one.

    ## How it fails at run time
    It does not: the entry hides what will.

    ## Example
    ```text
    sessionlint-baseline.json:2:1: SES004 there is no finding any more for the entry `SES101 app.py in `show`: s = db_manager.get_session()`
    ```
    Remove the entry: `sessionlint baseline prune` removes all of them, and adds nothing.

    ## Fix safety
    There is no fix by `check --fix`, which leaves the baseline alone; `sessionlint baseline prune` removes the entry.

    ## Options
    - `baseline`: the file with the entries

    ## What is not reported
    Entries of which the run cannot know: of rules that do not run, of files that it does not report on (PATHS, `exclude`,
    `per-file-ignores`), or whose story leads through a file that does not parse, that relies on one which does not, or that has a function
    too large to be walked to its end. No entry at all under `--since`, or after a failure of the analysis.

    ## References
    - [ESLint: unused suppressions](https://eslint.org/docs/latest/use/suppressions#resolving-suppressions)
    """

    code, name = "SES004", "stale-baseline-entry"
    message_formats = (
        "there is no finding any more for the entry `{entry}`",
        "a comment silences the finding of the entry `{entry}`",
    )
    is_of_run = True

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """Nothing: what is stale is known when the findings have been compared with the baseline, in the room of that name."""
        return iter(())
