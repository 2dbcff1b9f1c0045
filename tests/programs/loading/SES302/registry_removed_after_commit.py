"""1.x style: the module's scoped session commits and is removed at the end of a job, and the job's log line names the row."""
# case: outcome=DetachedInstanceError
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, scoped_session, sessionmaker

ENGINE = create_engine("sqlite://")
DBSession = scoped_session(sessionmaker(bind=ENGINE))
Base = declarative_base()
Base.query = DBSession.query_property()


class Feed(Base):
    __tablename__ = "feed"
    id = Column(Integer, primary_key=True)
    url = Column(String(80))
    failures = Column(Integer, default=0)


def cleanup():
    DBSession.remove()


def mark_failed(feed_id):
    feed = Feed.query.filter_by(id=feed_id).first()
    if feed is None:
        return None
    feed.failures = feed.failures + 1
    try:
        DBSession.commit()
    finally:
        cleanup()
    return feed


def run(feed_id):
    feed = mark_failed(feed_id)
    if feed is not None:
        return "gave up on %s" % feed.url  # expect: SES302
    return "no such feed"


def main():
    Base.metadata.create_all(ENGINE)
    DBSession.add(Feed(url="https://example.org/rss"))
    DBSession.commit()
    DBSession.remove()
    assert run(99) == "no such feed"
    print(run(1))
