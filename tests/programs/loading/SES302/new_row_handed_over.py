"""A new row is handed to a function that stores it with a session of its own; the caller goes on with the row it made, which is expired now."""
# case: outcome=DetachedInstanceError
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


def invite(guest):
    invitation = Invitation(guest=guest, code=guest[:2].upper() + "7")
    greeting = f"Dear {invitation.guest}"
    persist(invitation)
    return f"{greeting}, your code is {invitation.code}"  # expect: SES302


def main():
    Base.metadata.create_all(ENGINE)
    print(invite("Edda"))
