from collections import namedtuple

from database import UnitOfWork
from entities import Entry

Posted = namedtuple("Posted", "id purpose amount")


def import_rows(rows):
    posted = []
    with UnitOfWork() as unit:
        for purpose, amount in rows:
            entry = Entry(purpose=purpose, amount=amount)
            unit.session.add(entry)
            unit.commit()
            posted.append(Posted(entry.id, entry.purpose, entry.amount))
    return posted
