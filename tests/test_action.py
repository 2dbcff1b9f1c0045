"""action.yml: its shape, its shell, and what its steps do to an application, run here as GitHub's runner runs them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = {step.get("id", step["name"]): step for step in ACTION["runs"]["steps"]}
SCRIPTS = {name: step["run"] for name, step in STEPS.items() if "run" in step}
LEAK = """\
from sqlalchemy.orm import Session


def names(engine):
    session = Session(engine)
    return list(session.execute("names"))
"""
CLEAN = LEAK.replace("    session = Session(engine)\n    return", "    with Session(engine) as session:\n        return")
ANNOTATION = "::error title=sessionlint (SES102),file=leak.py,line=5,col=15,endLine=5,endColumn=30::leak.py:5:15: SES102 "
BASH = shutil.which("bash") or "bash"


def test_the_inputs_and_outputs_are_those_agreed() -> None:
    assert list(ACTION["inputs"]) == ["version", "version-file", "args", "src", "fail-on", "sarif-file", "upload-sarif", "github-token"]
    assert list(ACTION["outputs"]) == ["sessionlint-version"]
    assert all(given["description"] and "default" in given for given in ACTION["inputs"].values())


def test_it_fits_the_schema() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_shell_reads_no_input_and_has_no_fault(name: str) -> None:
    assert "${{" not in SCRIPTS[name], "inputs come through the environment: what is put into the text of a script is run"
    assert STEPS[name]["shell"] == "bash"
    done = subprocess.run(
        [str(Path(sys.executable).parent / "shellcheck"), "--shell=bash", "--norc", "-"],
        input=SCRIPTS[name],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_others_actions_are_pinned() -> None:
    used = [step["uses"] for step in STEPS.values() if "uses" in step]
    assert used
    assert [name for name in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name)] == []


class Runner:
    """The workspace of a job, and what GitHub's runner gives to a step of it."""

    def __init__(self, folder: Path, program: Path | None = None) -> None:
        self.workspace, self.temporary, self.program = folder / "work space", folder / "temporary", program
        self.output, self.summary = self.temporary / "output", self.temporary / "summary.md"
        self.workspace.mkdir()
        self.temporary.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        identity = {f"GIT_{who}_{what}": "somebody" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        environment = {**os.environ, **identity, "GIT_CONFIG_GLOBAL": os.devnull}
        return subprocess.run(["git", *arguments], cwd=self.workspace, env=environment, capture_output=True, text=True, check=True).stdout

    def write(self, name: str, text: str) -> None:
        (self.workspace / name).write_text(text)

    def commit(self) -> str:
        self.git("add", ".")
        self.git("commit", "--quiet", "--message", "a change")
        return self.git("rev-parse", "HEAD").strip()

    def step(self, name: str, base: str = "", ref: str = "refs/heads/main", **inputs: str) -> subprocess.CompletedProcess[str]:
        """Run a step's script as `shell: bash` does, its environment evaluated from the inputs and the event."""
        known = {
            **{f"inputs.{key}": str(given["default"]) for key, given in ACTION["inputs"].items()},
            **{f"inputs.{key.replace('_', '-')}": value for key, value in inputs.items()},
            "github.action_path": str(ROOT),
            "github.event.pull_request.base.sha || github.event.before": base,
            "steps.install.outputs.programs": str(self.program),
        }
        own = {name: _evaluated(value, known) for name, value in STEPS[name]["env"].items()}
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("SESSIONLINT_", "GITHUB_", "INPUT_", "PYTHON"))}
        files = {"GITHUB_OUTPUT": str(self.output), "GITHUB_STEP_SUMMARY": str(self.summary), "RUNNER_TEMP": str(self.temporary)}
        script = self.temporary / "step.sh"
        script.write_text(SCRIPTS[name])
        return subprocess.run(
            [BASH, "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.workspace,
            env={**kept, **files, **own, "GITHUB_REF": ref, "CI": "true"},
            capture_output=True,
            text=True,
            timeout=500,
            check=False,
        )


def _evaluated(value: str, known: Mapping[str, str]) -> str:
    return re.sub(r"\$\{\{ (.+?) \}\}", lambda found: known[found[1]], value)


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A job after its first step: a program that runs this checkout is where the step puts it."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (programs / "sessionlint").write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT / "src"}" exec "{sys.executable}" -m sessionlint "$@"\n')
    for program in programs.iterdir():
        program.chmod(0o755)
    made = Runner(tmp_path, programs)
    made.write("leak.py", LEAK)
    return made


RUN = "Run sessionlint"


def test_a_finding_is_annotated_summed_up_and_written_as_sarif(runner: Runner) -> None:
    done = runner.step(RUN, sarif_file="out/findings.sarif")
    assert (done.returncode, done.stdout.count("::error")) == (1, 1)
    assert done.stdout.startswith(ANNOTATION)
    assert "SES102" in runner.summary.read_text()
    sarif = json.loads((runner.workspace / "out" / "findings.sarif").read_text())
    assert [
        (found["ruleId"], found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]) for found in sarif["runs"][0]["results"]
    ] == [("SES102", "leak.py")]


