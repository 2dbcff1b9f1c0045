"""A helper logs and closes the session; the caller then asks the same session for one more figure."""
# case: outcome=leak
from sqlalchemy import Column, Integer, String, create_engine, event, func, select
from sqlalchemy.orm import Session, declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite:///file:p_helper?mode=memory&cache=shared&uri=true", poolclass=QueuePool)
make_session = sessionmaker(bind=ENGINE)
Base = declarative_base()
LOG = []
HELD = []
event.listen(ENGINE, "checkout", lambda *arguments: HELD.append(arguments))


class Ticket(Base):
    __tablename__ = "tickets"
    id = Column(Integer, primary_key=True)
    subject = Column(String(40))


def finish(session: Session, message: str) -> None:
    LOG.append(message)
    session.close()


def file_ticket(subject: str) -> int:
    session = make_session()  # allow: SES102
    try:
        session.add(Ticket(subject=subject))
        session.commit()
    finally:
        finish(session, f"filed {subject}")
    return session.execute(select(func.count(Ticket.id))).scalar()  # expect: SES103


def subjects() -> list:
    session = make_session()
    try:
        found = session.execute(select(Ticket.subject)).scalars().all()
    finally:
        finish(session, "listed")
    return sorted(found)


def main():
    Base.metadata.create_all(ENGINE)
    assert subjects() == []
    assert ENGINE.pool.checkedout() == 0
    assert file_ticket("printer") == 1
