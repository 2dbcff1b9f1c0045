"""A service books through a repository whose `save` commits in a mixin, two modules away; the confirmation reads the visit after it."""
# case: outcome=MissingGreenlet
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
        print(await Reception(session).move(1, "4c"))
