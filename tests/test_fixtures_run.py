"""Every executable fixture run against SQLAlchemy, in a process of its own: its outcome is what its header says, on a line that says so."""

from __future__ import annotations

import pytest

from tests.cases import Case, cases
from tests.execution import server


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in cases()])
def test_sqlalchemy_agrees(case: Case) -> None:
    if not server().can_express(case):
        pytest.skip(f"for SQLAlchemy {case.header['sqlalchemy']}")
    assert server().complaint(case) is None
