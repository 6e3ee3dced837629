"""锁定的内容: what a box promises before anyone votes, and the small-panel rules (SECURITY S9, S11).

The frozen document is hashed before the box opens; whoever changes a weight, a name or a rule afterwards
changes the hash (I11). ``recount.py`` reads the same document.
"""

from collections.abc import Iterable
from dataclasses import replace

from organizations.errors import Refused
from scoring import merkle, policy
from scoring.exact import plain
from scoring.models import Box, Panel
from scoring.strict import Malformed

FEWEST_IN_A_SECRET_PANEL = 5
FEWEST_FOR_ANY_NUMBER = 5
FEWEST_FOR_A_HISTOGRAM = 10


def complete_policy(box: Box) -> dict:
    """The box's policy with every default filled in. Weights are the panels' own, in the panels' order.

    Raises Refused for a policy that the rules would not read.
    """
    try:
        return policy.to_document(replace(policy.from_document(box.policy), panel_weights=None))
    except Malformed as wrong:
        raise Refused(f"评定规则有误，请修改规则后再锁定。（{wrong}）") from wrong


def terms_of(box: Box, rules: dict) -> dict:
    """The document that is frozen: title, panels, entries and the complete policy."""
    return {
        "title": box.title,
        "is_rehearsal": box.is_rehearsal,
        "panels": [
            {
                "code": panel.code,
                "label": panel.label,
                "weight": plain(panel.weight),
                "eligible": panel.eligible,
                "spare": panel.spare,
                "recusals": panel.recusals,
                "is_secret": panel.is_secret,
            }
            for panel in box.panels.all()
        ],
        "entries": [
            {"number": entry.number, "label": entry.label, "subtitle": entry.subtitle} for entry in box.entries.all()
        ],
        "policy": rules,
    }


def is_unchanged(box: Box) -> bool:
    """True if panels, entries and policy still are what was frozen."""
    return merkle.digest(terms_of(box, box.frozen["policy"])) == merkle.digest(box.frozen) == box.frozen_hash


def check_terms(terms: dict) -> None:
    """Refuse what cannot be voted on fairly and in secret, with the way out."""
    if not terms["entries"]:
        raise Refused("还没有被测评人，不能锁定。请先添加被测评人。")
    if [entry["number"] for entry in terms["entries"]] != list(range(1, len(terms["entries"]) + 1)):
        raise Refused("被测评人的序号须从 1 起连续编排，请先调整顺序。")
    if not terms["panels"]:
        raise Refused("还没有票种，不能锁定。请先设置票种和应到人数。")
    scope = terms["policy"]["forced_poor_scope"]
    codes = [panel["code"] for panel in terms["panels"]]
    if scope.startswith(policy.PANEL) and scope.removeprefix(policy.PANEL) not in codes:
        raise Refused(f"评定规则按票种“{scope.removeprefix(policy.PANEL)}”计算差票，但没有这个票种，请修改规则。")
    small = [p for p in terms["panels"] if p["is_secret"] and p["eligible"] < FEWEST_IN_A_SECRET_PANEL]
    if small:
        names = "、".join(f"{panel['label']}（{panel['eligible']} 人）" for panel in small)
        raise Refused(
            f"无记名票种至少 {FEWEST_IN_A_SECRET_PANEL} 人，{names}人数太少，投票内容会被猜出。"
            "请与其他票种合并，或改为实名并告知投票人。"
        )


def merged(panels: Iterable[dict]) -> dict[str, str]:
    """Which panels are weighted together after the close: panel code -> code of the panel it joins (S9).

    ``panels`` in frozen order, each with ``code``, ``is_secret``, ``returned``. Secret panels with one to
    four ballots are put together; if that still makes fewer than five, the smallest other secret
    panel joins them. The first of them in frozen order lends its place.
    """
    secret = [panel for panel in panels if panel["is_secret"] and panel["returned"]]
    group = [panel for panel in secret if panel["returned"] < FEWEST_FOR_ANY_NUMBER]
    others = [panel for panel in secret if panel["returned"] >= FEWEST_FOR_ANY_NUMBER]
    if group and others and sum(panel["returned"] for panel in group) < FEWEST_FOR_ANY_NUMBER:
        group.append(min(others, key=lambda panel: panel["returned"]))
    codes = {panel["code"] for panel in group}
    in_order = [panel["code"] for panel in secret if panel["code"] in codes]
    return dict.fromkeys(in_order[1:], next(iter(in_order), None))


def groups_of(box: Box) -> dict[str, list[Panel]]:
    """Panels as they are counted after the close: the code that is shown -> its panels.

    Panels that were merged show as one, e.g. ``A+C``, weighted with the sum of their weights.
    """
    panels = list(box.panels.all())
    heads = [panel for panel in panels if panel.merged_into_id is None]
    groups = [[head, *(panel for panel in panels if panel.merged_into_id == head.pk)] for head in heads]
    return {"+".join(panel.code for panel in group): group for group in groups}


def policy_of(box: Box) -> policy.Policy:
    """The frozen policy with the weights of the panels as they are counted, merged ones summed up."""
    groups = groups_of(box)
    rules = dict(box.frozen["policy"])
    rules["panel_weights"] = {code: plain(sum(panel.weight for panel in group)) for code, group in groups.items()}
    for code, group in groups.items():
        if rules["forced_poor_scope"] in [policy.PANEL + panel.code for panel in group]:
            rules["forced_poor_scope"] = policy.PANEL + code
    return policy.from_document(rules)


def hides_counts(box: Box) -> bool:
    """True if a secret panel of a closed box, merged as it is counted, has too few ballots for its counts."""
    return any(
        0 < sum(panel.returned for panel in group) < FEWEST_FOR_A_HISTOGRAM
        for group in groups_of(box).values()
        if any(panel.is_secret for panel in group)
    )


def display_of(ballots: int, *, is_secret: bool = True) -> str:
    """What may be shown of a group of this many ballots: ``hidden``, ``band`` or ``histogram`` (S11).

    ``hidden``: below five, nothing. ``band``: five to nine, the majority grade and that there were
    fewer than ten ballots. ``histogram``: ten and more, all counts. A panel that votes by name shows all.
    """
    if not is_secret or ballots >= FEWEST_FOR_A_HISTOGRAM:
        return "histogram"
    return "band" if ballots >= FEWEST_FOR_ANY_NUMBER else "hidden"
