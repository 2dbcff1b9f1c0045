"""A nightly job opens a session for each account and closes it at the bottom of the loop; the `continue` jumps over the close."""
# case: outcome=leak
from sqlalchemy import Boolean, Column, Integer, create_engine, event, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite:///file:p_accounts?mode=memory&cache=shared&uri=true", poolclass=QueuePool)
open_session = sessionmaker(bind=ENGINE)
Base = declarative_base()
HELD = []
event.listen(ENGINE, "checkout", lambda *arguments: HELD.append(arguments))


class Account(Base):
    __tablename__ = "accounts"
    id = Column(Integer, primary_key=True)
    frozen = Column(Boolean, default=False)
    cents = Column(Integer, default=0)


def add_interest(account_ids):
    changed = 0
    for account_id in account_ids:
        session = open_session()  # expect: SES102
        account = session.get(Account, account_id)
        if account is None or account.frozen:
            continue
        account.cents += account.cents // 100
        session.commit()
        session.close()
        changed += 1
    return changed


def balance(account_id):
    with open_session() as session:
        return session.execute(select(Account.cents).where(Account.id == account_id)).scalar_one()


def main():
    Base.metadata.create_all(ENGINE)
    with open_session() as seed:
        seed.add_all([Account(id=1, cents=1000), Account(id=2, cents=500, frozen=True)])
        seed.commit()
    assert add_interest([1]) == 1
    assert ENGINE.pool.checkedout() == 0
    assert add_interest([1, 2]) == 1
    assert balance(1) == 1020
