from sqlalchemy import Column, Integer, String

from db import Base


class Parcel(Base):
    __tablename__ = "parcel"

    id = Column(Integer, primary_key=True)
    code = Column(String(10))
    state = Column(String(10), default="new")
