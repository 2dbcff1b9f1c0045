import logging

log = logging.getLogger(__name__)


def save(session, row):
    try:
        session.add(row)
        session.commit()
    except Exception:  # expect: SES105
        log.debug("could not save", exc_info=True)
        return False
    return True


def save_or_undo(session, row):
    try:
        session.add(row)
        session.commit()
    except Exception:
        session.rollback()
        return False
    return True
