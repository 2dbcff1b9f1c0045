"""With which status each command ends, and what its last line on standard error then says: a row for each situation.

A new command has to be given rows; `test_exit_codes.py` says which are missing.
"""

from __future__ import annotations

from dataclasses import dataclass

HEAD = "from sqlalchemy.orm import Session\nfrom models import Book, db_manager\n"
FILES = {
    "sessionlint.toml": "",
    "models.py": """from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
""",
    "clean.py": "from models import Book\n",
    "leak.py": f"{HEAD}\n\ndef count(engine):\n    session = Session(engine)\n    return session.execute(1).scalar()\n",
    "mendable.py": f"{HEAD}\n\ndef find(session: Session, number: int):\n    return session.query(Book).get(number)\n",
    "direct.py": f"{HEAD}\n\ndef first():\n    session = db_manager.get_session()\n    return session.get(Book, 1)\n",
    "broken.py": "def broken(:\n",
    "wrong.toml": "slect = []\n",
    "unknown.toml": "select = ['SES999']\n",
    "entries.json": '{"version": 1, "findings": [\n',
}
"""The project in which every row is run."""


@dataclass(frozen=True)
class Row:
    """Arguments, the status, and how the last line on standard error begins after `sessionlint: ` (for 1: after `exit status 1: `).

    `first` are commands that are run before.
    """

    arguments: str
    status: int
    why: str = ""
    first: tuple[str, ...] = ()
    input: str = ""

    @property
    def line(self) -> str:
        """The beginning of the last line; empty where nothing is to be said."""
        if not self.why:
            return ""
        return f"sessionlint: exit status 1: {self.why}" if self.status == 1 else f"sessionlint: {self.why}"


OF_SETTINGS = (
    ("--config wrong.toml", "error: wrong.toml:1: unknown key `slect`"),
    ("--config gone.toml", "error: "),
    ("--config select=3", "error: "),
    ("--jobs -1", "error: Invalid value for '-j'"),
    ("--color blue", "error: Invalid value for '--color'"),
    ("--nonsense", "error: No such option '--nonsense'"),
)
"""What is wrong with the options that all commands with settings have."""

BASELINED = ("baseline create",)

