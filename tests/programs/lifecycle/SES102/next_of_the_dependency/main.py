"""A script borrows the web application's generator with next() and drops it: nothing ends what the borrowed session begins."""
# case: outcome=leak
from billing import total
from sqlalchemy.orm import Session
from store import ENGINE, Base, Invoice, get_db


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as seed:
        seed.add_all([Invoice(cents=250), Invoice(cents=50)])
        seed.commit()
    for db in get_db():
        assert db.get(Invoice, 1).cents == 250
    assert ENGINE.pool.checkedout() == 0
    assert total() == 300
