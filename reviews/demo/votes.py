"""Thirty invented ballots over eighteen secretaries: mostly good, one forced down, two at the edge of the quota."""

from collections.abc import Iterator

# 好, 较好, 一般, 差, 弃权 of thirty ballots, by place on the sheet; places not named have USUAL.
USUAL = (24, 5, 1, 0, 0)
SPECIAL = {
    3: (28, 2, 0, 0, 0),
    5: (20, 7, 2, 0, 1),
    8: (17, 8, 1, 3, 1),  # 3 of 29 are 差: 10.34 %, forced down
    10: (18, 9, 3, 0, 0),
    14: (12, 13, 4, 1, 0),
    16: (26, 3, 1, 0, 0),
    18: (22, 8, 0, 0, 0),
}
MARKS = "43210"


def ballots(entries: int, voters: int, *, is_careless: bool = False) -> Iterator[dict[int, str]]:
    """One filled sheet a voter; the columns add up to the figures above. Careless: generous to one, generous to all."""
    columns = []
    for number in range(1, entries + 1):
        column = "".join(mark * votes for mark, votes in zip(MARKS, SPECIAL.get(number, USUAL), strict=True))
        columns.append([column[(voter * 7 + (0 if is_careless else number)) % voters] for voter in range(voters)])
    for voter in range(voters):
        yield {number: columns[number - 1][voter] for number in range(1, entries + 1)}
