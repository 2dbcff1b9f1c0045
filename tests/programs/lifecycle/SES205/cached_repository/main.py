"""Cached functions of a settings module: one keeps a session for ever, one a list of rows, each under its own spelling of the decorator."""
# case: outcome=ok
from sqlalchemy import inspect
from sqlalchemy.orm import Session
from tables import ENGINE, Base, Flag

import settings


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Flag(name="beta", active=True))
        session.commit()
    assert settings.flags() is settings.flags()
    assert inspect(settings.flags()[0]).detached
    assert settings.is_active("beta") and not settings.is_active("alpha")
    assert settings.settings_session() is settings.settings_session()
