"""What renders Jinja templates, by canonical name, and the methods by which templates are found and rendered."""

from __future__ import annotations

_FLASK = ("flask", "flask.templating", "quart", "quart.templating")

RENDERERS: dict[str, bool] = {
    f"{module}.{name}{suffix}": suffix == "_string"
    for module in _FLASK
    for name in ("render_template", "stream_template")
    for suffix in ("", "_string")
}
"""Functions that render a template with their keywords, and whether they are given its text rather than its name."""

ENVIRONMENTS = frozenset(
    {
        "jinja2.Environment",
        "jinja2.environment.Environment",
        "jinja2.sandbox.SandboxedEnvironment",
        "jinja2.sandbox.ImmutableSandboxedEnvironment",
        "jinja2.nativetypes.NativeEnvironment",
        "fastapi.templating.Jinja2Templates",
        "starlette.templating.Jinja2Templates",
    }
)
"""Classes whose instances find templates."""

TEMPLATES = frozenset({"jinja2.Template", "jinja2.environment.Template"})
"""Classes that are given a template's text."""

FINDING = frozenset({"get_template", "select_template", "get_or_select_template", "from_string"})
RENDERING = frozenset({"render", "render_async", "stream", "generate", "generate_async"})
RESPONDING = frozenset({"TemplateResponse"})
"""Methods that find a template, that render one, and that do both: Starlette's `TemplateResponse(request, name, context)`, or without a
request in older versions, renders at once (https://www.starlette.io/templates/)."""

WORDS = frozenset(name.rpartition(".")[2] for name in RENDERERS) | FINDING | RESPONDING
"""Names by which to tell a function that renders."""
