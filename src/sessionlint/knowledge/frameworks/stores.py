"""Places that outlive a run or a request, by canonical dotted name."""

from __future__ import annotations

PER_VISITOR = "st.session_state"
"""The store of which each visitor of an application has one."""

STORES: dict[str, str] = {
    "streamlit.session_state": PER_VISITOR,
    "streamlit.runtime.state.session_state": PER_VISITOR,
    "flask.session": "flask.session",
    "quart.session": "quart.session",
}
"""Streamlit's session state lives as long as a browser tab, Flask's session as long as a cookie."""
