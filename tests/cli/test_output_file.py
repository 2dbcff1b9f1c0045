"""`--output-file`: where findings go, beside what is printed or instead of it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.report.strict import read

BROKEN = "from sqlalchemy.orm import Session\ndef broken(:\n"


@pytest.fixture(autouse=True)
def broken(project: Path) -> None:
    (project / "broken.py").write_text(BROKEN)


def test_files_beside_the_text(sessionlint: Command, project: Path) -> None:
    done = sessionlint("check", "--output-file", "sarif=out/a.sarif", "-o", "junit=out/b/c.xml", "--output-format", "concise")
    assert (done.returncode, done.stdout.count("SES001")) == (1, 1)
    assert [result["ruleId"] for result in read("sarif", (project / "out" / "a.sarif").read_text())["results"]] == ["SES001"]
    assert [suite["@name"] for suite in read("junit", (project / "out" / "b" / "c.xml").read_text())] == ["broken.py"]


def test_a_file_instead_of_the_text_and_one_beside_it(sessionlint: Command, project: Path) -> None:
    done = sessionlint("check", "--output-file", "text.txt", "-o", "json=findings.json")
    assert (done.returncode, done.stdout) == (1, "")
    assert (project / "text.txt").read_text().endswith("Found 1 error.\n")
    assert [row["code"] for row in json.loads((project / "findings.json").read_text())] == ["SES001"]


@pytest.mark.parametrize("arguments", [("-o", "json=-"), ("-o", "-", "--output-format", "json")])
def test_a_dash_is_standard_output(sessionlint: Command, project: Path, arguments: tuple[str, ...]) -> None:
    assert [row["code"] for row in json.loads(sessionlint("check", *arguments).stdout)] == ["SES001"]
    assert not (project / "-").exists()


def test_the_environment_names_several(sessionlint: Command, project: Path) -> None:
    done = sessionlint("check", environment={"SESSIONLINT_OUTPUT_FILE": os.pathsep.join(["csv=my files/a.csv", "json=b.json"])})
    assert "SES001" in done.stdout
    assert read("csv", (project / "my files" / "a.csv").read_text())[0]["code"] == "SES001"
    assert (project / "b.json").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-o", "sarfi=a"), "unknown output format `sarfi` (did you mean `sarif`?)"),
        (("-o", "json="), "`--output-file json=` names no file"),
        (("-o", "json=a", "-o", "sarif=a"), "a is to be written in two formats (give each its own `--output-file FORMAT=PATH`)"),
        (("-o", "json=a", "-o", "./sub/../a"), "sub/../a is to be written in two formats"),
        (("-o", "json=-", "-o", "sarif=-"), "standard output is to be written in two formats"),
        (("-o", "folder"), "folder: cannot be written: it is a directory"),
        (("-o", "json=broken.py/a"), "broken.py/a: cannot be written: "),
        (("-o", "sarif=a", "--statistics"), "`--statistics` does not go with `--output-format sarif` (it goes with concise, csv, full,"),
        (("-o", "a", "--show-files"), "`--show-files` does not go with `--output-file`"),
    ],
)
def test_what_cannot_be_written_is_said_before_the_work(
    sessionlint: Command, project: Path, arguments: tuple[str, ...], message: str
) -> None:
    (project / "folder").mkdir()
    before = sorted(project.iterdir())
    done = sessionlint("check", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert sorted(project.iterdir()) == before


def test_a_file_with_an_equals_sign(sessionlint: Command, project: Path) -> None:
    sessionlint("check", "-o", "./a=b")
    assert (project / "a=b").read_text().endswith("Found 1 error.\n")


def test_a_file_is_replaced_whole_and_keeps_its_mode(sessionlint: Command, project: Path) -> None:
    (project / "real.json").write_text("old" * 1000)
    (project / "real.json").chmod(0o640)
    (project / "link.json").symlink_to("real.json")
    sessionlint("check", "-o", "json=link.json")
    assert (project / "link.json").is_symlink()
    assert [row["code"] for row in json.loads((project / "real.json").read_text())] == ["SES001"]
    assert (project / "real.json").stat().st_mode & 0o777 == 0o640
    assert [path.name for path in project.iterdir() if path.name.startswith(".real")] == []


def test_a_device_is_written_to_and_stays(sessionlint: Command) -> None:
    done = sessionlint("check", "-o", "json=/dev/stderr", "--quiet")
    assert [row["code"] for row in json.loads(done.stderr)] == ["SES001"]
    assert sessionlint("check", "-o", os.devnull).stdout == ""
    assert not Path(os.devnull).is_file()


def test_a_file_is_never_coloured(sessionlint: Command, project: Path) -> None:
    done = sessionlint("check", "--color", "always", "-o", "full=a.txt", environment={"FORCE_COLOR": "1", "NO_COLOR": ""})
    assert "\x1b[" in done.stdout
    assert "\x1b[" not in (project / "a.txt").read_text()


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unwritable for root")
def test_an_unwritable_folder(sessionlint: Command, project: Path) -> None:
    (project / "closed").mkdir(mode=0o500)
    done = sessionlint("check", "-o", "json=closed/a.json")
    assert done.returncode == 2
    assert "closed/a.json: cannot be written: permission denied" in done.stderr
