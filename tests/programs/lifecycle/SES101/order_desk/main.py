"""Order desk: a service that got the manager through its constructor and a report that imports it; both take sessions by hand."""
# case: outcome=ok
import reports
from database import ENGINE, Base, db_manager
from orders import OrderDesk


def main():
    Base.metadata.create_all(ENGINE)
    desk = OrderDesk(db_manager)
    desk.place("lamp", 2)
    desk.place("chair", 4)
    assert reports.pieces() == 6
    assert reports.largest() == "chair"
    assert ENGINE.pool.checkedout() == 0
