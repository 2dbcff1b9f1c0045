"""Four ways to get a row into another session: merge it, expunge it first, close its session first, or copy its columns."""
# case: outcome=ok
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, make_transient, relationship, sessionmaker

WORK = create_engine("sqlite://")
ARCHIVE = create_engine("sqlite://")
Base = declarative_base()
Work = sessionmaker(WORK)
Archive = sessionmaker(ARCHIVE)


class Folder(Base):
    __tablename__ = "folder"
    id = Column(Integer, primary_key=True)
    name = Column(String(40))


class Scan(Base):
    __tablename__ = "scan"
    id = Column(Integer, primary_key=True)
    title = Column(String(40))
    folder_id = Column(ForeignKey("folder.id"))
    folder = relationship(Folder)


def by_merge(name):
    with Work() as work, Archive() as archive:
        folder = work.query(Folder).filter_by(name=name).one()
        archive.add(Scan(title="merged", folder=archive.merge(folder)))
        archive.commit()


def by_expunge(name):
    with Work() as work, Archive() as archive:
        folder = work.query(Folder).filter_by(name=name).one()
        work.expunge(folder)
        archive.add(folder)
        archive.add(Scan(title="expunged", folder=folder))
        archive.commit()


def by_close(name):
    with Work() as work:
        folder = work.query(Folder).filter_by(name=name).one()
    make_transient(folder)
    folder.id = None
    with Archive() as archive:
        archive.add(folder)
        archive.commit()


def by_columns(name):
    with Work() as work, Archive() as archive:
        folder = work.query(Folder).filter_by(name=name).one()
        archive.add(Folder(name=folder.name + " copy"))
        archive.commit()


def main():
    Base.metadata.create_all(WORK)
    Base.metadata.create_all(ARCHIVE)
    with Work.begin() as session:
        session.add(Folder(name="tax"))
    for way in (by_merge, by_expunge, by_close, by_columns):
        way("tax")
    with Archive() as archive:
        assert sorted(folder.name for folder in archive.query(Folder)) == ["tax", "tax", "tax copy"]
        assert archive.query(Scan).count() == 2
