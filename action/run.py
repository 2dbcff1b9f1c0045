"""How the action runs sessionlint: once, with annotations on standard output, and the job summary and SARIF in files beside.

Called with the path of the program; the inputs are in the environment, so that nothing in them is ever read by a shell.
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path

FAIL_ON = ("error", "new", "never")
SUMMARY_LIMIT = 1_000_000
"""Bytes. GitHub takes 1 MiB a step and drops a longer summary whole."""


class WrongInput(Exception):
    """What is wrong, for whoever wrote the workflow."""


def main() -> int:
    """Run the program, and exit with its status."""
    try:
        command = _command(sys.argv[1])
    except WrongInput as error:
        _say("error", str(error))
        return 2
    status = subprocess.run(command, check=False).returncode
    _append_summary()
    if status not in (0, 1):
        _say("error", f"the run failed with exit status {status}, and nothing was checked: the reason is in the log")
    return status


def _say(kind: str, what: str) -> None:
    """An annotation of the run, in its place among what the program prints."""
    print(f"::{kind} title=sessionlint::{what}", flush=True)


def _command(program: str) -> list[str]:
    given = _split("args")
    if not given or given[0].startswith("-"):
        given.insert(0, "check")
    name, options, paths = given[0], given[1:], _split("src")
    if name != "check":
        return [program, name, *options, "--", *paths]
    outputs = ["--output-format=github", f"--output-file=markdown={_summary()}"]
    sarif = os.environ.get("INPUT_SARIF_FILE", "")
    if sarif:
        outputs.append(f"--output-file=sarif={sarif}")
    return [program, "check", *outputs, *_failing(), *options, "--", *paths]


def _split(name: str) -> list[str]:
    """An input as a shell would split it, and nothing else that a shell would do."""
    try:
        return shlex.split(os.environ.get(f"INPUT_{name.upper()}", ""))
    except ValueError as error:
        raise WrongInput(f"`{name}` cannot be split into words: {error}") from None


def _failing() -> list[str]:
    chosen = os.environ.get("INPUT_FAIL_ON", "") or "error"
    if chosen not in FAIL_ON:
        raise WrongInput(f"`fail-on` is `{chosen}`; it can be {', '.join(f'`{value}`' for value in FAIL_ON)}")
    if chosen == "never":
        return ["--exit-zero"]
    base = _base() if chosen == "new" else None
    return [f"--since={base}"] if base else []


def _base() -> str | None:
    """The commit to compare with, fetched if the checkout is shallow; None where there is none, as for the first push of a branch."""
    base = _merged_into() or os.environ.get("BASE", "")
    if not base.strip("0"):
        _say("notice", "this event has no commit to compare with: all findings count")
        return None
    if _git("cat-file", "-e", f"{base}^{{commit}}") is None and _git("fetch", "--quiet", "--no-tags", "--depth=1", "origin", base) is None:
        raise WrongInput(f"`fail-on: new` needs commit {base}, which cannot be fetched: give actions/checkout `fetch-depth: 0`")
    return base


def _merged_into() -> str | None:
    """What GitHub's own merge of a pull request was made on; the commit knows it, however shallow the checkout is."""
    if not os.environ.get("GITHUB_REF", "").startswith("refs/pull/"):
        return None
    header = (_git("cat-file", "commit", "HEAD") or "").partition("\n\n")[0]
    parents = [line.split(" ", 1)[1] for line in header.splitlines() if line.startswith("parent ")]
    return parents[0] if len(parents) > 1 else None


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    except OSError:
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def _summary() -> Path:
    return Path(os.environ["RUNNER_TEMP"]) / "sessionlint-summary.md"


def _append_summary() -> None:
    written, target = _summary(), os.environ.get("GITHUB_STEP_SUMMARY")
    if not target or not written.exists():
        return
    text = written.read_bytes()
    if len(text) > SUMMARY_LIMIT:
        text = text[:SUMMARY_LIMIT].rpartition(b"\n")[0] + b"\n\nThe rest is too long for a summary.\n"
    with open(target, "ab") as summary:
        summary.write(text)
    written.unlink()


if __name__ == "__main__":
    sys.exit(main())
