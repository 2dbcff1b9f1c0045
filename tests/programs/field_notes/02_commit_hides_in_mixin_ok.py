"""The mixin only ever commits, with a factory that does not expire; the refusal leaves the session alone and the scope closes it."""
# case: outcome=ok
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

    def _keep(self):
        self.session.commit()

    def finish(self, accepted):
        if accepted:
            self._keep()


class Gate(Finishing):
    def __init__(self, session):
        self.session = session

    def enter(self, pk):
        found = self.session.get(Pass, pk)
        if found.rides > 0:
            found.rides -= 1
            self.finish(True)
        else:
            self.finish(False)
        return found


def enter(pk):
    with Session() as session:
        used = Gate(session).enter(pk)
    return f"{used.holder}: {used.rides}"


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Pass(holder="Sami", rides=1))
        session.commit()
    assert [enter(1), enter(1)] == ["Sami: 0", "Sami: 0"]
