"""The loop runs over keys and gets each device anew, so that no turn meets what an earlier rollback has expired."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Session = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
Base = declarative_base()


class Device(Base):
    __tablename__ = "device"
    id = Column(Integer, primary_key=True)
    host = Column(String(40))
    state = Column(String(10), default="new")


async def poll(host):
    if host.endswith(".bad"):
        raise TimeoutError
    return "up"


async def poll_all():
    failures = 0
    async with Session() as session:
        keys = (await session.execute(select(Device.id).order_by(Device.id))).scalars().all()
        for key in keys:
            device = await session.get(Device, key, populate_existing=True)
            try:
                state = await poll(device.host)
                device.state = state
                await session.commit()
            except TimeoutError:
                failures += 1
                await session.rollback()
    return failures


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        session.add_all([Device(host="a.bad"), Device(host="b.net")])
        await session.commit()
    assert await poll_all() == 1
