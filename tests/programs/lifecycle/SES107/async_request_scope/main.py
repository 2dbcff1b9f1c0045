"""An asynchronous scope keeps its session in a context variable; a price lookup opens it again below the endpoint that has it open."""
# case: outcome=ok sqlalchemy=>=2.0
from database import Base, engine, unified_session_manager
from sqlalchemy import select

import carts
from tables import Item


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await carts.price_list({"tea": 3, "cup": 8})
    try:
        await carts.fill(["tea", "cup", "cake"])
    except KeyError:
        pass
    async with unified_session_manager.get_db_session() as session:
        kept = (await session.scalars(select(Item.name).where(Item.taken).order_by(Item.id))).all()
    assert kept == ["tea", "cup"], "what the endpoint rolled back is there all the same"
    await engine.dispose()
