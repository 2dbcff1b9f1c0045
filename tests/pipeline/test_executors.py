"""Capture by an executor gives what one process gives, byte for byte; what is wrong with an executor ends the run with its name."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sessionlint.config import load_settings
from sessionlint.facts import stamp
from sessionlint.pipeline import Run, run, workers
from sessionlint.pipeline.executors import ExecutorName, executor_named, mapping, naming, services
from sessionlint.pipeline.executors.mapping import facts_by
from sessionlint.source import SessionlintError
from tests.pipeline import factories

HERE = "tests.pipeline.factories"
CONTENTS = {
    f"{number}": f"from sqlalchemy.orm import Session\n\n\ndef use_{number}(session: Session):\n    session.commit()\n".encode() * 12
    for number in range(30)
} | {
    "broken": b"def broken(:\n",
    "deep": b"x = " + b"(" * 20 + b"1" + b")" * 20 + b"\n",
    "deeper": b"x = " + b"a." * 1500 + b"b\n",
    "latin": b"# coding: latin-1\nname = '\xe9'\n",
    f"{workers.TEMPLATE}page": b"{% for book in books %}{{ book.title }}{% endfor %}",
}


def made(factory: str) -> ExecutorName:
    return executor_named(f"{HERE}:{factory}")


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapping, "SMALLEST", 2_000)


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("factory", ["threads", "processes", "AtOnce"])
def test_what_comes_is_what_one_process_gives(factory: str) -> None:
    assert dict(facts_by(made(factory), CONTENTS)) == dict(workers.encoded_facts(CONTENTS, 1, None))


def test_a_factory_of_the_standard_library() -> None:
    name = executor_named("concurrent.futures:ThreadPoolExecutor")
    assert dict(facts_by(name, CONTENTS)).keys() == CONTENTS.keys()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("dask:", "`dask:` is not of the form `dask[:ADDRESS]`, `ray[:ADDRESS]` or `package.module:factory`"),
        ("json", "`json` is not of the form `dask[:ADDRESS]`, `ray[:ADDRESS]` or `package.module:factory`"),
        ("json:", "`json:` is not of the form `dask[:ADDRESS]`, `ray[:ADDRESS]` or `package.module:factory`"),
        ("./pool.py:make", "`./pool.py:make` is not of the form `dask[:ADDRESS]`, `ray[:ADDRESS]` or `package.module:factory`"),
        ("dask:scheduler", "`scheduler` is not the address of a Dask scheduler, which is of the form `tcp://HOST:PORT`"),
        ("no_such_package.pool:make", "`no_such_package.pool:make` needs the package `no_such_package`, which is not installed"),
    ],
)
def test_names_that_are_none(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        executor_named(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(("service", "package"), [("dask", "distributed"), ("ray", "ray")])
def test_an_extra_that_is_missing(service: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming, "find_spec", lambda name: None)
    with pytest.raises(ValueError) as caught:
        executor_named(f"{service}:tcp://host:1")
    assert str(caught.value) == (
        f"`{service}:tcp://host:1` needs the package `{package}`, which is not installed (pip install 'sessionlint[{service}]')"
    )


@pytest.mark.parametrize(
    ("factory", "message"),
    [
        ("fails", "cannot be had: OSError: no route to the cluster"),
        ("missing", f"cannot be had: AttributeError: module '{HERE}' has no attribute 'missing'"),
        ("no_executor", "cannot be had: TypeError: what it made, a `int`, has no method `submit`"),
        (
            "OfAnotherVersion",
            f"workers of the executor are of another version: 0.0.1 3 3.9, not {stamp()}",
        ),
    ],
)
def test_executors_that_do_not_do(factory: str, message: str) -> None:
    with pytest.raises(SessionlintError) as caught:
        list(facts_by(made(factory), CONTENTS))
    assert caught.value.message.removeprefix(f"the executor `{HERE}:{factory}` ") == message


def test_nobody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: object) -> None:
        raise RuntimeError("the cluster has no workers")

    monkeypatch.setattr(mapping, "PATIENCE", 0.01)
    monkeypatch.setattr(services._Made, "ensure_workers", nobody)
    with pytest.raises(SessionlintError) as caught:
        list(facts_by(made("Silent"), CONTENTS))
    assert caught.value.message == (
        f"the executor `{HERE}:Silent` failed after 0 of {len(CONTENTS)} files: RuntimeError: the cluster has no workers"
    )


@pytest.mark.usefixtures("small_batches")
def test_no_more_is_on_the_way_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: list[int] = []
    most = []

    class Slow(factories.AtOnce):
        def submit(self, function, /, batch):  # type: ignore[no-untyped-def]
            waiting.append(sum(len(content) for _, content in batch))
            most.append(sum(waiting))
            return super().submit(function, batch)

    def told() -> Iterator[tuple[str, bytes]]:
        for each in facts_by(ExecutorName("tests.pipeline.test_executors", "unused"), CONTENTS):
            if waiting:
                waiting.pop(0)
            yield each

    monkeypatch.setattr(mapping, "ON_THE_WAY", 4_000)
    monkeypatch.setattr(services, "_open", lambda *name: _Shown(Slow()))
    assert dict(told()).keys() == CONTENTS.keys()
    assert len(most) > 10
    assert max(most) < 4_000 + 2_000 + max(map(len, CONTENTS.values()))


class _Shown(services._Made):
    def __init__(self, executor: object) -> None:
        self._executor = executor


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(workers, "PARALLEL_FROM", 0)
    (tmp_path / "setup.py").write_text("")
    for digest, content in CONTENTS.items():
        if digest.isdigit():
            (tmp_path / f"use_{digest}.py").write_bytes(content)
    return tmp_path


def ran(root: Path, executor: ExecutorName | int = 0) -> Run:
    return run([root], load_settings([root]), jobs=executor)


@pytest.mark.usefixtures("small_batches")
def test_a_lost_worker_ends_the_run_and_the_next_one_goes_on(project: Path) -> None:
    with pytest.raises(SessionlintError) as caught:
        ran(project, made("loses_a_worker"))
    assert caught.value.message.startswith(f"the executor `{HERE}:loses_a_worker` failed after ")
    assert "BrokenProcessPool" in caught.value.message
    assert caught.value.hint == "the cache has what was captured; the same command goes on from there"
    done = int(caught.value.message.split(" failed after ")[1].split()[0])
    again = ran(project, made("processes"))
    assert (len(again.stats.captured), len(again.stats.from_cache)) == (30 - done, done)


def test_nothing_is_started_where_nothing_is_to_be_captured(project: Path) -> None:
    first = ran(project, made("threads"))
    second = ran(project, made("fails"))
    assert second.stats.captured == ()
    assert second.program.files == first.program.files


def test_what_is_looked_at_is_not_imported(tmp_path: Path) -> None:
    (tmp_path / "pool.py").write_text("raise SystemExit('imported')\n")
    (tmp_path / "use.py").write_bytes(CONTENTS["1"] + b"#" * 400_000)
    command = [sys.executable, "-m", "sessionlint", "check", "--no-cache", "--executor", "pool:make", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    message = "sessionlint: error: the executor `pool:make` cannot be had: ModuleNotFoundError: No module named 'pool'\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)
