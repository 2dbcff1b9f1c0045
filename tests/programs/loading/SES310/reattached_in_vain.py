"""A helper "reattaches" a detached row by merging it and dropping the result; the row is as detached as before, and its drafts are read."""
# case: outcome=DetachedInstanceError
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, select
from sqlalchemy.orm import Session, declarative_base, relationship

ENGINE = create_engine("sqlite://")
Base = declarative_base()


class Writer(Base):
    __tablename__ = "writer"
    id = Column(Integer, primary_key=True)
    name = Column(String(40))
    drafts = relationship("Draft")


class Draft(Base):
    __tablename__ = "draft"
    id = Column(Integer, primary_key=True)
    writer_id = Column(ForeignKey("writer.id"))
    title = Column(String(40))


def find(name):
    with Session(ENGINE) as session:
        return session.scalars(select(Writer).where(Writer.name == name)).one()


def titles(writer):
    with Session(ENGINE) as session:
        session.merge(writer)  # expect: SES310
        return [draft.title for draft in writer.drafts]  # expect: SES301


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Writer(name="Oz", drafts=[Draft(title="One")]))
        session.commit()
    print(titles(find("Oz")))
