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
    shutil.copytree(ROOT / "docs" / "parts", tmp_path / "parts")
    done = generate(tmp_path, "--check")
    assert (done.returncode, done.stderr) == (1, "stale: rules.md, cli.md, configuration.md, codemods.md; run `make docs`\n")
    assert generate(tmp_path).returncode == 0
    assert generate(tmp_path, "--check").returncode == 0
    for name in ("rules.md", "cli.md", "configuration.md", "codemods.md"):
        assert (tmp_path / name).read_text() == (ROOT / "docs" / name).read_text()


def test_each_rule_has_an_anchor_that_the_table_leads_to() -> None:
    text = (ROOT / "docs" / "rules.md").read_text()
    anchors, links = re.findall(r'<a id="(\w+)">', text), re.findall(r"\]\(#(\w+)\)", text)
    assert anchors == links == [rule.code.lower() for rule in all_rules()]


def test_links_between_documents_lead_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    links = [(page, link) for page in documents for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())]
    assert links
    assert [(page.name, link) for page, link in links if not (page.parent / link).exists()] == []


def test_the_output_in_the_readme_is_real() -> None:
    readme = (ROOT / "README.md").read_text()
    shown = readme.partition("$ sessionlint check\n")[2].partition("```")[0].strip()
    command = [sys.executable, "-m", "sessionlint", "check", "--no-cache", "--select", "SES301"]
    done = subprocess.run(
        command, cwd=ROOT / "fixtures" / "apps" / "fastapi_booking", capture_output=True, text=True, timeout=60, check=False
    )
    assert shown == re.sub(r"  # (expect|allow): .*", "", done.stdout).partition("\n\n")[0]


def test_the_diff_in_the_readme_is_real() -> None:
    readme = (ROOT / "README.md").read_text()
    shown = [line for line in readme.partition("```diff\n")[2].partition("```")[0].splitlines() if line.strip() != "..."]
    command = [sys.executable, "-m", "sessionlint", "migrate", "--no-cache", "admin/routes/dashboard.py"]
    done = subprocess.run(
        command, cwd=ROOT / "fixtures" / "apps" / "flask_platform", capture_output=True, text=True, timeout=60, check=False
    )
    made = [re.sub(r"  # (expect|allow): .*", "", line) for line in done.stdout.splitlines()]
    assert [line for line in shown if line not in made] == []
