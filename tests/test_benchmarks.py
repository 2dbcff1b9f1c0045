"""`make bench`: what it measures, keeps and writes, on a small tree and never by time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import psutil
import pytest

from benchmarks.speed import record, tables
from benchmarks.speed.__main__ import PAGE, render
from benchmarks.speed.corpora import ELSEWHERE, PACKAGES, copied, corpus, lines_of, part_of
from benchmarks.speed.edits import Edited, has_statement, with_line_on_top, with_statement
from benchmarks.speed.peers import PEERS, Peer, installed
from benchmarks.speed.processes import finished
from benchmarks.speed.record import Run
from benchmarks.speed.rounds import Samples, measured
from benchmarks.speed.survey import Survey, survey
from benchmarks.speed.targets import targets
from benchmarks.speed.works import Site, Work

ROOT = Path(__file__).parents[1]
MODELS = """\
from sqlalchemy import Column, Integer
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class User(Base):
    __tablename__ = "user"
    id = Column(Integer, primary_key=True)

    def __str__(self):
        return "a user"
"""
LEAF = """\
from shop.models import User


def user(session):
    return session.get(User, 1)
"""
WORKS = [
    "f",
    "cold-no-cache",
    "cold",
    "warm",
    "leaf",
    "leaf-top",
    "hub",
    "hub-top",
    "stdin",
    "migrate",
    "ast",
    "click",
    "leaf-parse",
    "ruff",
]
BENCH = (sys.executable, "-m", "benchmarks.speed")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
ROOMS = {"discover", "read", "screen", "capture", "link", "solve", "check"}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """An application of a package, its models, and two modules that import them."""
    root = tmp_path / "source"
    (root / "shop" / "__pycache__").mkdir(parents=True)
    (root / ".venv").mkdir()
    for name, text in {
        "shop/__init__.py": "",
        "shop/models.py": MODELS,
        "shop/users.py": LEAF,
        "shop/admin.py": "from .models import User\nfrom . import users\n\n\nclass Admin(User):\n    pass\n",
        "shop/page.html": "{{ user }}\n",
        "shop/picture.svg": "<svg/>\n",
        ".venv/module.py": "pass\n",
    }.items():
        (root / name).write_text(text)
    return root


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*BENCH, *arguments], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=300, check=False)


def test_a_run_measures_all_works_and_leaves_the_tree_as_it_was(shop: Path, tmp_path: Path) -> None:
    folders = ["--build", str(tmp_path / "build"), "--output", str(tmp_path / "out")]
    done = bench("--tree", f"shop={shop}", "--rounds", "1", "--no-peers", *folders)
    assert done.returncode == 0, done.stderr
    (run,) = record.stored(tmp_path / "out" / "results.json")
    assert list(run.samples) == WORKS
    assert {name: sample.trouble for name, sample in run.samples.items()} == dict.fromkeys(WORKS, "")
    assert {name: len(sample.seconds) for name, sample in run.samples.items() if name != "f"} == dict.fromkeys(WORKS[1:], 1)
    assert len(run.samples["f"].seconds) == 2  # before sessionlint's works, and before the yardsticks
    assert [name for name, sample in run.samples.items() if not sample.peak or min(sample.multiples) <= 0] == []
    assert [name for name in WORKS[1:3] if not run.samples[name].rooms.keys() >= ROOMS] == []
    assert [name for name, sample in run.samples.items() if "discover" in sample.rooms] == WORKS[1:9]  # a warm run leaves out rooms
    assert run.survey == Survey(4, 23, 2, "shop/users.py", "shop/models.py", 2)
    for name in ("models.py", "users.py"):
        assert (tmp_path / "build" / "trees" / "shop" / "shop" / name).read_text() == (shop / "shop" / name).read_text()
    written = (tmp_path / "out" / "results.md").read_text()
    assert written == tables.results([run])
    assert [line.split(" | ")[0] for line in written.splitlines() if " MB |" in line] == [
        f"| {sample.title}" for sample in run.samples.values()
    ]
    assert written.splitlines()[-3] in done.stdout


def test_bad_options_end_with_2_and_say_why(tmp_path: Path) -> None:
    for arguments, words in {
        ("--tree", "shop"): "NAME=PATH",
        ("--tree", f"shop={tmp_path / 'nowhere'}"): "is not a folder",
        ("--tree", f"100k={tmp_path}"): "no other corpus has",
        ("--rounds", "0"): "is not a number of 1 or more",
        ("--corpus", "2m"): "invalid choice",
    }.items():
        done = bench(*arguments)
        assert (done.returncode, words in done.stderr) == (2, True), done.stderr


def python(name: str, program: str, **rest: Any) -> Work:
    return Work(name, name, (sys.executable, "-c", program), **rest)


def samples_of(source: Path, *works: Work, rounds: int = 1, timeout: float = 60.0) -> dict[str, Samples]:
    tree = copied("shop", source, source.parent)
    return measured(tree, survey(tree.tree), lambda site: [works], rounds, timeout, lambda said: None)


def test_what_goes_wrong_is_said_and_not_measured_again(shop: Path) -> None:
    samples = samples_of(
        shop,
        python("crashes", "raise ValueError('as if')", statuses=(0, 1)),
        python("finds", "raise SystemExit(1)", statuses=(0, 1)),
        python("refuses", "raise SystemExit('no such option')"),
        python("follows", "pass", after="refuses"),
        python("sleeps", "import time; time.sleep(60)"),
        python("small only", "pass", most_lines=10),
        rounds=2,
        timeout=3,
    )
    assert {name: sample.trouble for name, sample in samples.items()} == {
        "f": "",
        "crashes": "exit status 1: ValueError: as if",
        "finds": "",
        "refuses": "exit status 1: no such option",
        "follows": "not measured, because `refuses` was not",
        "sleeps": "stopped after 3 s",
        "small only": "measured up to 10 lines only",
    }
    assert {name: len(sample.seconds) for name, sample in samples.items() if sample.seconds} == {"f": 2, "finds": 2}


def test_workers_count_for_memory_and_end_with_their_command(tmp_path: Path) -> None:
    worker = "import time; held = bytearray(80_000_000); print(flush=True); time.sleep(60)"
    start = f"import subprocess, sys; one = subprocess.Popen([sys.executable, '-c', {worker!r}], stdout=subprocess.PIPE)"
    program = f"{start}; print(one.pid, flush=True); one.stdout.read(1); one.wait()"
    outcome = finished([sys.executable, "-c", program], tmp_path, timeout=3, is_watched=True)
    assert (outcome.status, outcome.peak > 80_000_000) == (None, True)
    _wait_for_end(int(outcome.output))


def test_an_interrupted_benchmark_ends_its_command_and_puts_edits_back(shop: Path, tmp_path: Path) -> None:
    folders = ["--build", str(tmp_path / "build"), "--output", str(tmp_path / "out")]
    command = [*BENCH, "--tree", f"shop={shop}", "--no-peers", *folders]
    with subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while "round 0 of 5: leaf " not in (line := process.stdout.readline()):
            assert line, "it has ended"
        (child,) = _children(process.pid)
        process.terminate()
        try:
            assert process.wait(60) == 1
        finally:
            process.kill()
    _wait_for_end(child)
    assert (tmp_path / "build" / "trees" / "shop" / "shop" / "users.py").read_text() == LEAF


def _children(pid: int) -> list[int]:
    """Of the benchmark between two commands there may be none for a moment."""
    for _ in range(1000):
        if found := psutil.Process(pid).children():
            return [child.pid for child in found]
        time.sleep(0.005)
    raise AssertionError("no command was started")


def _wait_for_end(pid: int) -> None:
    for _ in range(1000):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.01)
    raise AssertionError(f"process {pid} is still there")


def test_a_work_finds_the_cache_and_the_edits_of_the_one_before(shop: Path) -> None:
    show = "import pathlib; print(pathlib.Path('shop/users.py').read_text())"
    seen: list[str] = []

    def remember(site: Site) -> None:
        seen.append(site.edited.text(site.survey.leaf))
        site.edited.write(site.survey.leaf, with_line_on_top(seen[-1], site.number))

    samples_of(shop, python("first", show, prepare=remember), python("second", show, prepare=remember))
    assert seen == [LEAF, f"# edit 0\n{LEAF}", LEAF, f"# edit 1\n{LEAF}"]  # each round from the start


def test_edits() -> None:
    once = with_statement(LEAF, 1)
    assert once == LEAF.replace("return session.get(User, 1)", "edited_1 = session.get(User, 1); return edited_1")
    assert with_statement(once, 2) == once.replace("edited_1", "edited_2")
    assert with_statement(LEAF.replace("\n", "\r\n"), 1) == once.replace("\n", "\r\n")
    assert with_line_on_top(LEAF, 3) == f"# edit 3\n{LEAF}"
    for text in ("if a: return b\n", "def f(): return 1\n", "def f():\n    return (\n        1\n    )\n", "def f():\n    return\n", "x ="):
        assert not has_statement(text), text


def test_texts_whose_lines_are_counted_otherwise_are_not_edited() -> None:
    assert with_statement(LEAF.replace("session", "sitzung_ä"), 1).count("edited_1") == 2
    assert not has_statement(LEAF.replace("1)", "1)  # \u2028"))
    assert not has_statement(f"\f{LEAF}")


def test_edits_are_put_back_after_an_interrupt(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"pass\r\n")

    def interrupted() -> None:
        with Edited(tmp_path) as edited:
            edited.write("a.py", "edited\n")
            edited.write("a.py", "again\n")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert (tmp_path / "a.py").read_bytes() == b"pass\r\n"


def test_a_copy_holds_code_and_is_a_project_of_its_own(shop: Path, tmp_path: Path) -> None:
    tree = copied("shop", shop, tmp_path).tree
    files = {path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file() and ".git" not in path.parts}
    assert files == {"sessionlint.toml", "shop/__init__.py", "shop/models.py", "shop/users.py", "shop/admin.py", "shop/page.html"}
    assert (tree / ".git").is_dir()
    assert ".*" in ELSEWHERE


def test_a_part_has_the_same_share_of_each_package(tmp_path: Path) -> None:
    for package, count in {"large": 40, "small": 10}.items():
        (tmp_path / "source" / package).mkdir(parents=True)
        for number in range(count):
            (tmp_path / "source" / package / f"m{number:02}.py").write_text("pass\n" * 10)
    whole = copied("whole", tmp_path / "source", tmp_path)
    half, more = part_of(whole, 250, tmp_path), part_of(whole, 1000, tmp_path)
    assert (half.name, more.name, lines_of(more)) == ("whole-0k", "whole-whole", 500)
    assert [len(list((half.tree / package).iterdir())) for package in ("large", "small")] == [20, 5]
    assert len(list(more.tree.rglob("*.py"))) == 50


@pytest.mark.parametrize("requirements", sorted(PACKAGES.glob("*.txt")), ids=lambda path: path.stem)
def test_packages_are_pinned_and_their_hashes_known(requirements: Path) -> None:
    lines = [line for line in requirements.read_text().splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"-r \w+\.txt|[\w-]+==[\d.]+ --hash=sha256:[0-9a-f]{64}", line)] == []
    assert lines


def test_a_corpus_is_got_once_and_again_when_its_packages_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    def wheels(requirements: Path, folder: Path) -> list[Path]:
        asked.append(requirements)
        wheel = tmp_path / "shop-1.0-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            for name in ("shop/models.py", "shop/logo.png", "shop-1.0.dist-info/METADATA", "shop-1.0.data/scripts/shop.py"):
                archive.writestr(name, MODELS)
        return [wheel]

    packages = tmp_path / "packages"
    packages.mkdir()
    monkeypatch.setattr("benchmarks.speed.corpora._wheels", wheels)
    monkeypatch.setattr("benchmarks.speed.corpora.PACKAGES", packages)
    (packages / "300k.txt").write_text("# one\n")
    (packages / "1m.txt").write_text("-r 300k.txt\n")
    for change in ("# one\n", "# one\n", "# another\n"):
        (packages / "300k.txt").write_text(change)
        tree = corpus("1m", tmp_path).tree
    assert asked == [packages / "1m.txt"] * 2
    assert [path.name for path in tree.rglob("*.p*")] == ["models.py"]


def test_a_peer_that_cannot_be_installed_is_named(tmp_path: Path) -> None:
    works, missing = installed(tmp_path, [Peer("./no-such-package", ())])
    assert works == []
    assert list(missing) == ["./no-such-package"]
    assert missing["./no-such-package"].startswith("ERROR: ")
    assert [peer.requirement for peer in PEERS if not re.fullmatch(r"[\w-]+==[\d.]+", peer.requirement)] == []


def run_of(corpus: str, lines: int, label: str = "", part_of: str = "", **seconds: float) -> Run:
    about = Survey(1, lines, 10, "leaf.py", "hub.py", 3)
    samples = {
        name: Samples(name, [value], [value / seconds["f"]], 400_000_000, value, {"solve": value}) for name, value in seconds.items()
    }
    for name, sample in samples.items():
        samples[name] = Samples(sample.title, sample.seconds, sample.multiples, sample.peak, sample.watched, sample.rooms)
    return Run(corpus, corpus == "100k", part_of, label, "today", "a machine", (0.0, 0.1), {"Python": "3"}, 1, about, samples)


def test_targets() -> None:
    seconds = {
        "f": 10.0,
        "cold": 4.0,
        "warm": 0.3,
        "leaf": 0.61,
        "hub-top": 1.2,
        "stdin": 0.3,
        "click": 0.1,
        "leaf-parse": 0.05,
        "ruff": 0.1,
    }
    dense, mixed = run_of("100k", 100_000, **seconds), run_of("1m", 1_000_000, **seconds)
    told = {name: [(target.text, target.is_met) for target in targets(dense, name)] for name in seconds}
    assert told == {
        "f": [],
        "cold": [("0.40 F", True)],
        "warm": [("0.04 F", True), ("1.5 × ruff = 0.15 s", False)],
        "leaf": [("0.06 F", False)],
        "hub-top": [("0.12 F", True)],
        "stdin": [("2 × click + leaf-parse = 0.25 s", False)],
        "click": [],
        "leaf-parse": [],
        "ruff": [],
    }
    assert [(target.text, target.is_met) for target in targets(mixed, "cold")] == [("0.25 F", False), ("500 MB", True)]
    assert targets(run_of("100k", 40_000, **seconds), "cold") == []
    assert targets(run_of("fixtures", 100_000, **seconds), "cold") == []


def test_the_last_run_of_a_corpus_counts_and_labelled_ones_stay(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    for label, seconds in (("before", 9.0), ("", 8.0), ("", 7.0)):
        runs = record.store(path, run_of("100k", 100_000, label, f=10.0, cold=seconds, warm=1.0))
    runs = record.store(path, run_of("1m-10k", 10_000, part_of="1m", f=1.0, cold=0.5, warm=0.1))
    assert record.stored(path) == runs
    assert [(run.corpus, run.label, run.samples["cold"].seconds) for run in runs] == [
        ("100k", "before", [9.0]),
        ("100k", "", [7.0]),
        ("1m-10k", "", [0.5]),
    ]
    figures = tables.figures(runs)
    assert "| 10,000 | 1.00 s | 100.0 ms | 0.50 s | 50.0 ms | 0.10 s | 10.0 ms | 400 MB |\n" in figures
    assert "| before | today |  | 100k | 1 | 0 to 0.1 | 10.00 s |  | 0.90 F | 0.10 F |" in figures
    assert "| solve | 7.000 s | 1.000 s | 700000 µs a function |\n" in figures
    assert re.findall(r"^## .*", tables.results(runs), re.M) == ["## 100k: 100,000 lines"]


def test_the_tables_in_the_repository_are_those_of_its_results(tmp_path: Path) -> None:
    """No figure is written by hand."""
    runs = record.stored(ROOT / "benchmarks" / "results.json")
    assert (ROOT / "benchmarks" / "results.md").read_text() == tables.results(runs), "run `make bench ARGS=--render`"
    assert tables.figures(runs) in PAGE.read_text(), "run `make bench ARGS=--render`"
    render(tmp_path)
    assert "Nothing was measured yet." in (tmp_path / "results.md").read_text()
