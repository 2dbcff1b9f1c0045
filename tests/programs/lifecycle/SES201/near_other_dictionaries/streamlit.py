"""Just enough of Streamlit to run the page."""


class State(dict):
    def __getattr__(self, key):
        return self[key]

    def __setattr__(self, key, value):
        self[key] = value


session_state = State()