def test_nothing_to_report(runner: Runner) -> None:
    runner.write("leak.py", CLEAN)
    done = runner.step(RUN)
    assert (done.returncode, "::" in done.stdout) == (0, False)


@pytest.mark.parametrize(
    ("inputs", "status"),
    [
        ({"fail_on": "never"}, 0),
        ({"args": "--select SES3"}, 0),
        ({"args": "check --ignore 'SES102, SES101'"}, 0),
        ({"src": "sub 'with space'"}, 0),
        ({"src": "sub\nleak.py"}, 1),
        ({"src": ". ; touch injected; $(touch injected) `touch injected`"}, 2),
        ({"args": "check; touch injected"}, 2),
        ({"args": "rule SES102", "src": ""}, 0),
        ({"args": "check --config 'select = [1]'", "fail_on": "never"}, 2),
    ],
)
def test_inputs(runner: Runner, inputs: dict[str, str], status: int) -> None:
    for name in ("sub", "with space"):
        (runner.workspace / name).mkdir()
        runner.write(f"{name}/clean.py", CLEAN)
    done = runner.step(RUN, **inputs)
    assert done.returncode == status, done.stdout + done.stderr
    assert not list(runner.workspace.rglob("injected"))
    assert ("the run failed with exit status 2" in done.stdout) == (status == 2)


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"fail_on": "warning"}, "`fail-on` is `warning`; it can be `error`, `new`, `never`"),
        ({"args": "check 'open"}, "`args` cannot be split into words: No closing quotation"),
    ],
)
def test_inputs_that_make_no_sense(runner: Runner, inputs: dict[str, str], said: str) -> None:
    done = runner.step(RUN, **inputs)
    assert (done.returncode, done.stdout) == (2, f"::error title=sessionlint::{said}\n")


def test_a_summary_that_is_too_long_is_cut(runner: Runner) -> None:
    """GitHub drops one of more than a MiB whole; what there is of it ends with a whole row."""
    assert runner.program
    rows = "yes '| `leak.py:5:15` | SES102 |' | head -n 60000"
    (runner.program / "sessionlint").write_text(
        f'#!/bin/sh\nfor given; do case $given in --output-file=markdown=*) {rows} > "${{given#*markdown=}}";; esac; done\n'
    )
    assert runner.step(RUN).returncode == 0
    text = runner.summary.read_text()
    assert 999_000 < len(text.encode()) < 1_000_100
    assert set(text.splitlines()[:-2]) == {"| `leak.py:5:15` | SES102 |"}
    assert text.endswith("|\n\nThe rest is too long for a summary.\n")


def test_only_what_is_new_fails(runner: Runner) -> None:
    base = runner.commit()
    runner.write("other.py", LEAK)
    runner.commit()
    done = runner.step(RUN, base=base, fail_on="new")
    assert (done.returncode, re.findall(r"file=(\S+?),", done.stdout)) == (1, ["other.py"])
    runner.write("other.py", CLEAN)
    runner.commit()
    assert runner.step(RUN, base=base, fail_on="new").returncode == 0


