"""The first hop is awaited, the second one is read plainly: the crates of a shelf are loaded, their products are not."""
# case: outcome=MissingGreenlet sqlalchemy=>=2.0
from __future__ import annotations

from typing import List

from sqlalchemy import ForeignKey
from sqlalchemy.ext.asyncio import AsyncAttrs, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
open_session = async_sessionmaker(engine)


class Base(AsyncAttrs, DeclarativeBase):
    pass


class Product(Base):
    __tablename__ = "product"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Crate(Base):
    __tablename__ = "crate"
    id: Mapped[int] = mapped_column(primary_key=True)
    shelf_id: Mapped[int] = mapped_column(ForeignKey("shelf.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    product: Mapped[Product] = relationship()


class Shelf(Base):
    __tablename__ = "shelf"
    id: Mapped[int] = mapped_column(primary_key=True)
    crates: Mapped[List[Crate]] = relationship()


async def contents(shelf_id: int) -> list[str]:
    async with open_session() as session:
        shelf = await session.get(Shelf, shelf_id)
        if shelf is None:
            return []
        crates = await shelf.awaitable_attrs.crates
        return [crate.product.name for crate in crates]  # expect: SES303


async def main() -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with open_session.begin() as session:
        session.add(Shelf(crates=[Crate(product=Product(name="ink"))]))
    assert await contents(9) == []
    print(await contents(1))
