"""The factory keeps by default, but one caller asks it for a session that expires, and reads what that one committed."""
# case: outcome=DetachedInstanceError
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE, expire_on_commit=False)


class Sack(Base):
    __tablename__ = "sack"
    id = Column(Integer, primary_key=True)
    goods = Column(String(20))


def store(goods):
    with Session() as session:
        sack = Sack(goods=goods)
        session.add(sack)
        session.commit()
        return sack


def store_and_forget(goods):
    with Session(expire_on_commit=True) as session:
        sack = Sack(goods=goods)
        session.add(sack)
        session.commit()
        return sack


def main():
    Base.metadata.create_all(ENGINE)
    kept = store("oats")
    assert (kept.id, kept.goods) == (1, "oats")
    forgotten = store_and_forget("rye")
    print(forgotten.goods)  # expect: SES302
