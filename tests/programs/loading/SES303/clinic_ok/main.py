"""The same layers with the same hidden commit, over a factory that is told not to expire; nothing is read that a commit could take away."""
# case: outcome=ok
from database import engine, Session
from entities import Base, Visit
from services import Reception


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        session.add(Visit(patient="R. Moss", room="2a"))
        await session.commit()
    async with Session() as session:
        assert await Reception(session).move(1, "4c") == ("R. Moss in 2a", "R. Moss in 4c")
