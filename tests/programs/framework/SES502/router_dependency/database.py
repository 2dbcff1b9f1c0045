from sqlalchemy import create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine(
    "sqlite:///file:p_tide?mode=memory&cache=shared&uri=true", poolclass=QueuePool, connect_args={"check_same_thread": False}
)
maker = sessionmaker(ENGINE)
held: list = []
event.listen(ENGINE, "checkout", lambda *arguments: held.append(arguments))


class Base(DeclarativeBase):
    pass


class Tide(Base):
    __tablename__ = "tides"
    id: Mapped[int] = mapped_column(primary_key=True)
    port: Mapped[str]
    metres: Mapped[float]
