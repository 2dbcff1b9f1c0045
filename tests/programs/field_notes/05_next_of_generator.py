"""`next()` on a dependency generator takes its session out; the generator dies at once and closes it, and the first use opens it anew for good."""
# case: outcome=leak
from sqlalchemy import Column, Integer, String, create_engine, event
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool, pool_size=1, max_overflow=0)
SessionLocal = sessionmaker(ENGINE)
Base = declarative_base()
held = []
event.listen(ENGINE, "checkout", lambda *what: held.append(what))


class Setting(Base):
    __tablename__ = "setting"
    name = Column(String(20), primary_key=True)
    value = Column(Integer)


def get_db():
    session = SessionLocal()
    try:
        yield session
    finally:
        session.close()


def setting(name):
    session = next(get_db())  # expect: SES102
    found = session.get(Setting, name)
    return found.value if found else None


def main():
    Base.metadata.create_all(ENGINE)
    assert setting("size") is None
