from contextlib import asynccontextmanager
from contextvars import ContextVar

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)


class Base(DeclarativeBase):
    pass


class UnifiedSessionManager:
    def __init__(self) -> None:
        self._open = async_sessionmaker(engine, expire_on_commit=False)
        self._current: ContextVar[AsyncSession | None] = ContextVar("current", default=None)

    @asynccontextmanager
    async def get_db_session(self):
        session = self._current.get()
        if session is None:
            session = self._open()
            self._current.set(session)
        try:
            yield session
            await session.commit()
        except Exception:
            await session.rollback()
            raise
        finally:
            await session.close()
            self._current.set(None)


unified_session_manager = UnifiedSessionManager()
