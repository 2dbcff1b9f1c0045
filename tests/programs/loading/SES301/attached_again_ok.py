"""Detached objects come back to life before anything is read: added to a new session, merged into one, or filled by hand."""
# case: outcome=ok
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, relationship, sessionmaker
from sqlalchemy.orm.attributes import set_committed_value

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)


class Branch(Base):
    __tablename__ = "branch"
    id = Column(Integer, primary_key=True)
    address = Column(String(60))
    members = relationship("Member", back_populates="branch")


class Member(Base):
    __tablename__ = "member"
    id = Column(Integer, primary_key=True)
    email = Column(String(60))
    branch_id = Column(ForeignKey("branch.id"))
    branch = relationship(Branch, back_populates="members")


def first_member():
    with Session() as session:
        return session.query(Member).order_by(Member.id).first()


def address_by_add():
    member = first_member()
    with Session() as session:
        session.add(member)
        return member.branch.address


def address_by_merge():
    member = first_member()
    with Session() as session:
        member = session.merge(member)
        return member.branch.address


def emails_by_hand():
    with Session() as session:
        branch = session.get(Branch, 1)
        rows = session.scalars(select(Member).where(Member.branch_id == branch.id)).all()
    set_committed_value(branch, "members", list(rows))
    return [member.email for member in branch.members]


def main():
    Base.metadata.create_all(ENGINE)
    with Session.begin() as session:
        session.add(Member(email="ana@x.org", branch=Branch(address="Mill Lane 1")))
    assert address_by_add() == address_by_merge() == "Mill Lane 1"
    assert emails_by_hand() == ["ana@x.org"]
