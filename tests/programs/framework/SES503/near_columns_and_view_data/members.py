from flask_login import UserMixin
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, scoped_session, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
registry = scoped_session(sessionmaker(bind=engine))
Base = declarative_base()


class Member(UserMixin, Base):
    __tablename__ = "members"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    teams = relationship("Team", backref="member")

    def shouted(self):
        return self.name.upper()


class Team(Base):
    __tablename__ = "teams"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    member_id = Column(ForeignKey("members.id"))
