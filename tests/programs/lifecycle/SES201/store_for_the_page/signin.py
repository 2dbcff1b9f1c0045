from sqlalchemy.orm import Session
from streamlit import session_state


def remember(role: str, session: Session) -> None:
    session_state["role"] = role
    session_state[f"{role}_db"] = session  # expect: SES201
