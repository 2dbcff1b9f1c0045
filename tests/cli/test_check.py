"""`sessionlint check` as a process: exit codes, messages and what is printed where."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from sessionlint.cli.show_settings import shown
from sessionlint.config import load_settings
from tests.cli.conftest import Command

BROKEN = "from sqlalchemy.orm import Session\ndef broken(:\n"


def found(done: subprocess.CompletedProcess[str]) -> list[tuple[str, str, int]]:
    return [(row["code"], Path(row["filename"]).name, row["location"]["row"]) for row in json.loads(done.stdout)]


def test_nothing_found(sessionlint: Command) -> None:
    done = sessionlint("check")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_file_that_does_not_parse_is_a_finding(sessionlint: Command, project: Path) -> None:
    (project / "broken.py").write_text(BROKEN)
    done = sessionlint("check", "--output-format", "json")
    assert (done.returncode, found(done)) == (1, [("SES001", "broken.py", 2)])


def test_findings_and_exit_zero(sessionlint: Command, project: Path) -> None:
    (project / "broken.py").write_text(BROKEN)
    assert sessionlint("check", "--exit-zero").returncode == 0
    assert sessionlint("check", "-e", "nope").returncode == 2


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("nul.py", b"x = 1\x00\n", "SES005"),
        ("wrong_bytes.py", b"# session\nx = '\xe9'\n", "SES00"),
        ("klingon.py", b"# coding: klingon\nx = 1\n", "SES00"),
        ("latin.py", "# -*- coding: latin-1 -*-\n# session\nx = 'é'\n".encode("latin-1"), ""),
        ("empty.py", b"", ""),
        ("bom.py", b"\xef\xbb\xbf# session\nx = 1\n", ""),
    ],
)
def test_odd_files(name: str, content: bytes, expected: str, sessionlint: Command, project: Path) -> None:
    (project / name).write_bytes(content)
    done = sessionlint("check", "--output-format", "json")
    assert [(code[: len(expected)], file) for code, file, _ in found(done)] == ([(expected, name)] if expected else [])
    assert (done.returncode, done.stderr) == ((1, "sessionlint: exit status 1: 1 finding remains\n") if expected else (0, ""))


def test_a_dangling_link_is_a_finding(sessionlint: Command, project: Path) -> None:
    (project / "dangling.py").symlink_to(project / "nowhere.py")
    done = sessionlint("check", "--output-format", "json")
    assert (done.returncode, found(done)) == (1, [("SES005", "dangling.py", 1)])


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
def test_an_unreadable_file_is_a_finding(sessionlint: Command, project: Path) -> None:
    (project / "closed.py").touch(0)
    assert found(sessionlint("check", "--output-format", "json")) == [("SES005", "closed.py", 1)]


def test_a_loop_of_links(sessionlint: Command, project: Path) -> None:
    (project / "loop").symlink_to(project)
    (project / "a").symlink_to(project / "b")
    (project / "b").symlink_to(project / "a")
    done = sessionlint("check", "--show-files")
    assert (done.returncode, done.stdout.splitlines()) == (0, [str(project / "clean.py")])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "nope.py"], "nope.py` does not exist"),
        (["check", "--nope"], "No such option"),
        (["nope"], "No such command"),
        (["check", "--select", "SES999"], "SES999"),
        (["check", "--select", "NOPE"], "NOPE"),
        (["check", "--ignore", "SES1x"], "unknown rule code `SES1X`"),
        (["check", "--per-file-ignores", "a.py"], "`a.py` is not of the form `GLOB:CODE`"),
        (["check", "--output-format", "nope"], "nope"),
        (["check", "--jobs", "many"], "'many' is not a valid integer"),
        (["check", "--config", "slect = []"], "unknown key `slect` (did you mean `select`?)"),
        (["check", "--config", "nope.toml"], "`--config nope.toml` is neither a file nor `key = value`"),
        (["check", "--output-file", "clean.py/x"], "clean.py/x: cannot be written"),
        (["check", "-", "clean.py"], "`-` cannot be combined with other paths"),
        (["check", "clean.py", "--stdin-filename", "x.py"], "`--stdin-filename` goes with `-`"),
        (["check", "--cache-dir", "clean.py"], "is a file"),
    ],
)
def test_what_cannot_be_done(arguments: list[str], message: str, sessionlint: Command) -> None:
    done = sessionlint(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("select = 'SES1'", "pyproject.toml:3: `select` must be an array of strings, not a string"),
        ("exclud = []", "pyproject.toml:3: unknown key `exclud` (did you mean `exclude`?)"),
        ("select = [", "pyproject.toml:3: not valid TOML"),
        ("select = ['SES999']", "SES999"),
    ],
)
def test_wrong_configuration(toml: str, message: str, sessionlint: Command, project: Path) -> None:
    (project / "pyproject.toml").write_text(f"[tool.sessionlint]\n\n{toml}\n")
    done = sessionlint("check")
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "pyproject.toml" in done.stderr


def test_standard_input(sessionlint: Command, project: Path) -> None:
    done = sessionlint("check", "--output-format", "json", "-", input=BROKEN)
    assert (done.returncode, [row[::2] for row in found(done)]) == (1, [("SES001", 2)])
    done = sessionlint("check", "--output-format", "json", "--stdin-filename", "clean.py", "-", input=BROKEN)
    assert (done.returncode, found(done)) == (1, [("SES001", "clean.py", 2)])
    done = sessionlint("check", "--output-format", "json", "--stdin-filename", "sub/new.py", input=BROKEN)
    assert (done.returncode, found(done)) == (1, [("SES001", "new.py", 2)])
    assert sessionlint("check", "-", input="x = 1\n").returncode == 0
    assert not (project / "sub").exists()


def test_output_goes_to_a_file(sessionlint: Command, project: Path) -> None:
    (project / "broken.py").write_text(BROKEN)
    done = sessionlint("check", "--output-format", "json", "-o", "out/report.json")
    assert (done.returncode, done.stdout) == (1, "")
    assert [row["code"] for row in json.loads((project / "out" / "report.json").read_text())] == ["SES001"]


def test_the_environment_sets_options(sessionlint: Command, project: Path) -> None:
    (project / "broken.py").write_text(BROKEN)
    done = sessionlint("check", environment={"SESSIONLINT_OUTPUT_FORMAT": "json", "SESSIONLINT_NO_CACHE": "1"})
    assert found(done) == [("SES001", "broken.py", 2)]
    assert not (project / ".sessionlint_cache").exists()
    sessionlint("check", environment={"SESSIONLINT_CACHE_DIR": "elsewhere", "SESSIONLINT_OUTPUT_FILE": "out.txt"})
    assert (project / "elsewhere" / "CACHEDIR.TAG").exists()
    assert (project / "out.txt").exists()


def test_silence(sessionlint: Command, project: Path) -> None:
    (project / "broken.py").write_text(BROKEN)
    done = sessionlint("check", "--silent")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    done = sessionlint("check", "--quiet")
    assert ("broken.py" in done.stdout, done.stderr) == (True, "")


def test_statistics(sessionlint: Command, project: Path) -> None:
    (project / "broken.py").write_text(BROKEN)
    (project / "worse.py").write_text(BROKEN)
    assert sessionlint("check", "--statistics").stdout == "2\tSES001\tsyntax-error\nFound 2 errors.\n"
    done = sessionlint("check", "--statistics", "--output-format", "json")
    assert json.loads(done.stdout) == [{"code": "SES001", "name": "syntax-error", "count": 2, "fixable": False, "fixable_count": 0}]
    assert done.returncode == 1


def test_files_and_settings_are_shown(sessionlint: Command, project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.sessionlint]\nextend-exclude = ['gen']\n")
    (project / "gen").mkdir()
    (project / "gen" / "x.py").touch()
    (project / "y.py").touch()
    assert sessionlint("check", "--show-files").stdout.splitlines() == [str(project / "clean.py"), str(project / "y.py")]
    shown = sessionlint("check", "--show-settings", "--ignore", "SES101,SES2").stdout.splitlines()
    assert 'extend-exclude = ["gen"]  # pyproject.toml:2' in shown
    assert 'ignore = ["SES101", "SES2"]  # command line' in shown
    assert "force-exclude = false" in shown
    assert sessionlint("check", "--show-settings", "nope.py").returncode == 2


def test_the_settings_that_are_shown_are_a_configuration(tmp_path: Path) -> None:
    written = """select = ["SES3", "SES406"]
