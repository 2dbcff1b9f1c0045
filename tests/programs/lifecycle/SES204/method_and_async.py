"""A repository method and an asynchronous helper, both handed a session, that look up who is signed in by themselves."""
# case: outcome=static
from __future__ import annotations

from sqlalchemy import Column, Integer, String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, declarative_base
from streamlit import session_state

Base = declarative_base()


class Pledge(Base):
    __tablename__ = "pledges"
    id = Column(Integer, primary_key=True)
    donor_id = Column(Integer)
    purpose = Column(String(40))


class PledgeBook:
    def pledge(self, session: Session, purpose: str) -> None:
        session.add(Pledge(donor_id=session_state.user_id, purpose=purpose))  # expect: SES204
        session.flush()
        session_state.last_purpose = purpose

    def all(self, session: Session) -> list[str]:
        return list(session.scalars(select(Pledge.purpose).where(Pledge.purpose != session_state.hidden_purpose)))


async def my_pledges(db: AsyncSession) -> list[str]:
    donor_id = session_state["current_user_id"]  # expect: SES204
    return list(await db.scalars(select(Pledge.purpose).where(Pledge.donor_id == donor_id)))
