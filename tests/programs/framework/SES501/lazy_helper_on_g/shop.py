from db import Yarn, get_db
from flask import Blueprint, jsonify
from sqlalchemy import select

bp = Blueprint("shop", __name__)


@bp.get("/colours")
def colours():
    return jsonify(get_db().execute(select(Yarn.colour)).scalars().all())
