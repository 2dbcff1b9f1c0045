from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
scope = sessionmaker(bind=ENGINE)


class Sensor(Base):
    __tablename__ = "sensor"

    id = Column(Integer, primary_key=True)
    place = Column(String(20))