unsafe-fixes = true
output-format = "json"
sessions.acquirers = ["db.open\\u007f"]
migrate.phases = [{ name = 'Web "routes"', paths = ["web/**"] }]

[per-file-ignores]
"tests/**" = ["SES1"]
"""
    (tmp_path / "sessionlint.toml").write_text(written)
    settings = load_settings([tmp_path])
    text = shown(settings)
    rows = [line.rpartition(":")[2] for line in text.splitlines() if "sessionlint.toml:" in line]
    assert rows == ["1", "7", "2", "3", "4", "5"]
    (tmp_path / "again").mkdir()
    (tmp_path / "again" / "sessionlint.toml").write_text(text)
    again = load_settings([tmp_path / "again"])
    assert replace(again, root=settings.root, source=settings.source, origins=settings.origins) == settings


def test_verbose_tells_what_the_run_did(sessionlint: Command) -> None:
    assert "1 files: 1 parsed, 0 from the cache, 0 screened out" in sessionlint("check", "-v").stderr
    warm = "1 files: 0 parsed, 0 from the cache, 0 screened out; the result is that of an earlier run\n"
    assert warm in sessionlint("check", "-v").stderr
    assert "1 files: 0 parsed, 1 from the cache, 0 screened out\n" in sessionlint("check", "-v", "--fix").stderr


def test_force_exclude_for_pre_commit(sessionlint: Command, project: Path) -> None:
    (project / "build").mkdir()
    (project / "build" / "broken.py").write_text(BROKEN)
    assert sessionlint("check", "build/broken.py").returncode == 1
    assert sessionlint("check", "--force-exclude", "build/broken.py", "clean.py").returncode == 0


def test_a_reader_that_goes_away(project: Path) -> None:
    for number in range(300):
        (project / f"broken_{number}.py").write_text(BROKEN)
    command = [sys.executable, "-m", "sessionlint", "check", "--output-format", "concise"]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert (process.wait(60), process.stderr.read()) == (1, b"sessionlint: exit status 1: 300 findings remain\n")


def test_an_interrupt(project: Path) -> None:
    code = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background ignores interrupts\n"
        "import sessionlint.pipeline.workers as workers\n"
        "def capture_encoded(content, *, is_template=False):\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(60)\n"
        "workers.capture_encoded = capture_encoded\n"
        "from sessionlint.cli import main\n"
        "main(['check', '.'])\n"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=60)
    assert (process.returncode, stderr) == (130, "\nsessionlint: interrupted\n")


def test_an_error_nobody_expected(project: Path) -> None:
    code = (
        "import sys\n"
        "import sessionlint.pipeline as pipeline\n"
        "def run(*_, **__):\n"
        "    raise ZeroDivisionError('by hand')\n"
        "pipeline.run = run\n"
        "from sessionlint.cli import main\n"
        "main(sys.argv[1:])\n"
    )

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-c", code, *arguments], cwd=project, capture_output=True, text=True, check=False)

    done = call("check")
    assert (done.returncode, done.stdout) == (2, "")
    assert "sessionlint: internal error: ZeroDivisionError: by hand" in done.stderr
    assert "Please report it" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Traceback" in call("check", "-v").stderr


def test_help_is_quick_and_complete(sessionlint: Command) -> None:
    started = time.monotonic()
    done = sessionlint("--help")
    assert time.monotonic() - started < 5
    assert (done.returncode, "Find misuse of SQLAlchemy sessions" in done.stdout) == (0, True)
    code = (
        "import sys\n"
        "from sessionlint.cli import main\n"
        "try:\n"
        "    main(['--help'])\n"
        "finally:\n"
        "    print(sorted({'rich', 'libcst', 'jinja2'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_warm_check_does_not_import_what_only_capturing_and_rewriting_need(project: Path) -> None:
    leak = "from sqlalchemy.orm import Session\n\n\ndef leak(engine):\n    session = Session(engine)\n    session.execute(None)\n"
    (project / "leak.py").write_text(leak)
    code = (
        "import sys\n"
        "from sessionlint.cli import main\n"
        "try:\n"
        "    main(['check', '--jobs', '1', '--output-format', 'concise'])\n"
        "finally:\n"
        "    print(sorted({'libcst', 'jinja2'} & set(sys.modules)))\n"
    )
    command = [sys.executable, "-c", code]
    outputs = [subprocess.run(command, cwd=project, capture_output=True, text=True, check=False).stdout for _ in range(2)]
    assert "SES102" in outputs[1]
    assert [output.splitlines()[-1] for output in outputs] == ["['jinja2', 'libcst']", "[]"]


def test_version(sessionlint: Command) -> None:
    from sessionlint import __version__

    assert sessionlint("--version").stdout == f"sessionlint {__version__}\n"


def test_paths_are_shown_as_they_are_given(sessionlint: Command, project: Path) -> None:
    (project / "broken.py").write_text(BROKEN)
    assert sessionlint("check", "--output-format", "concise").stdout.startswith("broken.py:2:")
    assert sessionlint("check", "--output-format", "concise", "broken.py").stdout.startswith("broken.py:2:")
    for path in (project, project / "broken.py"):
        assert sessionlint("check", "--output-format", "concise", str(path)).stdout.startswith(f"{project / 'broken.py'}:2:")
