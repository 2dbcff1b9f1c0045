from database import unified_session_manager
from prices import take


async def price_list(prices: dict[str, int]) -> None:
    from tables import Item

    async with unified_session_manager.get_db_session() as session:
        session.add_all(Item(name=name, price=price) for name, price in prices.items())


async def fill(names: list[str]) -> int:
    total = 0
    async with unified_session_manager.get_db_session() as session:
        session.info["cart"] = names
        for name in names:
            total += await take(name)  # allow: SES107
    return total
