from database import unified_session_manager
from sqlalchemy import select
from tables import Item


async def take(name: str) -> int:
    async with unified_session_manager.get_db_session() as session:  # expect: SES107
        item = (await session.scalars(select(Item).where(Item.name == name))).first()
        if item is None:
            raise KeyError(name)
        item.taken = True
        return item.price
