from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool)
Base = declarative_base()


class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    article = Column(String(30))
    pieces = Column(Integer)


class DatabaseManager:
    def __init__(self, engine):
        self._maker = sessionmaker(bind=engine)

    def get_session(self):
        return self._maker()


db_manager = DatabaseManager(ENGINE)
