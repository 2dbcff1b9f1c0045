from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

ENGINE = create_engine("sqlite://")
Session = sessionmaker(ENGINE)


class UnitOfWork:
    def __enter__(self):
        self.session = Session()
        return self

    def __exit__(self, kind, error, trace):
        if kind is not None:
            self.session.rollback()
        self.session.close()

    def commit(self):
        self.session.commit()
