"""The mapper fetches what the database computes (`eager_defaults`), and the second stamp is computed in Python before the flush."""
# case: outcome=ok
from datetime import datetime

from sqlalchemy import Column, DateTime, Integer, String, create_engine, func
from sqlalchemy.orm import declarative_base, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(bind=ENGINE, expire_on_commit=False)


class Memo(Base):
    __tablename__ = "memo"
    __mapper_args__ = {"eager_defaults": True}
    id = Column(Integer, primary_key=True)
    text = Column(String(80))
    changed_at = Column(DateTime, server_default=func.now(), onupdate=func.now())
    seen_at = Column(DateTime, onupdate=datetime.now)


def write(text):
    with Session() as session:
        memo = Memo(text=text)
        session.add(memo)
        session.commit()
        return memo.id


def change(pk, text):
    with Session() as session:
        memo = session.get(Memo, pk)
        memo.text = text
        session.commit()
    return memo


def main():
    Base.metadata.create_all(ENGINE)
    memo = change(write("buy milk"), "buy oat milk")
    assert memo.text == "buy oat milk"
    assert memo.changed_at.year >= 2024
    assert memo.seen_at is not None