TABLE: dict[str, tuple[Row, ...]] = {
    "check": (
        Row("check clean.py", 0),
        Row("check leak.py", 1, "1 finding remains"),
        Row("check leak.py mendable.py", 1, "2 findings remain"),
        Row("check broken.py", 1, "1 finding remains"),
        Row("check leak.py --quiet", 1),
        Row("check leak.py --silent", 1),
        Row("check leak.py --exit-zero", 0),
        Row("check leak.py --statistics", 1, "1 finding remains"),
        Row("check leak.py --statistics --exit-zero", 0),
        Row("check leak.py --show-files", 0),
        Row("check leak.py --show-settings", 0),
        Row("check leak.py --ignore SES1", 0),
        Row("check leak.py -o out.txt", 1, "1 finding remains"),
        Row("check mendable.py --fix", 0),
        Row("check mendable.py leak.py --fix", 1, "1 finding remains"),
        Row("check mendable.py --fix --exit-non-zero-on-fix", 1, "1 finding fixed, 0 findings remain"),
        Row("check leak.py --fix --exit-non-zero-on-fix", 1, "1 finding remains"),
        Row("check clean.py --fix --exit-non-zero-on-fix", 0),
        Row("check mendable.py leak.py --fix-only", 0),
        Row("check mendable.py --diff", 1, "1 finding would be fixed"),
        Row("check mendable.py --diff --exit-zero", 0),
        Row("check leak.py --diff", 0),
        Row("check leak.py --add-ignore", 0),
        Row("check leak.py --add-noqa --diff", 1, "1 noqa directive would be added"),
        Row("check broken.py --add-ignore", 1, "1 finding remains that no comment can silence"),
        Row("check - --stdin-filename other.py", 0, input="x = 1\n"),
        Row("check - --stdin-filename leak.py", 1, "1 finding remains", input=FILES["leak.py"]),
        Row("check leak.py --baseline sessionlint-baseline.json", 0, first=BASELINED),
        Row("check gone.py", 2, "error: `gone.py` does not exist"),
        Row("check gone.py --exit-zero", 2, "error: `gone.py` does not exist"),
        Row("check gone.py --silent", 2, "error: `gone.py` does not exist"),
        Row("check --select SES999", 2, "error: unknown rule code `SES999`"),
        Row("check --config unknown.toml", 2, "error: unknown.toml:1: unknown rule code `SES999`"),
        Row("check --output-format fulll", 2, "error: unknown output format `fulll`"),
        Row("check --output-format json --diff", 2, "error: `--diff` does not go with"),
        Row("check leak.py -o clean.py/out.txt", 2, "error: clean.py/out.txt: cannot be written"),
        Row("check --baseline gone.json", 2, "error: gone.json"),
        Row("check --baseline entries.json", 2, "error: entries.json"),
        Row("check --since HEAD", 2, "error: "),
        Row("check - leak.py", 2, "error: `-` cannot be combined"),
        Row("check --stdin-filename x.py leak.py", 2, "error: `--stdin-filename` goes with"),
        Row("check --exit-zero --exit-non-zero-on-fix", 2, "error: "),
        *(Row(f"check {options}", 2, why) for options, why in OF_SETTINGS),
    ),
    "baseline": (
        Row("baseline --help", 0),
        Row("baseline", 2, "error: no command was given"),
        Row("baseline nonsense", 2, "error: No such command 'nonsense'"),
    ),
    "baseline create": (
        Row("baseline create", 0),
        Row("baseline create clean.py", 0),
        Row("baseline create", 2, "error: sessionlint-baseline.json: there is a baseline already", first=BASELINED),
        Row("baseline create gone.py", 2, "error: `gone.py` does not exist"),
        *(Row(f"baseline create {options}", 2, why) for options, why in OF_SETTINGS),
    ),
    "baseline update": (
        Row("baseline update", 0, first=BASELINED),
        Row("baseline update", 1, "", first=("baseline create clean.py",)),
        Row("baseline update --allow-new", 0, first=("baseline create clean.py",)),
        Row("baseline update", 2, "error: sessionlint-baseline.json"),
        *(Row(f"baseline update {options}", 2, why) for options, why in OF_SETTINGS),
    ),
    "baseline prune": (
        Row("baseline prune", 0, first=BASELINED),
        Row("baseline prune", 2, "error: sessionlint-baseline.json"),
        *(Row(f"baseline prune {options}", 2, why) for options, why in OF_SETTINGS),
    ),
    "baseline show": (
        Row("baseline show", 0, first=BASELINED),
        Row("baseline show", 2, "error: sessionlint-baseline.json"),
        Row("baseline show --format xml", 2, "error: Invalid value for '--output-format' / '--format'"),
    ),
    "explain": (
        Row("explain leak.py:6", 0),
        Row("explain clean.py:1", 0),
        Row("explain leak.py", 2, "error: Invalid value for 'FILE:LINE'"),
        Row("explain gone.py:1", 2, "error: Invalid value for 'FILE:LINE'"),
        Row("explain leak.py:999", 2, "error: Invalid value for 'FILE:LINE'"),
        Row("explain", 2, "error: Missing argument 'FILE:LINE'"),
        *(Row(f"explain leak.py:6 {options}", 2, why) for options, why in OF_SETTINGS),
    ),
    "generate-shell-completion": (
        Row("generate-shell-completion bash", 0),
        Row("generate-shell-completion tcsh", 2, "error: Invalid value for '{bash|zsh|fish}'"),
    ),
    "init": (
        Row("init ../fresh", 0),
        Row("init ../fresh --diff", 1, "1 file would be written"),
        Row("init .", 2, "error: sessionlint.toml: there is a configuration already"),
        Row("init gone", 2, "error: gone: does not exist"),
    ),
    "migrate": (
        Row("migrate clean.py", 0),
        Row("migrate mendable.py", 1, "1 file would change"),
        Row("migrate mendable.py --write", 0),
        Row("migrate mendable.py direct.py --write", 1, "1 finding remains that no codemod could mend"),
        Row("migrate mendable.py --interactive", 0, input="y\n"),
        Row("migrate gone.py", 2, "error: `gone.py` does not exist"),
        Row("migrate --only nonsense", 2, "error: Invalid value for '--only'"),
        Row("migrate --phase 99", 2, "error: Invalid value for '--phase'"),
        *(Row(f"migrate {options}", 2, why) for options, why in OF_SETTINGS),
    ),
    "models": (
        Row("models", 0),
        Row("models gone.py", 2, "error: `gone.py` does not exist"),
        Row("models --format xml", 2, "error: Invalid value for '--output-format' / '--format'"),
        *(Row(f"models {options}", 2, why) for options, why in OF_SETTINGS),
    ),
    "plan": (
        Row("plan", 0),
        Row("plan --check", 1, "1 direct acquisition remains"),
        Row("plan clean.py --check", 0),
        Row("plan gone.py", 2, "error: `gone.py` does not exist"),
        *(Row(f"plan {options}", 2, why) for options, why in OF_SETTINGS),
    ),
    "rollback": (
        Row("rollback", 0, first=("check mendable.py --fix",)),
        Row("rollback", 2, "error: nothing to roll back"),
        Row("rollback --nonsense", 2, "error: No such option '--nonsense'"),
    ),
    "rule": (
        Row("rule SES301", 0),
        Row("rule --all", 0),
        Row("rule --all --output-format json", 0),
        Row("rule SES999", 2, "error: unknown rule `SES999`"),
        Row("rule", 2, "error: give "),
        Row("rule SES301 --output-format xml", 2, "error: Invalid value for '--output-format'"),
    ),
    "": (
        Row("--help", 0),
        Row("--version", 0),
        Row("", 2, "error: no command was given"),
        Row("chek", 2, "error: No such command 'chek'"),
        Row("--nonsense", 2, "error: No such option '--nonsense'"),
    ),
}

ALWAYS_0_OR_2 = frozenset(
    {
        "",
        "baseline",
        "baseline create",
        "baseline prune",
        "baseline show",
        "explain",
        "generate-shell-completion",
        "models",
        "rollback",
        "rule",
    }
)
"""Commands that do not judge."""

WITHOUT_ANALYSIS = frozenset({"", "baseline", "baseline show", "generate-shell-completion", "rollback", "rule"})
