"""Calls that never return, and calls whose result is never false, by canonical name."""

from __future__ import annotations

from sessionlint.knowledge.words import words

ABORTS = words(
    """
    flask.abort quart.abort bottle.abort werkzeug.exceptions.abort flask_restful.abort flask_restx.abort flask_smorest.abort
    bottle.redirect pytest.fail pytest.skip pytest.exit pytest.xfail
    """
)
"""They raise an `Exception` of their library."""

EXITS = words("sys.exit builtins.exit builtins.quit os._exit os.abort")
"""They end the process: most raise `SystemExit`."""

RESPONSES = words(
    """
    flask.redirect flask.jsonify flask.make_response flask.render_template flask.render_template_string flask.send_file
    flask.send_from_directory flask.url_for flask.Response quart.redirect quart.jsonify quart.make_response
    starlette.responses.Response starlette.responses.JSONResponse starlette.responses.RedirectResponse starlette.responses.HTMLResponse
    fastapi.Response fastapi.responses.Response fastapi.responses.JSONResponse fastapi.responses.RedirectResponse
    fastapi.responses.HTMLResponse fastapi.responses.StreamingResponse django.http.HttpResponse django.http.JsonResponse
    django.shortcuts.redirect django.shortcuts.render aiohttp.web.Response aiohttp.web.json_response werkzeug.utils.redirect
    """
)
"""What a view returns; `if response:` tests for None."""
