"""`onupdate` is computed by the database: the flush of the change expires the stamp, though no commit expires anything here."""
# case: outcome=DetachedInstanceError
from sqlalchemy import Column, DateTime, Integer, String, create_engine, func
from sqlalchemy.orm import declarative_base, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(bind=ENGINE, expire_on_commit=False)


class Memo(Base):
    __tablename__ = "memo"
    id = Column(Integer, primary_key=True)
    text = Column(String(80))
    changed_at = Column(DateTime, server_default=func.now(), onupdate=func.now())


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
    print(memo.text)
    print(memo.changed_at.year)  # expect: SES302
