"""Sessions opened while a module is imported, in a with that ends there; the command's own session lives in a function."""
# case: outcome=ok sqlalchemy=>=2.0
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool)
maker = sessionmaker(ENGINE)


class Base(DeclarativeBase):
    pass


class Unit(Base):
    __tablename__ = "units"
    symbol: Mapped[str] = mapped_column(primary_key=True)
    factor: Mapped[float]


Base.metadata.create_all(ENGINE)

with maker.begin() as seeding:
    seeding.add_all([Unit(symbol="km", factor=1000.0), Unit(symbol="cm", factor=0.01)])

try:
    session = maker()
    FACTORS = {unit.symbol: unit.factor for unit in session.scalars(select(Unit))}
finally:
    session.close()


def convert(value: float, symbol: str, factors: dict[str, float] = FACTORS) -> float:
    return value * factors[symbol]


def command() -> int:
    session = maker()
    try:
        return len(session.scalars(select(Unit.symbol)).all())
    finally:
        session.close()


def main() -> None:
    assert convert(2, "km") == 2000.0
    assert command() == 2
    assert ENGINE.pool.checkedout() == 0
