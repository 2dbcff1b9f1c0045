from sqlalchemy import func, select
from store import Invoice, get_db


def total():
    db = next(get_db())  # expect: SES102
    return db.execute(select(func.sum(Invoice.cents))).scalar()  # allow: SES103
