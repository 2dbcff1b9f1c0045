from typing import Annotated

from database import maker
from fastapi import Depends
from sqlalchemy.orm import Session


async def new_session() -> Session:
    return maker(autoflush=False)  # expect: SES502


DbSession = Annotated[Session, Depends(new_session)]
