"""投票间: the index of everything that is done with a box (imports only). The only writers of a box.

Before the vote: ``preparing``. The voter: ``casting``. Turnout, the close: ``closing``. The two codes: ``opening``.
Paper has verbs of its own: ``scoring.paper``. What is read off an opened box: ``scoring.count``.
"""

from scoring.casting import Sheet, cast, is_guessed_at, sheet_for
from scoring.closing import Turnout, close, returned_figures, sheet_figures, turnout, unfinished_paper, void
from scoring.opening import destroy_keys, forgive_wrong_codes, key_of, open_with, unseal
from scoring.preparing import (
    discard_box,
    draft_box,
    freeze,
    issue_paper,
    issue_slips,
    issue_supplement,
    make_keys,
    open_box,
    withdraw_slips,
)
from scoring.sealing import receipt_code, receipt_of
from scoring.terms import display_of

__all__ = [
    "Sheet",
    "Turnout",
    "cast",
    "close",
    "destroy_keys",
    "discard_box",
    "display_of",
    "draft_box",
    "forgive_wrong_codes",
    "freeze",
    "is_guessed_at",
    "issue_paper",
    "issue_slips",
    "issue_supplement",
    "key_of",
    "make_keys",
    "open_box",
    "open_with",
    "receipt_code",
    "receipt_of",
    "returned_figures",
    "sheet_figures",
    "sheet_for",
    "turnout",
    "unfinished_paper",
    "unseal",
    "void",
    "withdraw_slips",
]
