"""A report runs its three queries on a thread pool and hands every one of them the same session."""
# case: outcome=ok
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Column, Integer, String, create_engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, declarative_base, sessionmaker
from sqlalchemy.pool import SingletonThreadPool

engine = create_engine("sqlite://", poolclass=SingletonThreadPool)
SessionLocal = sessionmaker(bind=engine)
Base = declarative_base()


class Sale(Base):
    __tablename__ = "sales"
    id = Column(Integer, primary_key=True)
    region = Column(String(10))
    cents = Column(Integer)


def total(session: Session, region: str) -> int:
    return session.execute(select(func.sum(Sale.cents)).where(Sale.region == region)).scalar()


def count(session: Session) -> int:
    return session.execute(select(func.count(Sale.id))).scalar()


def report(regions):
    with SessionLocal() as session, ThreadPoolExecutor(2) as pool:
        rows = count(session)
        futures = [pool.submit(total, session, region) for region in regions]  # expect: SES206
        return rows, [future.result() for future in futures]


def main():
    Base.metadata.create_all(engine)
    with SessionLocal() as session:
        session.add_all([Sale(region="north", cents=5), Sale(region="south", cents=7)])
        session.commit()
    try:
        report(["north", "south"])
    except SQLAlchemyError:
        return
    raise AssertionError("SQLite notices the wrong thread")
