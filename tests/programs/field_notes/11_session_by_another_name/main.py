"""The names say nothing: `conn` is the session here, `rows` an instance; what was assigned to them decides."""
# case: outcome=DetachedInstanceError
from models import Base, Sensor
from store import ENGINE, connect


def latest():
    conn = connect()
    try:
        rows = conn.query(Sensor).first()
        conn.commit()
    finally:
        conn.close()
    return rows.place  # expect: SES302


def main():
    Base.metadata.create_all(ENGINE)
    conn = connect()
    try:
        conn.add(Sensor(place="attic"))
        conn.commit()
    finally:
        conn.close()
    print(latest())
