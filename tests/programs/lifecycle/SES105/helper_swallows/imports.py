from saving import save
from sqlalchemy import func, select
from tables import Seat


def import_seats(session, labels):
    refused = [label for label in labels if not save(session, Seat(label=label))]
    return refused, session.execute(select(func.count(Seat.id))).scalar()
