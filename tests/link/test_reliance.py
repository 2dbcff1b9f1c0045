"""Which files rely on a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessionlint.capture import capture, capture_template
from sessionlint.config import Settings
from sessionlint.facts import decode, encode
from sessionlint.link import link, relying_on
from sessionlint.source import SourceFile

FILES = {
    "models.py": "from base import Base\nfrom sqlalchemy.orm import relationship\nclass User(Base):\n    __tablename__ = 'user'\n"
    "    orders = relationship('Order', backref='user')\n",
    "base.py": "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase):\n    pass\n",
    "orders.py": "from base import Base\nfrom sqlalchemy import Column, ForeignKey\nclass Order(Base):\n    __tablename__ = 'order'\n"
    "    user_id = Column(ForeignKey('user.id'))\n",
    "views.py": "def page():\n    from models import User\n    return render_template('page.html', user=User())\n",
    "package/__init__.py": "from .inner import thing\n",
    "package/inner.py": "thing = 1\n",
    "uses.py": "import package.inner as inner\nif inner:\n    import views\n",
    "alone.py": "x = 'page.txt'\n",
}
TEMPLATES = {
    "templates/page.html": "{% extends 'frame.html' %}{{ user.name }}",
    "templates/frame.html": "<p>{{ user }}{% block b %}{% endblock %}",
}


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("alone.py", set()),
        ("views.py", {"uses.py"}),
        ("base.py", {"models.py", "orders.py", "views.py", "uses.py"}),
        ("orders.py", {"models.py", "views.py", "uses.py"}),
        ("models.py", {"orders.py", "views.py", "uses.py"}),
        ("package/inner.py", {"package/__init__.py", "uses.py"}),
        ("package/__init__.py", {"uses.py"}),
        ("templates/frame.html", {"templates/page.html", "views.py", "uses.py"}),
    ],
)
def test_by_imports_templates_and_relationships(file: str, expected: set[str]) -> None:
    def source(name: str) -> SourceFile:
        module = name.removesuffix(".py").replace("/", ".").removesuffix(".__init__") if name.endswith(".py") else ""
        return SourceFile(Path("/project", name), name, module, True, name.endswith("__init__.py"))

    facts = {name: (source(name), capture(text.encode())) for name, text in FILES.items()}
    templates = {name: (source(name), capture_template(text.encode())) for name, text in TEMPLATES.items()}
    program = link(facts, Settings(root=Path("/project")), templates)
    assert relying_on(program, [file]) == expected | {file}


def test_templates_that_stand_in_strings() -> None:
    sources = {
        "pages.py": 'from jinja2 import DictLoader, Environment\nenv = Environment(loader=DictLoader({"page.txt": "{{ user.name }}"}))\n',
        "views.py": 'def page(env, user):\n    return env.get_template("page.txt").render(user=user)\n',
    }
    facts = {
        name: (SourceFile(Path("/project", name), name, name[:-3], True, False), decode(encode(capture(text.encode()))))
        for name, text in sources.items()
    }
    program = link(facts, Settings(root=Path("/project")))
    assert relying_on(program, ["pages.py"]) == {"pages.py", "views.py"}
