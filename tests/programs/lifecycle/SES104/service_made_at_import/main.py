"""A bot whose module-level service is built around one session: every handler and every thread shares its transaction."""
# case: outcome=ok
from sqlalchemy.orm import Session
from store import ENGINE, Base, Reminder

import handlers


def main():
    Base.metadata.create_all(ENGINE)
    handlers.on_remind("tea")
    handlers.on_remind("cake")
    assert handlers.on_list() == ["tea", "cake"]
    assert handlers.reminders.session.in_transaction()
    handlers.reminders.session.rollback()
    with Session(ENGINE) as check:
        assert check.get(Reminder, 1) is None
