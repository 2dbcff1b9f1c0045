"""SES306 detached-template-context."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.loader_option import loader_option
from sessionlint.check.loading_story import with_loads
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import AttributeRead


class DetachedTemplateContext(Rule):
    """A template is handed an instance and reads of it what is not loaded and cannot be any more.

    ## What it does
    Parses Jinja templates (files, and strings that are rendered) and follows the variables that they are given through loops, filters,
    macros, `set`, includes and `extends`. Reports the call that renders, where the template reads a relationship, a deferred column or an
    expired attribute of an instance whose session has ended, or that belongs to an `AsyncSession`, on which a template cannot wait.

    ## Why is this bad?
    The page fails halfway, at a line that no Python code points to, and only for the rows that get there: an empty list renders.

    ## How it fails at run time
    ```text
    Traceback (most recent call last):
      File "example.py", line 7, in example
        return Template(PAGE).render(user=user)
      ...
      File "<template>", line 1, in top-level template code
      ...
    sqlalchemy.orm.exc.DetachedInstanceError: Parent instance <User at 0x…> is not bound to a
    Session; lazy load operation of attribute 'orders' cannot proceed (Background on this error at:
    https://sqlalche.me/e/20/bhk3)
    ```

    ## Example
    ```python
    from jinja2 import Template

    PAGE = "{% for order in user.orders %}{{ order.number }}{% endfor %}"

    with SessionLocal() as session:
        user = session.get(User, user_id)
    return Template(PAGE).render(user=user)  # expect: SES306
    ```
    Use instead:
    ```python
    from jinja2 import Template

    PAGE = "{% for order in user.orders %}{{ order.number }}{% endfor %}"

    with SessionLocal() as session:
        user = session.get(User, user_id, options=[selectinload(User.orders)])
    return Template(PAGE).render(user=user)
    ```

    ## Fix safety
    Unsafe: `eager-load` adds the option to every query from which the read is reached, so that it loads more for all that use it. The
    objects are the same, and no row comes or goes: collections get `selectinload`, a to-one `joinedload`, or `selectinload` too where the
    query groups, locks or removes duplicates. Left alone are queries that serve several models, that are written in SQL or are part of a
    set operation, attributes that only a subclass has, and queries with other options that the new one would contradict. What is
    expired is left. Rendering inside the scope works as well, and keeps the session open for as long as the page takes.

    ## What is not reported
    Templates that Jinja cannot parse, or that are not part of the project; reads of `current_user` that the template does by itself
    (SES503); what a lazy load under an open session can still fetch; `lazy="raise"`, which is SES305 at the template's line.

    ## References
    - [SQLAlchemy: relationship loading techniques](https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html)
    - [SQLAlchemy: bhk3](https://sqlalche.me/e/20/bhk3), [xd2s](https://sqlalche.me/e/20/xd2s)
    """

    code, name = "SES306", "detached-template-context"
    message_formats = (
        "the template reads `{attribute}` of a detached `{model}`, {why}",
        "the template reads `{attribute}` of an async `{model}`, {why}",
    )
    codemods = ("eager-load",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each call that renders a template which reads in vain."""
        for read in events.of(AttributeRead):
            if read.context == "template":
                yield with_loads(self._finding(program, read), program, [read])

    def _finding(self, program: Program, read: AttributeRead) -> Finding:
        model = program.models[read.model].name
        option = loader_option(program, read) if read.cause != "expired" else ""
        query = read.history.first("query")
        why = {
            "expired": "which is expired",
            "async": "which only an `await` could load",
        }.get(read.cause if read.cause == "expired" else read.status, "which was never loaded")
        message = self.message_formats[0 if read.status == "detached" else 1]
        return self.finding(
            program,
            read.at,
            message.format(attribute=read.path, model=model, why=why),
            function=read.function,
            history=read.history,
            help=f"add `{option}` to the query" if option and query else f"read `{read.path}` before the session ends, and pass the result",
            help_at=query.at if option and query is not None else None,
            evidence=read.path,
        )
