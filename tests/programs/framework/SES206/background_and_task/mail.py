import asyncio

from database import Letter
from sqlalchemy.ext.asyncio import AsyncSession

outbox: list[str] = []


async def send(letter_id: int, session: AsyncSession) -> None:
    letter = await session.get(Letter, letter_id)  # allow: SES103
    outbox.append(f"{letter.reader}: {letter.text}")


async def touch(session: AsyncSession, letter_id: int) -> None:
    await asyncio.sleep(0)
    await session.get(Letter, letter_id)
