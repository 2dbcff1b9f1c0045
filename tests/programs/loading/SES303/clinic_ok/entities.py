from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Visit(Base):
    __tablename__ = "visit"

    id = Column(Integer, primary_key=True)
    patient = Column(String(40))
    room = Column(String(4))

    @property
    def summary(self):
        return f"{self.patient} in {self.room}"
