"""Messages and help of the rules that read one kind of event or the program."""

from __future__ import annotations

import dataclasses

import pytest

from sessionlint.check import check
from sessionlint.link import Acquisition, FunctionId
from sessionlint.solve import Events, History, Step
from sessionlint.solve.events import SessionLeaked, StateRead, StateStored
from tests.check.programs import at, found, program, query_get, settings

HERE = FunctionId("app.py", 0)


def test_an_acquisition_is_named_as_configured() -> None:
    known = dataclasses.replace(
        program(), acquisitions=(Acquisition(at(3), HERE, "core.db_manager.get_session", "db_manager.get_session"),)
    )
    (finding,) = check(known, Events(()), settings())
    assert (finding.code, finding.message) == ("SES101", "session is taken directly from `db_manager.get_session()`")
    assert finding.evidence == "db_manager.get_session"


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("normal", "session is not closed on every path out of the module"),
        ("exception", "session is not closed when an exception leaves the module"),
        ("rebound", "session is still open when its name is bound to another one in the module"),
    ],
)
def test_a_leak_says_how(how: str, message: str) -> None:
    history = History().then(Step("session", at(3), "the session is opened here"))
    (finding,) = found(SessionLeaked(at(3), HERE, history, how, None))
    assert (finding.code, finding.message, [step.role for step in finding.related]) == ("SES102", message, ["session"])


def test_of_several_ways_to_leak_the_plainest_is_told() -> None:
    leaks = [SessionLeaked(at(3), HERE, History(), how, None) for how in ("exception", "rebound", "normal")]
    (finding,) = found(*leaks)
    assert finding.message == "session is not closed on every path out of the module"


@pytest.mark.parametrize(("key", "place"), [("db", "`st.session_state` under `db`"), ("", "`st.session_state`")])
def test_stores_and_reads_of_sessions(key: str, place: str) -> None:
    stored, taken = found(
        StateStored(at(3), HERE, History(), "session", "st.session_state", key),
        StateRead(at(4), HERE, History(), "session", "st.session_state", key),
    )
    assert (stored.code, stored.message) == ("SES201", f"session is put into {place}")
    assert (taken.code, taken.message) == ("SES203", f"session is taken out of {place}")


def test_instances_and_identities_are_other_rules_matter() -> None:
    instance = StateStored(at(3), HERE, History(), "instance", "st.session_state", "user")
    identity = StateRead(at(4), HERE, History(), "identity", "st.session_state", "user_id")
    assert {finding.code for finding in found(instance, identity)} == {"SES202", "SES204"}


def test_the_cure_for_a_legacy_get() -> None:
    (finding,) = found(query_get(3))
    assert (finding.message, finding.help) == ("`Query.get()` is legacy", "call `session.get(Model, …)`")
