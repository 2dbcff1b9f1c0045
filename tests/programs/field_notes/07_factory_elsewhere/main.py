"""The handler looks the same in both folders; the factory of this one, in another module, has the default, which expires on commit."""
# case: outcome=MissingGreenlet
from db import Base, engine, get_sessionmaker
from models import Parcel


async def deliver(pk):
    maker = get_sessionmaker()
    async with maker() as session:
        parcel = await session.get(Parcel, pk)
        parcel.state = "delivered"
        await session.commit()
        return f"{parcel.code} {parcel.state}"  # expect: SES303


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with get_sessionmaker()() as session:
        session.add(Parcel(code="P9"))
        await session.commit()
    print(await deliver(1))
