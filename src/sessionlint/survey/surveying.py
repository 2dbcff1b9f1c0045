"""A look at a whole program for what its configuration should say. Entry points: `survey`, `unknown_acquirers`."""

from __future__ import annotations

from sessionlint.config import Settings
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import SessionLeaked
from sessionlint.source import Location
from sessionlint.survey.acquirers import propose_acquirers
from sessionlint.survey.closers import propose_closers
from sessionlint.survey.decorators import propose_decorators
from sessionlint.survey.found import Proposal, Survey
from sessionlint.survey.frameworks import described
from sessionlint.survey.looking import Looking
from sessionlint.survey.scopes import propose_scopes
from sessionlint.survey.users import propose_identity_keys, propose_user_names


def survey(program: Program, events: Events, settings: Settings) -> Survey:
    """What the analysis found that settings can name, each with its evidence; nothing is found by how it is called."""
    look = Looking(program, settings.sessions.acquirers)
    acquirers = propose_acquirers(look, _leaks(events))
    proposals = (
        *acquirers,
        *propose_closers(look),
        *propose_identity_keys(look),
        *propose_user_names(look, settings.sessions.user_names),
        *propose_decorators(look),
        *propose_scopes(look, is_sure=any(proposal.is_sure for proposal in acquirers)),
    )
    return Survey(tuple(described(look)), proposals)


def unknown_acquirers(program: Program, events: Events, settings: Settings) -> tuple[Proposal, ...]:
    """What hands out sessions and is no acquirer yet."""
    found = propose_acquirers(Looking(program, settings.sessions.acquirers), _leaks(events), factories=False)
    return tuple(proposal for proposal in found if proposal.is_sure and proposal.value not in settings.sessions.acquirers)


def _leaks(events: Events) -> frozenset[Location]:
    return frozenset(leak.at for leak in events.of(SessionLeaked))
