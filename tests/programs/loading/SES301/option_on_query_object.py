"""The query is built in steps: the option goes to a query that is thrown away, as `options` returns a new one."""
# case: outcome=DetachedInstanceError
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, joinedload, relationship, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)


class Court(Base):
    __tablename__ = "court"
    id = Column(Integer, primary_key=True)
    town = Column(String(20))


class Case(Base):
    __tablename__ = "case_file"
    id = Column(Integer, primary_key=True)
    number = Column(String(20))
    court_id = Column(ForeignKey("court.id"))
    court = relationship(Court)


def cases(with_court):
    statement = select(Case).order_by(Case.number)
    if with_court:
        statement.options(joinedload(Case.court))
    with Session() as session:
        return session.scalars(statement).all()


def docket():
    return [f"{case.number} {case.court.town}" for case in cases(True)]  # expect: SES301


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Case(number="C-1", court=Court(town="Ghent")))
        session.commit()
    assert [case.number for case in cases(False)] == ["C-1"]
    print(docket())
