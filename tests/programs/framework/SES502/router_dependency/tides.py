from database import Tide
from dependencies import DbSession
from fastapi import APIRouter
from sqlalchemy import func, select

router = APIRouter()


@router.get("/{port}")
def highest(port: str, db: DbSession) -> dict[str, float]:
    return {"metres": db.scalar(select(func.max(Tide.metres)).where(Tide.port == port))}
