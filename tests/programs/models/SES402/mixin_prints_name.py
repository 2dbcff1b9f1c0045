"""`__str__` of an annotated model reads its columns one by one on lines of their own, with a ternary, and so does the shared mixin."""
# case: outcome=DetachedInstanceError select=SES402 sqlalchemy=>=2.0
from __future__ import annotations

from typing import Optional

from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

ENGINE = create_engine("sqlite://")


class Named:
    name: Mapped[str]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"  # expect: SES402  # allow: SES302


class Base(DeclarativeBase):
    pass


class Lake(Named, Base):
    __tablename__ = "lake"
    id: Mapped[int] = mapped_column(primary_key=True)


class Peak(Base):
    __tablename__ = "peak"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    metres: Mapped[Optional[int]]

    def __str__(self) -> str:
        height = self.metres  # expect: SES402  # allow: SES302
        if height is None:
            return "unmeasured"
        return f"{height} m"


def store(row):
    with Session(ENGINE) as session:
        session.add(row)
        session.commit()
        print("stored", row)
        session.expire(row)
    return row


def main() -> None:
    Base.metadata.create_all(ENGINE)
    assert str(Peak(title="Aso")) == "unmeasured"
    lake = store(Lake(name="Inari"))
    print(lake)  # allow: SES302
