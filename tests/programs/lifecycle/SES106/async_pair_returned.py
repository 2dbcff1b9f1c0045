"""An asynchronous helper returns a row together with the session that its own async with is about to close."""
# case: outcome=leak sqlalchemy=>=2.0
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import AsyncAdaptedQueuePool

ENGINE = create_async_engine("sqlite+aiosqlite://", poolclass=AsyncAdaptedQueuePool)
maker = async_sessionmaker(ENGINE, expire_on_commit=False)
HELD = []
event.listen(ENGINE.sync_engine, "checkout", lambda *arguments: HELD.append(arguments))


class Base(DeclarativeBase):
    pass


class Room(Base):
    __tablename__ = "rooms"
    id: Mapped[int] = mapped_column(primary_key=True)
    beds: Mapped[int]


async def room_and_session(room_id: int) -> tuple[Room | None, AsyncSession]:
    async with maker() as session:
        room = await session.get(Room, room_id)
        return room, session  # expect: SES106


async def add_bed(room_id: int) -> int:
    room, session = await room_and_session(room_id)
    beds = room.beds + 1
    assert (await session.scalars(select(Room.id))).all() == [room_id]  # allow: SES103
    return beds


async def main() -> None:
    async with ENGINE.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with maker.begin() as session:
        session.add(Room(beds=2))
    assert await add_bed(1) == 3
