"""The factory does not expire on commit, and the handler's log line after the rollback reads the key of the user all the same."""
# case: outcome=MissingGreenlet
import logging

from sqlalchemy import Column, Integer, String, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Session = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
Base = declarative_base()
log = logging.getLogger("signup")


class Person(Base):
    __tablename__ = "person"
    id = Column(Integer, primary_key=True)
    mail = Column(String(40), unique=True)


async def notify(mail):
    raise ConnectionError(mail)


async def confirm(mail):
    async with Session() as session:
        person = (await session.execute(select(Person).where(Person.mail == mail))).scalars().first()
        try:
            await notify(person.mail)
            await session.commit()
        except Exception:
            await session.rollback()
            log.warning("person %s could not be told", person.id)  # expect: SES303
            return False
        return person.id > 0


async def main():
    log.disabled = True
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        session.add(Person(mail="v@x.org"))
        await session.commit()
    await confirm("v@x.org")
