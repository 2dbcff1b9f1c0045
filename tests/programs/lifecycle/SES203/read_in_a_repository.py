"""Repositories of a Streamlit application that help themselves to the session in session_state: by attribute, by item, in a property."""
# case: outcome=static
from __future__ import annotations

import streamlit
from sqlalchemy import Column, Integer, String, select
from sqlalchemy.orm import Session, declarative_base
from streamlit import session_state as state

Base = declarative_base()


class Bike(Base):
    __tablename__ = "bikes"
    id = Column(Integer, primary_key=True)
    colour = Column(String(20))


class Bikes:
    @property
    def session(self) -> Session:
        return streamlit.session_state.database  # expect: SES203

    def colours(self) -> list[str]:
        return list(self.session.scalars(select(Bike.colour)))


def paint(bike_id: int, colour: str) -> None:
    session: Session = state["database"]  # expect: SES203
    session.get(Bike, bike_id).colour = colour
    session.commit()
    state["last_colour"] = colour


def bikes_page() -> None:
    colour = state.get("last_colour", "red")
    streamlit.write(colour, Bikes().colours())
