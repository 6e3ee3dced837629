"""A refused action carries the sentence that the user reads."""


class Refused(Exception):  # noqa: N818 -- the house's word; it is an answer, not a fault
    """What was asked cannot be done now. The text says what, why, and the way out, in Chinese."""
