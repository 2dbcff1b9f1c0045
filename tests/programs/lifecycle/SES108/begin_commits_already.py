"""`sessionmaker.begin()` commits and closes when its with ends; both functions do one of the two again as their last statement."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, create_engine, func, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(bind=engine)
Base = declarative_base()


class Coupon(Base):
    __tablename__ = "coupons"
    id = Column(Integer, primary_key=True)
    code = Column(String(20))


def issue(codes):
    with SessionLocal.begin() as session:
        for code in codes:
            session.add(Coupon(code=code))
        session.commit()  # expect: SES108


def count():
    with SessionLocal() as db:
        total = db.execute(select(func.count(Coupon.id))).scalar()
        db.close()  # expect: SES108
    return total


def main():
    Base.metadata.create_all(engine)
    issue(["SPRING", "FALL"])
    assert count() == 2
