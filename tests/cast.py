"""The cast: a fixed small town. A bureau with a branch, its superior, a sibling bureau and a foreign one.

Every role stands once at the bureau (``own``); the same person looks at the campaigns of the other places.
"""

from dataclasses import dataclass, field

from organizations.models import Organization, Person, Role
from tests.make import make_officer, make_organization, make_person, make_secretary


@dataclass
class Town:
    """Places by their relation to the bureau, people by their role."""

    places: dict[str, Organization] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)


def build_town() -> Town:
    """own bureau, its parent, child and sibling, and a foreign tree; one person a role, a secretary, a stranger."""
    town = Town()
    parent = make_organization("云岭市委", kind="party_committee")
    own = make_organization("云岭市水务局党组", parent=parent, kind="leading_party_group")
    town.places = {
        "parent": parent,
        "own": own,
        "child": make_organization("供水中心党支部", parent=own),
        "sibling": make_organization("云岭市林业局党组", parent=parent, kind="leading_party_group"),
        "foreign": make_organization("海陵市委", kind="party_committee"),
    }
    for role in Role.values:
        town.people[role] = make_officer(role, own, name=Role(role).label, username=f"cast-{role}")
    town.people["secretary"] = make_secretary(town.places["child"], name="述职书记", username="cast-secretary")
    town.people["stranger"] = make_person("无关人员", username="cast-stranger")
    return town
