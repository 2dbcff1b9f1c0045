"""What is closed is a result, a cursor or a file; the session itself stays open until the with block ends, and only data is read after it."""
# case: outcome=ok
import io

from sqlalchemy import Column, Integer, String, create_engine, select, text
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool)
make_session = sessionmaker(bind=ENGINE, expire_on_commit=False)
Base = declarative_base()


class Bird(Base):
    __tablename__ = "birds"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


def export():
    out = io.StringIO()
    with make_session() as session:
        result = session.execute(select(Bird.name).order_by(Bird.name))
        first = result.scalars().first()
        result.close()
        out.write(f"{first}\n")
        session.commit()
        raw = session.connection().execute(text("select count(*) from birds"))
        out.write(str(raw.scalar()))
        raw.close()
        birds = session.execute(select(Bird)).scalars().all()
    text_written = out.getvalue()
    out.close()
    return text_written, [bird.name for bird in birds]


def main():
    Base.metadata.create_all(ENGINE)
    with make_session() as session:
        session.add_all([Bird(name="wren"), Bird(name="crow")])
        session.commit()
    assert export() == ("crow\n2", ["wren", "crow"])
    assert ENGINE.pool.checkedout() == 0
