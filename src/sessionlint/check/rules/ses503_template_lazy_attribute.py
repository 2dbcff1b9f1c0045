"""SES503 template-lazy-attribute."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.check.user_models import user_models
from sessionlint.knowledge.sqlalchemy.options import EAGER_LAZY_VALUES, LOADED_LAZY_VALUES
from sessionlint.link import Program
from sessionlint.solve import Events


class TemplateLazyAttribute(Rule):
    """A Jinja template reads a relationship on `current_user` directly.

    ## What it does
    Reports `current_user.orders` in a template, where `orders` is a relationship of the model that the user loader returns (or of the one
    mapped class with Flask-Login's `UserMixin`) and is not loaded with every query. Other names for the user are set by
    `sessions.user-names`.

    ## Why is this bad?
    Whether it works is decided elsewhere: by the user loader, and by every view and handler that renders a page with this template in it.
    An error page is rendered after the session is gone, and fails a second time.

    ## How it fails at run time
    A handler that has ended the failed session renders the page once more, for the user whom the request began with:
    ```text
    Traceback (most recent call last):
      File "example.py", line 13, in account
        return render_template_string(PAGE)
      ...
      File "<template>", line 1, in top-level template code
      ...
    sqlalchemy.orm.exc.DetachedInstanceError: Parent instance <User at 0x…> is not bound to a
    Session; lazy load operation of attribute 'orders' cannot proceed (Background on this error at:
    https://sqlalche.me/e/20/bhk3)
    ```

    ## Example
    ```python
    from flask import render_template_string
    from flask_login import LoginManager

    PAGE = "{% for order in current_user.orders %}{{ order.number }} {% endfor %}"  # expect: SES503
    db_session = scoped_session(SessionLocal)
    login_manager = LoginManager()

    @login_manager.user_loader
    def load_user(user_id):
        return db_session.get(User, int(user_id))

    def account():
        return render_template_string(PAGE)
    ```
    Use instead:
    ```python
    from flask import render_template_string
    from flask_login import LoginManager, current_user

    PAGE = "{% for number in numbers %}{{ number }} {% endfor %}"
    db_session = scoped_session(SessionLocal)
    login_manager = LoginManager()

    @login_manager.user_loader
    def load_user(user_id):
        return db_session.get(User, int(user_id))

    def account():
        numbers = db_session.scalars(select(Order.number).where(Order.user_id == current_user.id)).all()
        return render_template_string(PAGE, numbers=numbers)
    ```

    ## Fix safety
    Unsafe: the template reads from what the program provides under `sessions.safe-user-name`, of which it is not known whether it is the
    same user with everything loaded. Without that setting there is no fix: what the page shows belongs into the context that the view
    passes. Templates that bind the name themselves are left alone.

    ## Options
    - `sessions.user-names`: the names by which templates know the user
    - `sessions.safe-user-name`: the name under which templates get the user with everything loaded

    ## What is not reported
    Columns and methods; relationships with an eager `lazy=`; templates that bind the name themselves, and programs whose context processor
    provides it.

    ## References
    - [Flask-Login: how it works](https://flask-login.readthedocs.io/en/latest/#how-it-works)
    - [SQLAlchemy: bhk3](https://sqlalche.me/e/20/bhk3)
    """

    code, name = "SES503", "template-lazy-attribute"
    message_formats = ("the template reads the relationship `{attribute}` of `{name}`",)
    codemods = ("safe-template",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each reading of a relationship of the user."""
        models = user_models(program, events) if program.user_reads else []
        for read in program.user_reads if models else ():
            found = [program.models[model].attributes.get(read.attribute) for model in models]
            attribute = found[0]
            if attribute is None or any(one is None or one.kind != "relationship" or one.lazy in _EAGER for one in found):
                continue
            yield self.finding(
                program,
                read.at,
                self.message_formats[0].format(attribute=attribute.name, name=read.name),
                help=f"let the view pass what the page shows of `{read.attribute}`",
                evidence=f"{read.name}.{read.attribute}",
            )


_EAGER = EAGER_LAZY_VALUES | LOADED_LAZY_VALUES
