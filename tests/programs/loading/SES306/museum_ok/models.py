from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.orm import declarative_base, relationship

Base = declarative_base()


class Exhibit(Base):
    __tablename__ = "exhibit"

    id = Column(Integer, primary_key=True)
    title = Column(String(60))
    loans = relationship("Loan", back_populates="exhibit")


class Loan(Base):
    __tablename__ = "loan"

    id = Column(Integer, primary_key=True)
    exhibit_id = Column(ForeignKey("exhibit.id"))
    borrower = Column(String(60))
    exhibit = relationship(Exhibit, back_populates="loans")
