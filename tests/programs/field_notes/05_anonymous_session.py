"""A session without a name: made, queried and forgotten in one expression, so that nobody can close it."""
# case: outcome=leak
from sqlalchemy import Column, Integer, String, create_engine, event
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool, pool_size=1, max_overflow=0)
Session = sessionmaker(ENGINE)
Base = declarative_base()
held = []
event.listen(ENGINE, "checkout", lambda *what: held.append(what))


class Colour(Base):
    __tablename__ = "colour"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


def palette():
    return [colour.name for colour in Session().query(Colour).order_by(Colour.name)]  # expect: SES102


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Colour(name="ochre"))
        session.commit()
    assert palette() == ["ochre"]
