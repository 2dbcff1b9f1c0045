"""What a run captures, what it takes from the cache, and that neither the number of processes nor the cache shows in what it finds."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from sessionlint.config import Options, load_settings
from sessionlint.pipeline import Against, Run, Stdin, run, workers

SPEAKS = "from sqlalchemy.orm import Session\n\n\ndef use(session: Session) -> None:\n    session.commit()\n"
SILENT = "def add(a, b):\n    return a + b\n"
BROKEN = "def broken(:\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "setup.py").write_text("")
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.py").write_text(SPEAKS.replace("use", f"use_{name}"))
    (tmp_path / "silent.py").write_text(SILENT)
    return tmp_path


def ran(root: Path, **options: object) -> Run:
    """A run that makes the program, whatever an earlier one has left."""
    settings = load_settings([root], overrides=Options(cache=options.pop("cache", None)))  # type: ignore[arg-type]
    return run([root], settings, needs_program=True, **options)  # type: ignore[arg-type]


def seen(done: Run) -> list[tuple[str, str, int]]:
    return [(finding.code, finding.at.file, finding.at.range.row) for finding in done.findings]


def test_a_second_run_captures_nothing(project: Path) -> None:
    first = ran(project)
    assert (first.stats.captured, first.stats.from_cache) == (("a.py", "b.py", "c.py"), ())
    assert first.stats.screened_out == ("setup.py", "silent.py")
    second = ran(project)
    assert (second.stats.captured, second.stats.from_cache) == ((), ("a.py", "b.py", "c.py"))
    assert second.program.files == first.program.files


def test_an_edited_file_is_the_one_that_is_captured(project: Path) -> None:
    ran(project)
    (project / "b.py").write_text(SPEAKS + "\n\nX = 1\n")
    assert ran(project).stats.captured == ("b.py",)
    assert ran(project).stats.captured == ()


def test_content_counts_and_not_time_or_name(project: Path) -> None:
    ran(project)
    os.utime(project / "a.py", (1, 1))
    (project / "b.py").rename(project / "renamed.py")
    assert ran(project).stats.captured == ()


def test_equal_files_are_captured_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "d.py").write_bytes((project / "a.py").read_bytes())
    calls: list[bytes] = []
    real = workers.capture_encoded
    monkeypatch.setattr(
        workers, "capture_encoded", lambda content, is_template: calls.append(content) or real(content, is_template=is_template)
    )
    assert ran(project).stats.captured == ("a.py", "b.py", "c.py", "d.py")
    assert len(calls) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="no process forks there")
@pytest.mark.parametrize(("padding", "jobs", "begun"), [(0, 2, 0), (workers.PARALLEL_FROM, 1, 0), (workers.PARALLEL_FROM, 2, 1)])
def test_the_process_that_forks_begins_before_the_files_are_chosen(
    project: Path, monkeypatch: pytest.MonkeyPatch, padding: int, jobs: int, begun: int
) -> None:
    (project / "silent.py").write_text(SILENT + "#" * padding)
    calls: list[None] = []
    monkeypatch.setattr(workers, "_start_server", lambda: calls.append(None))
    ran(project, jobs=jobs)
    assert len(calls) == begun
    ran(project, jobs=jobs)
    assert len(calls) == begun, "nothing has to be captured the second time"


def test_facts_of_files_that_are_gone_are_dropped(project: Path) -> None:
    ran(project)
    text = (project / "a.py").read_text()
    (project / "a.py").unlink()
    ran(project)
    (project / "a.py").write_text(text)
    assert ran(project).stats.captured == ("a.py",)


def test_a_run_over_one_path_keeps_the_facts_of_all(project: Path) -> None:
    settings = load_settings([project / "a.py"])
    assert run([project / "a.py"], settings).stats.captured == ("a.py", "b.py", "c.py")
    assert ran(project).stats.captured == ()


def test_without_a_cache_everything_is_captured_again(project: Path) -> None:
    assert ran(project, cache=False).stats.captured == ran(project, cache=False).stats.captured == ("a.py", "b.py", "c.py")
    assert not (project / ".sessionlint_cache").exists()


def test_neither_processes_nor_cache_show(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "broken.py").write_text(BROKEN)
    monkeypatch.setattr(workers, "PARALLEL_FROM", 0)
    monkeypatch.setattr(workers, "BATCH", 1)
    told: list[tuple[str, int, int]] = []
    alone, several = ran(project, cache=False, jobs=1), ran(project, jobs=2, progress=lambda *news: told.append(news))
    warm = ran(project)
    assert told == [*(("Parsing", done, 4) for done in (1, 2, 3, 4)), ("Analysing", 0, 0)]
    assert alone.program.files == several.program.files == warm.program.files
    assert seen(alone) == seen(several) == seen(warm) == [("SES001", "broken.py", 1)]


def test_a_killed_process_is_made_up_for(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(contents: Mapping[str, bytes], count: int) -> Iterator[tuple[str, bytes]]:
        digest = next(iter(contents))
        yield digest, workers.capture_encoded(contents[digest])
        raise BrokenProcessPool

    expected = ran(project, cache=False).program.files
    monkeypatch.setattr(workers, "PARALLEL_FROM", 0)
    monkeypatch.setattr(workers, "_in_processes", breaks)
    done = ran(project, cache=False, jobs=2)
    assert done.stats.captured == ("a.py", "b.py", "c.py")
    assert done.program.files == expected


def test_a_syntax_error_is_found_in_a_file_that_nobody_looks_at(project: Path) -> None:
    (project / "silent.py").write_text(BROKEN)
    assert seen(ran(project)) == seen(ran(project)) == [("SES001", "silent.py", 1)]


def test_an_unreadable_file_is_a_finding(project: Path) -> None:
    (project / "dangling.py").symlink_to(project / "nowhere")
    assert seen(ran(project)) == [("SES005", "dangling.py", 1)]


def test_what_is_not_asked_for_is_not_reported(project: Path) -> None:
    (project / "broken.py").write_text(BROKEN)
    assert seen(run([project / "a.py"], load_settings([project / "a.py"]))) == []


@pytest.mark.parametrize(("name", "is_solved"), [("excluded.py", False), ("a.py", True)])
@pytest.mark.parametrize("against", [None, Against(affected=True)])
def test_nothing_is_solved_for_files_that_are_excluded(project: Path, name: str, is_solved: bool, against: Against | None) -> None:
    leak = "from sqlalchemy.orm import Session\n\n\ndef leak(e):\n    return list(Session(e).execute('x'))\n"
    for file in ("a.py", "excluded.py"):
        (project / file).write_text(leak)
    settings = load_settings([project], overrides=Options(exclude=("excluded.py",), force_exclude=True))
    done = run([project / name], settings, against=against)
    assert (bool(done.events.all), bool(done.findings)) == (is_solved, is_solved)


def test_standard_input_stands_in_for_a_file(project: Path) -> None:
    path = project / "a.py"
    done = run([], load_settings([path]), stdin=Stdin(str(path), BROKEN.encode()))
    assert seen(done) == [("SES001", "a.py", 1)]
    assert done.sources["a.py"] == BROKEN.encode()
    assert ran(project).findings == ()


def test_a_failure_of_capture_is_one_finding_and_not_remembered(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sessionlint.capture

    real = sessionlint.capture.capture

    def fails(content: bytes) -> object:
        if b"use_b" in content:
            raise ZeroDivisionError("three words here")
        return real(content)

    monkeypatch.setattr(sessionlint.capture, "capture", fails)
    done = ran(project)
    assert seen(done) == [("SES009", "b.py", 1)]
    assert "ZeroDivisionError: three words here" in done.findings[0].message
    monkeypatch.undo()
    assert ran(project).stats.captured == ("b.py",)


def test_a_warm_run_does_not_import_libcst(project: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from sessionlint.config import load_settings\n"
        "from sessionlint.pipeline import run\n"
        f"root = Path({str(project)!r})\n"
        "done = run([root], load_settings([root]), needs_program=True)\n"
        "print(len(done.stats.captured), 'libcst' in sys.modules)\n"
    )
    outputs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert outputs == ["3 True\n", "0 False\n"]


LEAK = "from sqlalchemy.orm import Session\n\n\ndef leak(engine):\n    session = Session(engine)\n    session.execute(None)\n"


def test_a_run_may_end_with_the_program(project: Path) -> None:
    (project / "leak.py").write_text(LEAK)
    whole, linked = ran(project), ran(project, only_link=True)
    assert seen(whole) == [("SES102", "leak.py", 5)]
    assert (linked.findings, linked.events.all) == ((), ())
    assert linked.program.files == whole.program.files


def test_chains_deeper_than_python_likes(tmp_path: Path) -> None:
    before = sys.getrecursionlimit()
    calls = "".join(f"def f{n}(session: Session):\n    return f{n + 1}(session)\n\n\n" for n in range(1200))
    bases = "class C0:\n    pass\n\n\n" + "".join(f"class C{n + 1}(C{n}):\n    pass\n\n\n" for n in range(300))
    (tmp_path / "deep.py").write_text(f"{LEAK}\n\n{calls}def f1200(session):\n    session.close()\n\n\n{bases}")
    for number in range(300):
        (tmp_path / f"m{number}.py").write_text(f"from m{number + 1} import Session\n")
    (tmp_path / "m300.py").write_text("from sqlalchemy.orm import Session\n")
    assert seen(ran(tmp_path, cache=False)) == [("SES102", "deep.py", 5)]
    assert sys.getrecursionlimit() == before
