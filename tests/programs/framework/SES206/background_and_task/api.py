import asyncio
from typing import Annotated

import mail
from database import Letter, get_session
from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

app = FastAPI()
DbSession = Annotated[AsyncSession, Depends(get_session)]


@app.post("/letters/{letter_id}/send")
async def send(letter_id: int, session: DbSession, tasks: BackgroundTasks) -> dict[str, int]:
    tasks.add_task(mail.send, letter_id, session=session)  # expect: SES206
    return {"queued": letter_id}


@app.get("/letters/{letter_id}/refresh")
async def refresh(letter_id: int, session: DbSession) -> dict[str, str]:
    task = asyncio.create_task(mail.touch(session, letter_id))  # expect: SES206
    letter = await session.get(Letter, letter_id)
    await task
    return {"reader": letter.reader}
