"""The generated documents are what the code would generate now."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from sessionlint.check import all_rules

ROOT = Path(__file__).parents[1]


def generate(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(folder / "generate.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_documents_are_current() -> None:
    done = generate(ROOT / "docs", "--check")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


def test_stale_documents_are_named_with_what_mends_them(tmp_path: Path) -> None:
    shutil.copy(ROOT / "docs" / "generate.py", tmp_path)
    done = generate(tmp_path, "--check")
    assert (done.returncode, done.stderr) == (1, "stale: rules.md; run `make docs`\n")
    assert generate(tmp_path).returncode == 0
    assert generate(tmp_path, "--check").returncode == 0
    assert (tmp_path / "rules.md").read_text() == (ROOT / "docs" / "rules.md").read_text()


def test_each_rule_has_an_anchor_that_the_table_leads_to() -> None:
    text = (ROOT / "docs" / "rules.md").read_text()
    anchors, links = re.findall(r'<a id="(\w+)">', text), re.findall(r"\]\(#(\w+)\)", text)
    assert anchors == links == [rule.code.lower() for rule in all_rules()]
