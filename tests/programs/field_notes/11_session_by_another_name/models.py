from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Sensor(Base):
    __tablename__ = "sensor"

    id = Column(Integer, primary_key=True)
    place = Column(String(20))
