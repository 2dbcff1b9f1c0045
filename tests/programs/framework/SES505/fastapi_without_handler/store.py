from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(bind=engine)
Base = declarative_base()


class Shell(Base):
    __tablename__ = "shells"
    id = Column(Integer, primary_key=True)
    name = Column(String(20), unique=True)


def get_db():
    with SessionLocal() as db:
        yield db
