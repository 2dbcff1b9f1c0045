"""A deletion helper opens a session of its own, though the row that it is handed belongs to the caller's, which is still open."""
# case: outcome=InvalidRequestError
from contextlib import contextmanager

from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import Session, declarative_base
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool)
Base = declarative_base()


class Token(Base):
    __tablename__ = "token"
    id = Column(Integer, primary_key=True)
    owner = Column(String(20))
    uses = Column(Integer, default=0)


@contextmanager
def session_scope():
    session = Session(ENGINE)
    try:
        yield session
        session.commit()
    except Exception:
        session.rollback()
        raise
    finally:
        session.close()


def revoke(token):
    with session_scope() as session:
        session.delete(token)  # expect: SES308


def sweep(limit):
    removed = 0
    with session_scope() as session:
        for token in session.scalars(select(Token)).all():
            if token.uses > limit:
                revoke(token)
                removed += 1
    return removed


def main():
    Base.metadata.create_all(ENGINE)
    with session_scope() as session:
        session.add_all([Token(owner="bo", uses=2), Token(owner="al", uses=20)])
    assert sweep(100) == 0
    print(sweep(10))
