from database import UnitOfWork
from entities import Entry


def import_rows(rows):
    entries = []
    with UnitOfWork() as unit:
        for purpose, amount in rows:
            entry = Entry(purpose=purpose, amount=amount)
            unit.session.add(entry)
            unit.commit()
            entries.append(entry)
    return entries
