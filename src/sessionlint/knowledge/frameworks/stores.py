"""Places that outlive a run or a request, by canonical dotted name."""

from __future__ import annotations

STORES: dict[str, str] = {
    "streamlit.session_state": "st.session_state",
    "streamlit.runtime.state.session_state": "st.session_state",
    "flask.session": "flask.session",
    "quart.session": "quart.session",
}
"""Streamlit's session state lives as long as a browser tab, Flask's session as long as a cookie."""
