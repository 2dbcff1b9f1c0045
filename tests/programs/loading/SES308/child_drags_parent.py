"""The archive session adds a copy that points to a folder of the working session: the add cascades to the folder, which is taken."""
# case: outcome=InvalidRequestError
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)


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


def file_under(title, folder_name):
    with Session() as work, Session() as archive:
        folder = work.query(Folder).filter_by(name=folder_name).one()
        scan = Scan(title=title, folder=folder)
        archive.add(scan)  # expect: SES308
        archive.commit()
        return scan.id


def main():
    Base.metadata.create_all(ENGINE)
    with Session.begin() as session:
        session.add(Folder(name="tax"))
    print(file_under("2024.pdf", "tax"))
