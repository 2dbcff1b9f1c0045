from sqlalchemy.orm import Session


class UnitOfWork:
    def __init__(self, engine):
        self.engine = engine
        self.session = None

    def __enter__(self):
        self.session = Session(self.engine)
        return self.session

    def __exit__(self, kind, error, trace):
        try:
            if kind is None:
                self.session.commit()
            else:
                self.session.rollback()
        finally:
            self.session.close()
