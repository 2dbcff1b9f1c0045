"""The answer is built within `session.begin()`; elsewhere the session that begins is told not to expire, or the row is refreshed."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Base = declarative_base()


class Wallet(Base):
    __tablename__ = "wallet"
    id = Column(Integer, primary_key=True)
    owner = Column(String(20))
    coins = Column(Integer, default=0)


async def pay_in(pk, coins):
    async with AsyncSession(engine) as session:
        async with session.begin():
            wallet = await session.get(Wallet, pk)
            wallet.coins += coins
            answer = {"owner": wallet.owner, "coins": wallet.coins}
        return answer


async def pay_out(pk, coins):
    async with AsyncSession(engine, expire_on_commit=False) as session:
        async with session.begin():
            wallet = await session.get(Wallet, pk)
            wallet.coins -= coins
        return {"owner": wallet.owner, "coins": wallet.coins}


async def rename(pk, owner):
    async with AsyncSession(engine) as session:
        async with session.begin():
            wallet = await session.get(Wallet, pk)
            wallet.owner = owner
        await session.refresh(wallet)
        return wallet.owner


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine) as session, session.begin():
        session.add(Wallet(owner="Kim"))
    assert await pay_in(1, 5) == {"owner": "Kim", "coins": 5}
    assert await pay_out(1, 2) == {"owner": "Kim", "coins": 3}
    assert await rename(1, "Kai") == "Kai"
