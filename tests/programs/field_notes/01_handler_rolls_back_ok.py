"""In one function: one loop keeps each badge in a savepoint, which is rolled back alone; another rolls the whole session back and stops."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, create_engine, event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, declarative_base

ENGINE = create_engine("sqlite://")
Base = declarative_base()


class Badge(Base):
    __tablename__ = "badge"
    id = Column(Integer, primary_key=True)
    code = Column(String(10), unique=True)


@event.listens_for(ENGINE, "connect")
def own_transactions(connection, record):
    connection.isolation_level = None


@event.listens_for(ENGINE, "begin")
def begin(connection):
    connection.exec_driver_sql("BEGIN")


def register(codes):
    refused = []
    with Session(ENGINE) as session:
        for code in codes:
            try:
                with session.begin_nested():
                    session.add(Badge(code=code))
            except IntegrityError:
                refused.append(code)
        session.commit()
    return refused


def register_all(codes):
    with Session(ENGINE) as session:
        session.add_all([Badge(code=code) for code in codes])
        try:
            session.commit()
        except IntegrityError:
            session.rollback()
            return session.query(Badge).count()
    return None


def main():
    Base.metadata.create_all(ENGINE)
    assert register(["a", "b"]) == []
    assert register(["c", "a", "d"]) == ["a"]
    assert register_all(["e", "a"]) == 4
