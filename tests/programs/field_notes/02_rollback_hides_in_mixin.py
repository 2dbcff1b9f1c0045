"""The rollback is two calls away, in a mixin of the service class, whose name promises nothing of the kind."""
# case: outcome=DetachedInstanceError
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

ENGINE = create_engine("sqlite://")
Session = sessionmaker(ENGINE, expire_on_commit=False)
Base = declarative_base()


class Pass(Base):
    __tablename__ = "pass"
    id = Column(Integer, primary_key=True)
    holder = Column(String(40))
    rides = Column(Integer, default=2)


class Finishing:
    session = None

    def _undo(self):
        self.session.rollback()

    def finish(self, accepted):
        if accepted:
            self.session.commit()
        else:
            self._undo()


class Gate(Finishing):
    def __init__(self, session):
        self.session = session

    def enter(self, pk):
        found = self.session.get(Pass, pk)
        found.rides -= 1
        self.finish(found.rides >= 0)
        return found


def enter(pk):
    with Session() as session:
        used = Gate(session).enter(pk)
    return f"{used.holder}: {used.rides}"  # expect: SES302


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Pass(holder="Sami", rides=1))
        session.commit()
    assert enter(1) == "Sami: 0"
    print(enter(1))
