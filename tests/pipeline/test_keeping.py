"""What a run leaves for the next one over the same program: when it is taken, when it is not, and that it is all there."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from sessionlint.cache import open_results
from sessionlint.config import Options, Settings, load_settings
from sessionlint.pipeline import Run, Stdin, run, with_offers
from sessionlint.pipeline.keeping.keeper import DECIDING

LEAK = "from sqlalchemy.orm import Session\n\n\ndef leak(engine):\n    session = Session(engine)\n    session.execute(None)\n"
ROOMS = ("sessionlint.link.linking", "sessionlint.solve.events", "sessionlint.check.checking", "sessionlint.facts.ops", "libcst", "rich")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "setup.py").write_text("")
    (tmp_path / "a.py").write_text(LEAK)
    (tmp_path / "b.py").write_text("from a import leak\n\n\ndef other(engine):\n    leak(engine)\n")
    return tmp_path


def ran(root: Path, *paths: str, stdin: Stdin | None = None, **options: object) -> Run:
    given = [root / path for path in paths] or ([] if stdin else [root])
    settings = load_settings(given or [root / "a.py"], overrides=Options(**options))
    return run(given, settings, stdin=stdin)


def kept(root: Path, kind: str = "results") -> list[Path]:
    return sorted((root / ".sessionlint_cache").glob(f"*/{kind}/*"))


def seen(done: Run) -> list[tuple[str, str, int]]:
    return [(finding.code, finding.at.file, finding.at.range.row) for finding in done.findings]


def test_a_second_run_takes_the_result_of_the_first(project: Path) -> None:
    first, second = ran(project), ran(project)
    assert (first.stats.is_kept, second.stats.is_kept) == (False, True)
    assert seen(first) == [("SES102", "a.py", 5)]
    assert first.findings == second.findings
    assert second.stats.files == ("a.py", "b.py", "setup.py")


def test_the_program_is_made_when_it_is_asked_for(project: Path) -> None:
    first, second = ran(project), ran(project)
    assert second.stats.is_kept
    assert second.program.files == first.program.files
    assert len(second.events.all) == len(first.events.all) > 0
    assert not second.stats.is_kept
    assert second.stats.captured == ()
    assert "a.py" in second.stats.from_cache


@pytest.mark.parametrize("name", ["a.py", "b.py", "setup.py"])
def test_after_an_edit_the_result_is_not_taken(project: Path, name: str) -> None:
    ran(project)
    text = (project / name).read_text()
    (project / name).write_text(text + "\n")
    assert not ran(project).stats.is_kept
    (project / name).write_text(text)
    assert ran(project).stats.is_kept


def test_names_count_and_so_do_files_that_come_and_go(project: Path) -> None:
    ran(project)
    (project / "b.py").rename(project / "c.py")
    assert not ran(project).stats.is_kept
    (project / "c.py").unlink()
    assert not ran(project).stats.is_kept
    (project / "page.html").write_text("{{ user.name }}")
    assert not ran(project).stats.is_kept


def test_what_is_reported_on_does_not_count(project: Path) -> None:
    assert seen(ran(project, "b.py")) == []
    again = ran(project)
    assert again.stats.is_kept
    assert seen(again) == [("SES102", "a.py", 5)]
    part = ran(project, "b.py")
    assert (part.stats.is_kept, seen(part)) == (True, [])
    assert len(kept(project)) == 1


def test_standard_input_as_it_is_on_the_disk_takes_the_same_result(project: Path) -> None:
    ran(project)
    name = str(project / "a.py")
    same = ran(project, stdin=Stdin(name, LEAK.encode()))
    assert (same.stats.is_kept, seen(same)) == (True, [("SES102", "a.py", 5)])
    other = Stdin(name, b"\n" + LEAK.encode())
    assert [ran(project, stdin=other).stats.is_kept for _ in range(2)] == [False, True]
    assert (len(kept(project)), len(kept(project, "edited"))) == (1, 1)
    (project / "a.py").write_bytes(other.content)
    assert ran(project).stats.is_kept


def test_the_fixes_that_are_offered_are_kept_and_only_for_the_same_findings(project: Path) -> None:
    first, second = with_offers(ran(project)), with_offers(ran(project))
    assert second.stats.is_kept
    assert first.findings == second.findings
    assert second.findings[0].fix_refused is not None
    assert not with_offers(ran(project, unfixable=("SES102",))).stats.is_kept
    assert with_offers(ran(project)).stats.is_kept


SETTINGS = [field.name for field in dataclasses.fields(Settings)]
IRRELEVANT = {
    "root": "names are relative to it",
    "source": "says where settings come from",
    "origins": "says where settings come from",
    "files": "shows in which files there are, and in their modules",
    "fixes": "is part of what is asked later",
    "migrate": "is part of what is asked later",
    "cache": "says where things are kept",
    "baseline": "is compared with what was found",
    "output_format": "is about what is shown",
}


def test_every_setting_is_decided_on() -> None:
    assert sorted([*DECIDING, *IRRELEVANT]) == sorted(SETTINGS)


@pytest.mark.parametrize(
    "options",
    [
        {"select": ("SES1",)},
        {"extend_select": ("SES3",)},
        {"ignore": ("SES102",)},
        {"per_file_ignores": {"a.py": ("SES102",)}},
        {"require_reason": True},
        {"exclude": ("b.py",)},
        {"src": ("elsewhere", "."), "exclude": ("setup.py",)},
    ],
    ids=str,
)
def test_settings_that_matter_have_results_of_their_own(project: Path, options: dict[str, object]) -> None:
    ran(project)
    assert [ran(project, **options).stats.is_kept for _ in range(2)] == [False, True]
    assert ran(project).stats.is_kept


@pytest.mark.parametrize("position", [0, 4, 40, -1])
def test_a_damaged_result_counts_as_none(project: Path, position: int) -> None:
    first = ran(project)
    (path,) = kept(project)
    data = bytearray(path.read_bytes())
    data[position] ^= 0x55
    path.write_bytes(data)
    again = ran(project)
    assert not again.stats.is_kept
    assert again.findings == first.findings
    assert ran(project).stats.is_kept


def test_what_cannot_be_decoded_counts_as_none(project: Path) -> None:
    ran(project)
    (path,) = kept(project)
    open_results(project, ".sessionlint_cache", "results", enabled=True).put(path.name, b"\x80")
    assert not ran(project).stats.is_kept


def test_a_failure_is_not_kept(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sessionlint.check import rule_of

    with monkeypatch.context() as patch:
        patch.setattr(type(rule_of("SES102")), "check", lambda *_: 1 / 0)
        assert [finding.code for finding in ran(project).findings] == ["SES009"]
        assert not ran(project).stats.is_kept
    assert seen(ran(project)) == [("SES102", "a.py", 5)]


def test_without_a_cache_nothing_is_kept(project: Path) -> None:
    assert [ran(project, cache=False).stats.is_kept for _ in range(2)] == [False, False]
    assert not (project / ".sessionlint_cache").exists()


def test_a_run_that_finds_its_result_imports_none_of_the_rooms_that_made_it(project: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from sessionlint.config import load_settings\n"
        "from sessionlint.pipeline import run\n"
        f"root = Path({str(project)!r})\n"
        "done = run([root], load_settings([root]))\n"
        f"print([(finding.code, finding.at.file) for finding in done.findings], sorted(sys.modules.keys() & set({ROOMS!r})))\n"
    )
    command = [sys.executable, "-c", code]
    cold, warm = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert cold == f"[('SES102', 'a.py')] {sorted(set(ROOMS) - {'rich'})}\n"
    assert warm == "[('SES102', 'a.py')] []\n"
