from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import DetachedInstanceError
from store import Shell, get_db


def create_app() -> FastAPI:
    app = FastAPI(title="shells")  # expect: SES505

    @app.exception_handler(IntegrityError)
    async def clash(request: Request, error: IntegrityError) -> JSONResponse:
        return JSONResponse({"error": "clash"}, status_code=409)

    @app.post("/shells/{name}")
    def add(name: str, db: Session = Depends(get_db)) -> int:
        shell = Shell(name=name)
        db.add(shell)
        db.commit()
        return shell.id

    @app.get("/worn")
    def worn() -> None:
        raise DetachedInstanceError("simulated")

    return app
