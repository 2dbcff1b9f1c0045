import store
from flask import Blueprint, jsonify
from sqlalchemy import select
from store import Mood
from store import with_db_session as in_session

bp = Blueprint("moods", __name__)
LOG = []


@bp.post("/moods/<word>")
@in_session
def add(session, word):
    session.add(Mood(word=word))
    session.commit()
    LOG.append(word)
    return "", 204


@bp.get("/moods")
@store.with_db_session
def moods(session):
    LOG.append("listed")
    return jsonify(session.execute(select(Mood.word)).scalars().all())


@bp.get("/log")
def log():
    return jsonify(len(LOG))
