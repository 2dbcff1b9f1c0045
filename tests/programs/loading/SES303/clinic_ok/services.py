from repositories import VisitRepository


class Reception:
    def __init__(self, session):
        self.visits = VisitRepository(session)

    async def move(self, pk, room):
        visit = await self.visits.by_id(pk)
        before = visit.summary
        visit.room = room
        await self.visits.save(visit)
        return before, visit.summary
