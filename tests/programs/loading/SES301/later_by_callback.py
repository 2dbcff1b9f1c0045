"""Callbacks are collected inside the scope and run after it: a partial formats columns, a lambda goes to the member's branch."""
# case: outcome=DetachedInstanceError
from functools import partial

from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)


class Branch(Base):
    __tablename__ = "branch"
    id = Column(Integer, primary_key=True)
    address = Column(String(60))


class Member(Base):
    __tablename__ = "member"
    id = Column(Integer, primary_key=True)
    email = Column(String(60))
    branch_id = Column(ForeignKey("branch.id"))
    branch = relationship(Branch)


def welcome(member):
    return f"to {member.email}"


def invite(member):
    return f"visit {member.branch.address}"  # expect: SES301


class Outbox:
    def __init__(self):
        self.jobs = []

    def later(self, job):
        self.jobs.append(job)

    def send(self):
        return [job() for job in self.jobs]


def plan(outbox):
    with Session() as session:
        for member in session.query(Member).all():
            outbox.later(partial(welcome, member))
            outbox.later(lambda member=member: invite(member))  # allow: SES301


def main():
    Base.metadata.create_all(ENGINE)
    with Session.begin() as session:
        session.add(Member(email="ana@x.org", branch=Branch(address="Mill Lane 1")))
    outbox = Outbox()
    plan(outbox)
    print(outbox.send())  # allow: SES301
