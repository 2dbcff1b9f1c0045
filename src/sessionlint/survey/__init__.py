"""A program in, proposals for its configuration out: `survey`."""

from sessionlint.survey.found import Proposal, Survey
from sessionlint.survey.surveying import survey, unknown_acquirers

__all__ = ["Proposal", "Survey", "survey", "unknown_acquirers"]
