"""The session object is still there during the request, but its connection is not taken: nothing has been asked yet, or all is committed."""
# case: outcome=ok select=SES109
import httpx
from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool)
maker = sessionmaker(bind=ENGINE, expire_on_commit=False)
Base = declarative_base()
TAKEN = []


class Rate(Base):
    __tablename__ = "rates"
    id = Column(Integer, primary_key=True)
    currency = Column(String(3))
    value = Column(String(10))


def answer(request):
    TAKEN.append(ENGINE.pool.checkedout())
    return httpx.Response(200, text="0.93")


client = httpx.Client(transport=httpx.MockTransport(answer))


def fetch_then_store(currency):
    with maker() as session:
        value = client.get(f"https://rates.invalid/{currency}").text
        session.add(Rate(currency=currency, value=value))
        session.commit()
    return value


def store_then_tell(currency, value):
    with maker() as session:
        session.add(Rate(currency=currency, value=value))
        session.commit()
        client.post("https://hooks.invalid/", json={currency: value})


def main():
    Base.metadata.create_all(ENGINE)
    assert fetch_then_store("EUR") == "0.93"
    store_then_tell("CHF", "0.95")
    assert TAKEN == [0, 0]
    with maker() as session:
        assert session.execute(select(Rate.currency)).scalars().all() == ["EUR", "CHF"]
