from database import Order


class OrderDesk:
    def __init__(self, db_manager):
        self.db_manager = db_manager

    def place(self, article, pieces):
        db = self.db_manager.get_session()  # expect: SES101
        try:
            db.add(Order(article=article, pieces=pieces))
            db.commit()
        except Exception:
            db.rollback()
            raise
        finally:
            db.close()
