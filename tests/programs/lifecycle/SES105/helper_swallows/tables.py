from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Base = declarative_base()


class Seat(Base):
    __tablename__ = "seats"
    id = Column(Integer, primary_key=True)
    label = Column(String(4), unique=True)
