"""The same handler; the factory in the other module is configured not to expire, by a dictionary of options."""
# case: outcome=ok
from db import Base, engine, get_sessionmaker
from models import Parcel


async def deliver(pk):
    maker = get_sessionmaker()
    async with maker() as session:
        parcel = await session.get(Parcel, pk)
        parcel.state = "delivered"
        await session.commit()
        return f"{parcel.code} {parcel.state}"


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with get_sessionmaker()() as session:
        session.add(Parcel(code="P9"))
        await session.commit()
    assert await deliver(1) == "P9 delivered"
