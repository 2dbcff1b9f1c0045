"""The legacy call by other ways to a query: a scoped session, a `query_property`, a keyword argument, a query made without a session."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import Query, declarative_base, scoped_session, sessionmaker

ENGINE = create_engine("sqlite://")
DBSession = scoped_session(sessionmaker(bind=ENGINE))
Base = declarative_base()


class Stamp(Base):
    __tablename__ = "stamp"
    query = DBSession.query_property()
    id = Column(Integer, primary_key=True)
    country = Column(String(30))


def by_registry(pk):
    return DBSession.query(Stamp).get(pk)  # expect: SES406


def by_property(pk):
    return Stamp.query.get(pk)  # expect: SES406


def by_call(pk):
    session = DBSession()
    return session.query(Stamp).get(ident=pk)  # expect: SES406


def by_query_object(pk):
    return Query(Stamp).with_session(DBSession()).get(pk)  # expect: SES406


def main():
    Base.metadata.create_all(ENGINE)
    try:
        DBSession.add(Stamp(country="Peru"))
        DBSession.commit()
        found = {way(1).country for way in (by_registry, by_property, by_call, by_query_object)}
        assert found == {"Peru"}
    finally:
        DBSession.remove()
