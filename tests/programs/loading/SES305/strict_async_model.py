"""An async service declares `lazy="raise"` so that nothing loads by accident; a second endpoint forgot its option, and `get` has none."""
# case: outcome=InvalidRequestError sqlalchemy=>=2.0
from __future__ import annotations

from typing import List

from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
factory = async_sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    pass


class Garage(Base):
    __tablename__ = "garage"
    id: Mapped[int] = mapped_column(primary_key=True)
    street: Mapped[str]
    cars: Mapped[List[Car]] = relationship(back_populates="garage", lazy="raise")


class Car(Base):
    __tablename__ = "car"
    id: Mapped[int] = mapped_column(primary_key=True)
    plate: Mapped[str]
    garage_id: Mapped[int] = mapped_column(ForeignKey("garage.id"))
    garage: Mapped[Garage] = relationship(back_populates="cars", lazy="raise")


async def plates(db: AsyncSession, garage_id: int) -> list[str]:
    statement = select(Garage).where(Garage.id == garage_id).options(selectinload(Garage.cars))
    garage = (await db.scalars(statement)).one()
    return [car.plate for car in garage.cars]


async def where_is(db: AsyncSession, car_id: int) -> str:
    car = await db.get_one(Car, car_id)
    return f"{car.plate}: {car.garage.street}"  # expect: SES305


async def main() -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with factory.begin() as db:
        db.add(Garage(street="Elm", cars=[Car(plate="XY 1")]))
    async with factory() as db:
        assert await plates(db, 1) == ["XY 1"]
    async with factory() as db:
        print(await where_is(db, 1))
