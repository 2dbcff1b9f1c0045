"""The handler writes the failure into the database first and rolls back afterwards; the rollback comes one statement too late."""
# case: outcome=ok sqlalchemy=>=2.0
import logging

from sqlalchemy import ForeignKey, create_engine, event, select
from sqlalchemy.exc import PendingRollbackError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import StaticPool

logger = logging.getLogger("payments")
ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
event.listen(ENGINE, "connect", lambda connection, record: connection.execute("pragma foreign_keys=on"))


class Base(DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str]


class Payment(Base):
    __tablename__ = "payments"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    cents: Mapped[int]


def pay(session: Session, account_id: int, cents: int) -> bool:
    session.add(Payment(account_id=account_id, cents=cents))
    try:
        session.commit()
    except SQLAlchemyError as error:  # expect: SES105
        owner = session.scalars(select(Account.owner).where(Account.id == account_id)).first()
        logger.warning("payment of %s failed: %s", owner, type(error).__name__)
        session.rollback()
        return False
    return True


def main() -> None:
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Account(id=1, owner="Kim"))
        session.commit()
        assert pay(session, 1, 500)
    try:
        with Session(ENGINE) as session:
            pay(session, 99, 500)
    except PendingRollbackError:
        return
    raise AssertionError("account 99 does not exist")
