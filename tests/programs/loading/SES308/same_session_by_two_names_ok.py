"""Two services, two attribute names, two calls of a registry: every one of them is the same session, so adding and deleting is fine."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, object_session, scoped_session, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
registry = scoped_session(sessionmaker(ENGINE))


class Alarm(Base):
    __tablename__ = "alarm"
    id = Column(Integer, primary_key=True)
    text = Column(String(40))


class Finder:
    def __init__(self):
        self.db = registry()

    def all(self):
        return self.db.query(Alarm).all()


class Keeper:
    def __init__(self, db):
        self.store = db

    def keep(self, alarm):
        self.store.add(alarm)
        self.store.commit()

    def drop(self, alarm):
        object_session(alarm).delete(alarm)
        self.store.commit()


def tidy():
    finder, keeper = Finder(), Keeper(registry)
    for alarm in finder.all():
        if alarm.text.startswith("old"):
            keeper.drop(alarm)
        else:
            alarm.text = alarm.text.upper()
            keeper.keep(alarm)
    return [alarm.text for alarm in finder.all()]


def main():
    Base.metadata.create_all(ENGINE)
    try:
        registry.add_all([Alarm(text="old smoke"), Alarm(text="door")])
        registry.commit()
        assert tidy() == ["DOOR"]
    finally:
        registry.remove()
