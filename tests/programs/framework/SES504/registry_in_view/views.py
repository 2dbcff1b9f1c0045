from flask import Blueprint, jsonify
from sqlalchemy import delete, select
from store import Mood, sessions, with_db_session

bp = Blueprint("moods", __name__)


@bp.get("/moods")
@with_db_session
def moods(db):
    return jsonify(db.execute(select(Mood.word)).scalars().all())


@bp.post("/moods/<word>")
def add(word):  # expect: SES504
    sessions.add(Mood(word=word))
    sessions.commit()
    return "", 204


@bp.delete("/moods")
def clear():  # expect: SES504
    sessions.execute(delete(Mood))
    sessions.commit()
    return "", 204