def test_a_pull_request_is_compared_with_what_it_was_merged_into(runner: Runner) -> None:
    """The base's commit of the event may be older than the one that GitHub merged with; a shallow checkout has neither."""
    older = runner.commit()
    runner.git("checkout", "--quiet", "-b", "topic")
    runner.write("mine.py", LEAK)
    runner.commit()
    runner.git("checkout", "--quiet", "main")
    runner.write("theirs.py", LEAK)
    runner.commit()
    runner.git("merge", "--quiet", "--no-ff", "--message", "merged", "topic")
    origin = runner.workspace.rename(runner.workspace.with_name("origin"))
    subprocess.run(["git", "clone", "--quiet", "--depth=1", f"file://{origin}", str(runner.workspace)], capture_output=True, check=True)

    done = runner.step(RUN, base=older, ref="refs/pull/1/merge", fail_on="new")
    assert (done.returncode, re.findall(r"file=(\S+?),", done.stdout)) == (1, ["mine.py"]), done.stdout + done.stderr


def test_without_a_base_everything_is_new(runner: Runner) -> None:
    done = runner.step(RUN, base="0" * 40, fail_on="new")
    assert done.returncode == 1
    assert done.stdout.startswith("::notice title=sessionlint::this event has no commit to compare with: all findings count\n" + ANNOTATION)


def test_a_base_that_cannot_be_had(runner: Runner) -> None:
    runner.commit()
    done = runner.step(RUN, base="1" * 40, fail_on="new")
    assert done.returncode == 2
    assert "cannot be fetched: give actions/checkout `fetch-depth: 0`" in done.stdout


@pytest.mark.slow
def test_the_revision_of_the_action_is_installed(tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    done = runner.step("install")
    assert done.returncode == 0, done.stdout + done.stderr
    outputs = dict(line.split("=", 1) for line in runner.output.read_text().splitlines())
    assert outputs["sessionlint-version"] == "0.1.0"
    runner.program = Path(outputs["programs"])
    runner.write("leak.py", LEAK)
    assert runner.step(RUN).stdout.startswith(ANNOTATION)


@pytest.mark.parametrize(
    ("version", "file", "expected"),
    [
        ("", "", "the action"),
        ("latest", "", "sessionlint"),
        ("0.1.0", "", "sessionlint==0.1.0"),
        (" >=0.1, <0.2 ", "", "sessionlint>=0.1, <0.2"),
        ("0.1.0", "not looked at", "sessionlint==0.1.0"),
        ("", 'dependencies = ["flask", "sessionlint>=0.1,<0.2"]\n[tool.sessionlint]\n', "sessionlint>=0.1,<0.2"),
        ("", "flask==3\nsessionlint == 0.1.0  # linter\n", "sessionlint== 0.1.0"),
        ("", "sessionlint==0.1.0 \\\n    --hash=sha256:00\n", "sessionlint==0.1.0"),
        ("", "sessionlint; python_version > '3.9'\n", "sessionlint"),
        ("", 'dev = ["sessionlint"]\n', "sessionlint"),
        ("", '[[package]]\nname = "sessionlint"\nversion = "0.1.2"\n', "sessionlint==0.1.2"),
        ("", '[tool.poetry.dependencies]\nsessionlint = "0.1.0"\n', "sessionlint==0.1.0"),
    ],
)
def test_the_version(version: str, file: str, expected: str, tmp_path: Path) -> None:
    done = _requirement(version, file, tmp_path)
    assert (done.returncode, done.stdout.strip()) == (0, expected), done.stderr


@pytest.mark.parametrize(
    ("version", "file", "said"),
    [
        ("newest", "", "`version` is `newest`, which is neither a version nor a specifier"),
        ("--index-url=elsewhere", "", "`version` is `--index-url=elsewhere`, which is neither"),
        ("0.1 elsewhere", "", "`version` is `0.1 elsewhere`, which is neither"),
        ("", "flask\nsessionlint-extra==1\n[tool.sessionlint]\n", "has no requirement of sessionlint"),
    ],
)
def test_a_version_that_makes_no_sense(version: str, file: str, said: str, tmp_path: Path) -> None:
    done = _requirement(version, file, tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("::error title=sessionlint::")
    assert said in done.stderr


def _requirement(version: str, file: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = folder / "versions.txt"
    path.write_text(file)
    given = {"INPUT_VERSION": version, "INPUT_VERSION_FILE": str(path) if file else "", "ACTION_PATH": "the action"}
    return subprocess.run(
        [sys.executable, "-I", str(ROOT / "action" / "requirement.py")],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
