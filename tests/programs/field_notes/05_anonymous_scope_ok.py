"""Sessions without a name that are closed all the same: a scoped registry, a `with` on the call, and a statement run by the engine."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, scoped_session, sessionmaker

ENGINE = create_engine("sqlite://")
Session = sessionmaker(ENGINE)
Registry = scoped_session(Session)
Base = declarative_base()


class Colour(Base):
    __tablename__ = "colour"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


def palette():
    with Session() as session:
        return [colour.name for colour in session.query(Colour)]


def palette_of_thread():
    try:
        return [colour.name for colour in Registry().query(Colour)]
    finally:
        Registry.remove()


def palette_of_rows():
    with ENGINE.connect() as connection:
        return list(connection.execute(select(Colour.name)).scalars())


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Colour(name="ochre"))
        session.commit()
    assert palette() == palette_of_thread() == palette_of_rows() == ["ochre"]
