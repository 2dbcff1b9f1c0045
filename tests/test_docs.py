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


NAMES = ["rules.md", "cli.md", "configuration.md", "codemods.md", "output.md", *(f"rules/{rule.code}.md" for rule in all_rules())]


def test_stale_documents_are_named_with_what_mends_them(tmp_path: Path) -> None:
    shutil.copy(ROOT / "docs" / "generate.py", tmp_path)
    shutil.copytree(ROOT / "docs" / "parts", tmp_path / "parts")
    done = generate(tmp_path, "--check")
    assert (done.returncode, done.stderr) == (1, f"stale: {', '.join(NAMES)}; run `make docs`\n")
    assert generate(tmp_path).returncode == 0
    assert generate(tmp_path, "--check").returncode == 0
    for name in NAMES:
        assert (tmp_path / name).read_text() == (ROOT / "docs" / name).read_text()


def test_every_rule_has_a_page_that_the_table_leads_to() -> None:
    text = (ROOT / "docs" / "rules.md").read_text()
    codes = [rule.code for rule in all_rules()]
    assert re.findall(r"\]\(rules/(\w+)\.md\)", text) == codes
    assert re.findall(r'<a id="(\w+)">', text) == [code.lower() for code in codes]
    assert sorted(path.stem for path in (ROOT / "docs" / "rules").iterdir()) == codes


def test_links_between_documents_lead_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    links = [(page, link) for page in documents for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", prose(page))]
    assert links
    assert [(page.name, link) for page, link in links if not (page.parent / link).exists()] == []


def prose(page: Path) -> str:
    """A document without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.M | re.S)


def test_links_to_a_part_of_a_document_find_it() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    links = [(page, *link) for page in documents for link in re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", page.read_text())]
    assert links
    assert [(page.name, part) for page, target, part in links if part not in parts_of(page.parent / target if target else page)] == []


def parts_of(page: Path) -> set[str]:
    """The anchors of a document: those of its headings, as GitHub makes them, and those that are written."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.M)
    made = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return made | set(re.findall(r'<a id="([^"]+)">', page.read_text()))


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
