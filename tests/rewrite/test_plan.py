"""The plan: strategies, phases, counts, and the three formats."""

from __future__ import annotations

import io
import json
from dataclasses import replace

from sessionlint.config.settings import MigrateSettings, Phase
from sessionlint.report.plan import report_plan
from sessionlint.rewrite import Plan, plan
from tests.rewrite.programs import SETTINGS, program_of, with_support

SITE = (
    "    session = db_manager.get_session()\n    try:\n        return session.query(Book).count()\n    finally:\n        session.close()\n"
)
MAIN = (
    "from flask import Flask\nfrom managers import db_manager, request_session_manager, unified_session_manager\nfrom models import Book\n"
    "app = Flask(__name__)\n\n\n@app.route('/')\ndef page():\n" + SITE + "\n\ndef keep():\n    return db_manager.get_session()\n"
)
SERVICE = "class Service:\n    def count(self):\n        with self.db_manager.get_session() as s:\n            return s.query(1).count()\n"


def _plan(**changes: MigrateSettings) -> Plan:
    texts = with_support(MAIN, service=SERVICE)
    return plan(program_of(texts), replace(SETTINGS, **changes), texts, lambda file: True)


def test_sites() -> None:
    sites = [(s.phase, s.file, s.row, s.function, s.strategy, s.scope, s.code) for s in _plan().sites]
    assert sites == [
        (1, "main.py", 9, "page", "route", "unified_session_manager.get_db_session()", ""),
        (3, "service.py", 3, "Service.count", "service", "", "service"),
        (4, "main.py", 17, "keep", "anywhere", "", "returned"),
    ]
    assert _plan().counts() == {"main.py": 2, "service.py": 1}


def test_configured_phases() -> None:
    made = _plan(migrate=MigrateSettings(phases=(Phase("Services", ("serv*.py",)),)))
    assert made.phases == ("Services", "Everything else")
    assert [(s.phase, s.file) for s in made.sites] == [(1, "service.py"), (2, "main.py"), (2, "main.py")]


def test_only_wanted_files() -> None:
    texts = with_support(MAIN, service=SERVICE)
    assert plan(program_of(texts), SETTINGS, texts, lambda file: file == "service.py").counts() == {"service.py": 1}


def test_json() -> None:
    out = io.StringIO()
    report_plan(_plan(), "json", out)
    document = json.loads(out.getvalue())
    assert document["total"] == {"acquisitions": 3, "can": 1, "cannot": 2, "accepted": 0}
    assert document["files"] == [
        {"filename": "main.py", "acquisitions": 2, "can": 1},
        {"filename": "service.py", "acquisitions": 1, "can": 0},
    ]
    assert document["sites"][2]["refusal"] == {"code": "returned", "message": "the session is handed to the caller"}


def test_markdown() -> None:
    out = io.StringIO()
    report_plan(_plan(), "markdown", out)
    assert out.getvalue().startswith(
        "# Session migration\n\n3 direct acquisitions: 1 can be migrated, 2 cannot.\n\n"
        "| File | Direct acquisitions | Can | Cannot |\n|---|---:|---:|---:|\n| `main.py` | 2 | 1 | 1 |\n"
    )
    assert "| `main.py:17` | `keep` | anywhere | cannot: the session is handed to the caller |" in out.getvalue()


def test_table() -> None:
    out = io.StringIO()
    report_plan(_plan(), "table", out)
    lines = [line.split() for line in out.getvalue().splitlines()]
    assert ["│", "total", "│", "3", "│", "1", "│", "2", "│"] in lines
