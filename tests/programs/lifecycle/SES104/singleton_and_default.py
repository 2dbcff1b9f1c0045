"""A class-level session under a lock, a default argument, and a session at the bottom of the module: each is one for all threads."""
# case: outcome=ok sqlalchemy=>=2.0
import threading

from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Factory = sessionmaker(bind=ENGINE)


class Base(DeclarativeBase):
    pass


class Badge(Base):
    __tablename__ = "badges"
    id: Mapped[int] = mapped_column(primary_key=True)
    holder: Mapped[str]


class BadgeOffice:
    lock = threading.Lock()
    session: Session = Factory(autoflush=True)  # expect: SES104  # allow: SES102

    @classmethod
    def issue(cls, holder: str) -> None:
        with cls.lock:
            cls.session.add(Badge(holder=holder))
            cls.session.commit()


def holders(session: Session = Session(ENGINE)) -> list[str]:  # expect: SES104  # allow: SES102
    return list(session.scalars(select(Badge.holder)))


main_session = Factory()  # expect: SES104  # allow: SES102


def first() -> str | None:
    return main_session.scalars(select(Badge.holder)).first()


def main() -> None:
    Base.metadata.create_all(ENGINE)
    BadgeOffice.issue("ada")
    assert holders() == ["ada"] and first() == "ada"
    assert holders.__defaults__[0].in_transaction() and main_session.in_transaction()
