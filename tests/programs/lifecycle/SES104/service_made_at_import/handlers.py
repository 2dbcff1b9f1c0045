from sqlalchemy import select
from store import Reminder, SessionMaker


class ReminderService:
    def __init__(self, session):
        self.session = session

    def add(self, text):
        self.session.add(Reminder(text=text))
        self.session.flush()

    def texts(self):
        return self.session.execute(select(Reminder.text)).scalars().all()


reminders = ReminderService(SessionMaker())  # expect: SES104  # allow: SES102


def on_remind(text):
    reminders.add(text)


def on_list():
    return reminders.texts()
