"""Kills `migrate --write` with SIGKILL at random moments, rolls back, and compares every file, as a user would: by the command alone.

    python benchmarks/killed.py [--runs 200] [--files 300] [--seed 1] [--folder DIR] [--cmd "sessionlint"]

A tree of generated modules is migrated again and again. One run in ten is killed at any time from its start, the others at a random moment
after their journal has appeared, which is when files are written. After each, `sessionlint rollback` has to leave every file with the bytes
(SHA-256) and the mode it had, and no other file. Exits with 1 at the first difference.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

SUPPORT = """
from contextlib import contextmanager
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker
_make = sessionmaker(bind=create_engine("sqlite://"))
class DatabaseManager:
    def get_session(self):
        return _make()
class UnifiedSessionManager:
    @contextmanager
    def get_db_session(self):
        session = _make()
        try:
            yield session
            session.commit()
        except Exception:
            session.rollback()
            raise
        finally:
            session.close()
db_manager = DatabaseManager()
unified_session_manager = UnifiedSessionManager()
"""

MODULE = '''"""Module {number}."""
from support import db_manager


def look_up_{number}(key):
    session = db_manager.get_session()
    try:
        text = """{padding}
"""
        return session.info[text + key] == 1
    finally:
        session.close()
'''

OWN = (".sessionlint", ".sessionlint_cache")


def make_tree(root: Path, files: int, chance: random.Random) -> None:
    """Modules of all sizes and modes, in packages, with line endings of both kinds."""
    (root / "pyproject.toml").write_text("[tool.sessionlint]\n")
    (root / "support.py").write_text(SUPPORT)
    for number in range(files):
        path = root / f"package{number % 15}" / f"module{number}.py"
        path.parent.mkdir(exist_ok=True)
        text = MODULE.format(number=number, padding="x" * chance.choice([1, 100, 5000, 60000]))
        path.write_bytes(text.replace("\n", chance.choice(["\n", "\r\n"])).encode())
        path.chmod(chance.choice([0o644, 0o600, 0o755]))


def state(root: Path) -> dict[str, tuple[str, int]]:
    """SHA-256 and mode of every file but sessionlint's own."""
    found = {}
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in OWN]
        for name in files:
            path = Path(folder, name)
            found[path.relative_to(root).as_posix()] = (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mode)
    return found


def journal_of(root: Path) -> Path:
    """Where the first run keeps its journal."""
    return root / ".sessionlint" / "journal" / "1"


def timed(command: list[str], root: Path) -> tuple[float, float]:
    """Seconds of a whole run, and those of them that come after its journal has appeared."""
    started, appeared = time.perf_counter(), 0.0
    process = subprocess.Popen([*command, "migrate", "--write", "--silent"], cwd=root)
    while process.poll() is None:
        if not appeared and journal_of(root).exists():
            appeared = time.perf_counter()
        time.sleep(0.0005)
    ended = time.perf_counter()
    if process.returncode not in (0, 1) or not appeared:
        sys.exit(f"`migrate --write` ended with {process.returncode}")
    return ended - started, ended - appeared


def killed(command: list[str], root: Path, delay: float, *, after_journal: bool) -> bool:
    """Start a run and kill it; whether it was still running then."""
    process = subprocess.Popen([*command, "migrate", "--write", "--silent"], cwd=root, stderr=subprocess.DEVNULL)
    while after_journal and process.poll() is None and not journal_of(root).exists():
        time.sleep(0.0005)
    time.sleep(delay)
    was_running = process.poll() is None
    process.kill()
    process.wait()
    return was_running


def how_far(root: Path, before: dict[str, tuple[str, int]]) -> str:
    """What the killed run had done."""
    if not journal_of(root).exists():
        return "before its journal"
    if not (journal_of(root) / "journal.json").exists():
        return "in its journal"
    changed = sum(state(root)[name] != was for name, was in before.items())
    if (journal_of(root) / "written").exists():
        return "after the last file"
    return "between files" if changed else "before the first file"


def report(text: str) -> None:
    """Say it now, for a run takes its time."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where the tree is made (default: the folder for temporary files)")
    parser.add_argument("--cmd", default=f"{sys.executable} -m sessionlint")
    given = parser.parse_args()
    command, chance = shlex.split(given.cmd), random.Random(given.seed)
    root = Path(tempfile.mkdtemp(prefix="killed-", dir=given.folder)).resolve()
    make_tree(root, given.files, chance)
    before = state(root)
    timed(command, root)
    changed = sum(state(root)[name] != was for name, was in before.items())
    subprocess.run([*command, "rollback"], cwd=root, check=True, stdout=subprocess.DEVNULL)
    whole, writing = timed(command, root)
    subprocess.run([*command, "rollback"], cwd=root, check=True, stdout=subprocess.DEVNULL)
    report(f"{changed} of {len(before)} files change; a run takes {whole:.2f} s, {writing:.2f} s of them to write")
    seen: Counter[str] = Counter()
    for run in range(given.runs):
        from_start = run % 10 == 0
        delay = chance.uniform(0, whole if from_start else writing)
        if not killed(command, root, delay, after_journal=not from_start):
            seen["(it was over already)"] += 1
        seen[how_far(root, before)] += 1
        expected = 0 if journal_of(root).exists() else 2
        done = subprocess.run([*command, "rollback"], cwd=root, check=False, capture_output=True, text=True)
        if done.returncode != expected or state(root) != before:
            sys.exit(f"run {run + 1}, killed after {delay:.4f} s: not as before in {root}: {done.returncode} {done.stderr}")
        if (run + 1) % 20 == 0 or run + 1 == given.runs:
            report(f"{run + 1} runs killed, every file as before after each `rollback`; where: {dict(seen)}")
    shutil.rmtree(root)


if __name__ == "__main__":
    main()
