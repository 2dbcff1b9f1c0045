"""What a plain name means inside a function."""

# ruff: noqa: E501 -- one program a line
from __future__ import annotations

import pytest

SOURCE = """
import json
from sqlalchemy.orm import Session

Shared = 1
counter = 0

class Service:
    limit = 3

    class Inner: ...

    def run(self, Session):
        import os
        def helper(): ...
        class Local: ...
        if self:
            from sqlalchemy import select as choose
        value = 1
        def nested():
            return value
        return nested

    def other(self):
        return limit

def outer():
    json = {}
    def inner():
        return json
    return inner

def count():
    global counter, made_here
    counter += 1
    made_here = 2

def after():
    get = 1
    def get(): ...
    return get
"""


@pytest.mark.parametrize(
    ("qualname", "name", "expected"),
    [
        ("Service.run", "Session", "nothing"),
        ("Service.run", "os", "external os"),
        ("Service.run", "helper", "function main.py:Service.run.helper"),
        ("Service.run", "Local", "class main.py:Service.run.Local"),
        ("Service.run", "choose", "external sqlalchemy.select"),
        ("Service.run", "value", "nothing"),
        ("Service.run", "self", "nothing"),
        ("Service.run.nested", "value", "nothing"),
        ("Service.run.nested", "helper", "function main.py:Service.run.helper"),
        ("Service.run.nested", "choose", "external sqlalchemy.select"),
        ("Service.other", "limit", "nothing"),
        ("Service.other", "Inner", "nothing"),
        ("Service.other", "Session", "external sqlalchemy.orm.Session"),
        ("Service.other", "Service", "class main.py:Service"),
        ("Service.other", "Shared", "variable main.py:Shared"),
        ("outer.inner", "json", "nothing"),
        ("count", "json", "external json"),
        ("count", "counter", "variable main.py:counter"),
        ("count", "made_here", "variable main.py:made_here"),
        ("after", "made_here", "variable main.py:made_here"),
        ("after", "get", "function main.py:after.get"),
        ("<module>", "Service", "class main.py:Service"),
        ("<module>", "print", "external builtins.print"),
    ],
)
def test_lookup(build, qualname, name, expected):
    program = build(SOURCE)
    assert program.say(program.program.lookup(program.function("main.py", qualname), name)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("class A:\n    class B: ...\ndef f():\n    return A.B", "class main.py:A.B"),
        ("class A:\n    def go(self): ...\nclass B(A): ...\ndef f():\n    return B.go", "function main.py:A.go"),
        ("class User: ...\nclass Repo:\n    model = User\ndef f():\n    return Repo.model", "class main.py:User"),
        ("class A:\n    size = 1\ndef f():\n    return A.size", "nothing"),
        ("from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\ndef f():\n    return db.session", "external flask_sqlalchemy.SQLAlchemy.session"),
        ("from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\ndef f():\n    return db.relationship", "external sqlalchemy.orm.relationship"),
        ("from flask_sqlalchemy import SQLAlchemy\nclass D(SQLAlchemy): ...\ndb = D()\ndef f():\n    return db.Column", "external sqlalchemy.Column"),
        ("from flask import Flask\napp = None\napp = Flask(__name__)\ndef f():\n    return app.route", "external flask.Flask.route"),
        ("class A:\n    def go(self): ...\na = A()\ndef f():\n    return a.go", "nothing"),
        ("import os\nvalue = os.getenv('X')\ndef f():\n    return value.strip", "nothing"),
        ("def f():\n    return g().h", "nothing"),
    ],
)  # fmt: skip
def test_chains(build, source, expected):
    assert build(source).resolved("main.py") == expected


def test_assignments_of_a_variable(build):
    program = build("state: dict = {}\ndef reset():\n    global state\n    state = None\nstate, other = 1, 2\n")
    symbol = program.program.files["main.py"].bindings["state"]
    found = program.program.assignments(symbol)
    assert [(place.index, value is None, annotation is None) for place, value, annotation in found] == [
        (0, False, False),
        (0, True, True),
        (program.function("main.py", "reset").index, False, True),
    ]


def test_the_class_that_makes_a_variable(build):
    program = build("class Manager: ...\nmanager = Manager()\ntwice = Manager()\ntwice = Manager()\nmaybe = None\nmaybe = Manager()\n")
    bindings = program.program.files["main.py"].bindings
    assert {name: program.say(program.program.instance_of(bindings[name])) for name in ("manager", "twice", "maybe")} == {
        "manager": "class main.py:Manager",
        "twice": "nothing",
        "maybe": "class main.py:Manager",
    }


def test_the_order_of_files_does_not_matter(build):
    files = {"a.py": "from b import *\nx = 1\n", "b.py": "from c import y\n", "c.py": "from a import x\ny = x\n"}
    one, other = build(files), build(dict(reversed(files.items())))
    assert {name: module.bindings for name, module in one.program.files.items()} == {
        name: module.bindings for name, module in other.program.files.items()
    }
