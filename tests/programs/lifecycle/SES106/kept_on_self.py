"""A loader keeps the session of its with on self; a later method goes on with it, and a pool that nobody sees runs empty."""
# case: outcome=leak
from sqlalchemy import Column, Integer, String, create_engine, event, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool)
new_session = sessionmaker(bind=ENGINE)
Base = declarative_base()
HELD = []
event.listen(ENGINE, "checkout", lambda *arguments: HELD.append(arguments))


class Chapter(Base):
    __tablename__ = "chapters"
    id = Column(Integer, primary_key=True)
    heading = Column(String(40))


class Book:
    def __init__(self):
        self.session = None
        self.first = None

    def open(self):
        with new_session() as session:
            self.session = session  # expect: SES106
            self.first = session.execute(select(Chapter.heading)).scalars().first()

    def headings(self):
        return self.session.execute(select(Chapter.heading)).scalars().all()  # allow: SES103


def main():
    Base.metadata.create_all(ENGINE)
    with new_session() as seed:
        seed.add_all([Chapter(heading="Rain"), Chapter(heading="Sun")])
        seed.commit()
    book = Book()
    book.open()
    assert book.first == "Rain" and ENGINE.pool.checkedout() == 0
    assert book.headings() == ["Rain", "Sun"]
