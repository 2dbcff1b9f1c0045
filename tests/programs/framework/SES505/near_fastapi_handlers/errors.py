from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy.orm import exc


async def detached(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"error": "please reload"}, status_code=503)


def add_handlers(app: FastAPI) -> None:
    app.add_exception_handler(exc.DetachedInstanceError, detached)
