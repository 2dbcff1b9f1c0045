"""The function that stores hands back a row that it has refreshed, or the caller keeps what it needs before it lets the row go."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)


class Invitation(Base):
    __tablename__ = "invitation"
    id = Column(Integer, primary_key=True)
    guest = Column(String(20))
    code = Column(String(8))


def persist(row):
    with Session() as session:
        session.add(row)
        session.commit()


def persist_fresh(row):
    with Session() as session:
        session.add(row)
        session.commit()
        session.refresh(row)
    return row


def invite(guest):
    code = guest[:2].upper() + "7"
    invitation = Invitation(guest=guest, code=code)
    greeting = f"Dear {invitation.guest}"
    persist(invitation)
    return f"{greeting}, your code is {code}"


def invite_again(guest):
    invitation = persist_fresh(Invitation(guest=guest, code="AGAIN"))
    return f"{invitation.id}: {invitation.code}"


def main():
    Base.metadata.create_all(ENGINE)
    assert invite("Edda") == "Dear Edda, your code is ED7"
    assert invite_again("Edda") == "2: AGAIN"
