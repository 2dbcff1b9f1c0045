import functools
from functools import lru_cache as remembered

from sqlalchemy import select
from sqlalchemy.orm import Session
from tables import ENGINE, Flag


@functools.lru_cache(maxsize=None)
def settings_session():
    return Session(ENGINE)  # expect: SES205


def load(session):
    return session.execute(select(Flag).order_by(Flag.name)).scalars().all()


@remembered
def flags():
    with Session(ENGINE) as session:
        return load(session)  # expect: SES205


@functools.lru_cache
def is_active(name):
    with Session(ENGINE) as session:
        flag = session.execute(select(Flag).where(Flag.name == name)).scalars().first()
        return flag is not None and flag.active
