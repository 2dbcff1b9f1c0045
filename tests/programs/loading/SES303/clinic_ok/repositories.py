from entities import Visit


class SavingMixin:
    session = None

    async def save(self, *entities):
        self.session.add_all(entities)
        await self.session.flush()
        await self._finish()

    async def _finish(self):
        await self.session.commit()


class VisitRepository(SavingMixin):
    def __init__(self, session):
        self.session = session

    async def by_id(self, pk):
        return await self.session.get(Visit, pk)
