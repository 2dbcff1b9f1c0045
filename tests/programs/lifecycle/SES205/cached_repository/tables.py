from sqlalchemy import Boolean, Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Base = declarative_base()


class Flag(Base):
    __tablename__ = "flags"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    active = Column(Boolean)
