"""到会人数要求: how many of those expected must have come before a vote may open (DOMAIN 4.1).

PURE: whole numbers only. The field's rule is "more than half"; a campaign may ask for another share, for "at least"
instead of "more than", and may forbid the vote below it instead of asking for a stated reason.
"""

from dataclasses import dataclass

FIELDS = ("quorum_num", "quorum_den", "quorum_is_strict", "quorum_is_binding")  # as a campaign keeps it


@dataclass(frozen=True, slots=True)
class Quorum:
    """A share of those expected: 1/2 and ``is_strict`` reads "more than half".

    ``is_binding``: below it no vote opens; else one opens with a written reason.
    """

    num: int = 1
    den: int = 2
    is_strict: bool = True
    is_binding: bool = False

    def is_reached(self, present: int, expected: int) -> bool:
        """True if so many present are enough of so many expected. Of nobody expected nobody is missing.

        >>> Quorum().is_reached(10, 20), Quorum().is_reached(11, 20), Quorum(2, 3, False).is_reached(6, 9)
        (False, True, True)
        """
        if not expected:
            return True
        came, asked = present * self.den, expected * self.num
        # More than all cannot come: who asks for "more than 1/1" means all.
        return came > asked if self.is_strict and self.num < self.den else came >= asked

    def needed(self, expected: int) -> int:
        """The fewest present that are enough of so many expected.

        >>> Quorum().needed(20), Quorum(2, 3, False).needed(9), Quorum(2, 3, False).needed(10)
        (11, 6, 7)
        """
        if not expected:
            return 0
        if self.is_strict and self.num < self.den:
            return expected * self.num // self.den + 1
        return -(-expected * self.num // self.den)

    def as_fields(self) -> dict:
        """Its parts under the names that a campaign has for them."""
        return dict(zip(FIELDS, (self.num, self.den, self.is_strict, self.is_binding), strict=True))

    @property
    def words(self) -> str:
        """超过应到人数的1/2, as it stands in a sentence."""
        if self.num == self.den:
            return "达到应到人数"
        share = "半数" if (self.num, self.den) == (1, 2) else f"{self.num}/{self.den}"
        return f"{'超过' if self.is_strict else '不少于'}应到人数的{share}"

    @property
    def sentence(self) -> str:
        """The whole rule, for the page of the plan and the minutes."""
        below = "不得开始测评" if self.is_binding else "须写明理由方可开始测评"
        return f"各票种实到人数须{self.words}；未达到的，{below}。"
