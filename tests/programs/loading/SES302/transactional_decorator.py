"""A decorator opens, commits and closes around a use case; what the use case returns is expired and detached by then."""
# case: outcome=DetachedInstanceError
from functools import wraps

from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import Session, declarative_base

ENGINE = create_engine("sqlite://")
Base = declarative_base()


class Coupon(Base):
    __tablename__ = "coupon"
    id = Column(Integer, primary_key=True)
    code = Column(String(12), unique=True)
    uses_left = Column(Integer, default=3)


def transactional(work):
    @wraps(work)
    def inside(*args, **kwargs):
        session = Session(ENGINE)
        try:
            result = work(session, *args, **kwargs)
            session.commit()
            return result
        except Exception:
            session.rollback()
            raise
        finally:
            session.close()

    return inside


@transactional
def redeem(session, code):
    coupon = session.scalars(select(Coupon).where(Coupon.code == code)).one()
    coupon.uses_left -= 1
    return coupon


@transactional
def uses_left(session, code):
    return session.scalars(select(Coupon.uses_left).where(Coupon.code == code)).one()


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Coupon(code="SPRING"))
        session.commit()
    assert uses_left("SPRING") == 3
    coupon = redeem("SPRING")
    print("left:", coupon.uses_left)  # expect: SES302
