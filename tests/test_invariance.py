"""What must not show in the findings: the number of processes, what the cache held, and the order in which files are met."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import msgspec
import pytest

from sessionlint.check import Finding, check
from sessionlint.config import Options, Settings, load_settings
from sessionlint.link import link
from sessionlint.pipeline import Run, run, workers
from sessionlint.solve import solve
from tests.cases import FIXTURES

SOURCES = {path.name: path for path in [*(FIXTURES.parent / "apps").iterdir(), FIXTURES] if path.is_dir()}


@pytest.fixture(params=sorted(SOURCES))
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of an application, or of all rule fixtures as one program."""
    return shutil.copytree(SOURCES[request.param], tmp_path / "program", ignore=shutil.ignore_patterns("__pycache__", ".*"))


def ran(root: Path, *, cache: bool, jobs: int = 1) -> Run:
    return run([root], settings_of(root, cache=cache), jobs=jobs)


def settings_of(root: Path, *, cache: bool = False) -> Settings:
    return load_settings([root], isolated=True, overrides=Options(cache=cache, cache_dir=str(root.parent / "cache")))


def test_processes_and_cache_do_not_show(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = ran(root, cache=False)
    monkeypatch.setattr(workers, "PARALLEL_FROM", 0)
    several, warm = ran(root, cache=True, jobs=2), ran(root, cache=True)
    assert (len(several.stats.from_cache), len(warm.stats.captured)) == (0, 0)
    assert alone.findings
    assert alone.findings == several.findings == warm.findings


def test_the_order_of_files_does_not_show(root: Path) -> None:
    done = ran(root, cache=False)
    settings = settings_of(root)
    by_name = [(name, (file.source, file.facts)) for name, file in done.program.files.items()]
    given = done.program.templates
    templates = [(name, (source, given.facts[name])) for name, source in given.sources.items()]

    def found(order: list[tuple[str, object]]) -> tuple[Finding, ...]:
        names = [name for name, _ in order]
        pages = dict(templates[::-1] if names != sorted(names) else templates)
        program = link(dict(order), settings, pages)  # type: ignore[arg-type]
        return check(program, solve(program), settings)

    shuffled = list(by_name)
    random.Random(7).shuffle(shuffled)
    # what a finding is known by, the pipeline adds
    expected = tuple(msgspec.structs.replace(finding, fingerprint="") for finding in done.findings)
    assert found(by_name[::-1]) == found(shuffled) == expected
