import database
from database import Order
from sqlalchemy import func, select


def pieces():
    session = database.db_manager.get_session()  # expect: SES101
    try:
        return session.execute(select(func.sum(Order.pieces))).scalar()
    finally:
        session.close()


def largest():
    with database.db_manager.get_session() as session:  # expect: SES101
        return session.execute(select(Order.article).order_by(Order.pieces.desc())).scalars().first()
