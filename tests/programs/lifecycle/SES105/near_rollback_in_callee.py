"""The rollback is there, but elsewhere: in a helper that the handler calls, in a finally, in the scope around the call."""
# case: outcome=ok sqlalchemy=>=2.0
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import String, create_engine, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
factory = sessionmaker(ENGINE)
problems: list[str] = []


class Base(DeclarativeBase):
    pass


class Locker(Base):
    __tablename__ = "lockers"
    number: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(20))


def give_up(session: Session, error: Exception) -> None:
    session.rollback()
    problems.append(type(error).__name__)


@contextmanager
def scope() -> Iterator[Session]:
    with factory() as session:
        try:
            yield session
            session.commit()
        except SQLAlchemyError:
            session.rollback()
            raise


def rent(session: Session, number: int, owner: str) -> str:
    session.add(Locker(number=number, owner=owner))
    try:
        session.commit()
    except IntegrityError as error:
        give_up(session, error)
    return session.scalars(select(Locker.owner).where(Locker.number == number)).one()


def try_out(session: Session, number: int) -> bool:
    free = False
    try:
        session.add(Locker(number=number, owner="nobody"))
        session.flush()
        free = True
    except IntegrityError:
        pass
    finally:
        session.rollback()
    session.info[number] = session.scalars(select(Locker.owner).where(Locker.number == number)).first()
    return free


def main() -> None:
    Base.metadata.create_all(ENGINE)
    with factory() as session:
        assert rent(session, 7, "Ida") == "Ida"
        assert rent(session, 7, "Max") == "Ida"
        assert not try_out(session, 7) and try_out(session, 8)
    try:
        with scope() as session:
            session.add(Locker(number=7, owner="Zoe"))
    except IntegrityError:
        problems.append("scope")
    assert problems == ["IntegrityError", "scope"]
