"""`db_session` belongs to a wide-column store, `session` to an HTTP client and `session_state` is a dictionary: none is a Session of the ORM."""
# case: outcome=ok
from archive import db_session
from models import ENGINE, Base, Sensor, scope
from web import Client, session_state


def archived(place):
    db_session.commit()
    found = db_session.query(place).first()
    db_session.close()
    return found.readings, found.place


def remember(place):
    session = Client()
    session_state["session"] = session
    session_state["db_session"] = db_session
    with scope() as real:
        session_state["places"] = [sensor.place for sensor in real.query(Sensor)]
    session_state["current_user_id"] = session.get("/me")
    return session_state["places"], session_state["current_user_id"], place in session_state["places"]


def main():
    Base.metadata.create_all(ENGINE)
    with scope() as real:
        real.add(Sensor(place="attic"))
        real.commit()
    assert archived("attic") == ([3, 4], "attic")
    assert remember("attic") == (["attic"], 7, True)
