"""`async with session.begin()` commits where it ends, inside the session's own scope: the row is expired, attached, and read without await."""
# case: outcome=MissingGreenlet
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
        return {"owner": wallet.owner}  # expect: SES303


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine) as session, session.begin():
        session.add(Wallet(owner="Kim"))
    print(await pay_in(1, 5))
