"""Who leads what, according to a roster: people found or made, posts begun, changed or ended."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from organizations.models import Appointment, Organization, Person
from organizations.register import Register
from organizations.roster import Category, Position, Row


@dataclass(slots=True, eq=False)
class Post:
    """What a row does to the posts of its organization."""

    row: Row
    person: Person  # unsaved when new
    kept: Appointment | None = None  # the post that stays, with ``changes``
    changes: dict[str, object] = field(default_factory=dict)
    replaced: list[Appointment] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


class PostBook:
    """The posts of one import; one person stands behind one employee code throughout the file."""

    def __init__(self, register: Register):
        self.register = register
        self.posts: dict[int, Post] = {}  # row number -> post
        self.people_by_code = dict(register.people_by_code)
        self.given_codes: dict[int, tuple[Person, str]] = {}

    def words_of(self, row: Row) -> list[str]:
        """What the row changes in people and posts, in Chinese."""
        post = self.posts.get(row.number)
        return post.words if post else []

    def plan_post(self, row: Row, organization: Organization | None) -> None:
        """Find the row's person and compare the post; refuses the row when either cannot be."""
        if not row.secretary or row.is_refused:
            return
        held = self.register.posts.get(organization.pk, []) if organization else []
        person = self._find_person(row, held)
        if person is None:
            return
        if person.pk in self.register.admins:
            row.refuse(Category.CONFLICT, "secretary", f"{person.name}是系统、安全或审计管理员，不能同时担任党内职务。")
            return
        post = Post(row, person)
        self._compare(post, held)
        self.posts[row.number] = post

    def _find_person(self, row: Row, held: list[Appointment]) -> Person | None:
        known = self.people_by_code.get(row.employee_code) if row.employee_code else None
        if known:
            if known.name != row.secretary:
                row.refuse(Category.CONFLICT, "employee_code", f"这个人员编码是{known.name}的，与姓名不一致。")
                return None
            return known
        here = {post.person_id: post.person for post in held if post.person.name == row.secretary}
        if row.employee_code:  # a code not seen before: for somebody here who has none yet, or for somebody new
            here = {key: person for key, person in here.items() if not person.employee_code}
        if len(here) > 1:
            row.refuse(Category.AMBIGUOUS, "secretary", "该党组织有几名同名人员，请填人员编码。")
            return None
        person = next(iter(here.values()), None) or self._new_person(row)
        if row.employee_code:
            self.people_by_code[row.employee_code] = person
            if person.pk:
                self.given_codes[row.number] = (person, row.employee_code)
        return person

    def _new_person(self, row: Row) -> Person:
        if row.secretary in self.register.known_names and not row.employee_code:
            reason = f"系统中另有叫{row.secretary}的人；没有人员编码，按另一人新建。"
            row.remark(Category.NAMESAKE, "secretary", reason)
        self.register.known_names.add(row.secretary)
        return Person(name=row.secretary, employee_code=row.employee_code or None)

    def _compare(self, post: Post, held: list[Appointment]) -> None:
        row, leads = post.row, post.row.position in Appointment.LEADING
        own = [old for old in held if post.person.pk and old.person_id == post.person.pk]
        post.kept = next((old for old in own if old.position == row.position), None)
        if post.kept:
            self._change(post)
        else:
            post.words.append(f"{post.person.name}任{Position(row.position).label}")
        rivals = [old for old in held if leads and old.position in Appointment.LEADING]
        for old in dict.fromkeys([*own, *rivals]):
            gives_way_already = old.ends_on is not None and old.ends_on <= last_day(old, row.starts_on)
            if old is not post.kept and not gives_way_already:
                post.replaced.append(old)
                post.words.append(f"{old.get_position_display()}{old.person.name}免职")
        if row.number in self.given_codes:
            post.words.append(f"{post.person.name}补填人员编码 {row.employee_code}")

    def _change(self, post: Post) -> None:
        old, row = post.kept, post.row
        if row.duty and row.duty != old.duty:
            post.changes["duty"] = row.duty
            post.words.append(f"行政职务：{old.duty or '空'} → {row.duty}")
        if row.starts_on and row.starts_on != old.starts_on:
            if old.ends_on and row.starts_on > old.ends_on:
                row.refuse(Category.CONFLICT, "starts_on", f"任职日期晚于已登记的免职日期 {old.ends_on}。")
                return
            post.changes["starts_on"] = row.starts_on
            post.words.append(f"任职日期：{old.starts_on or '空'} → {row.starts_on}")


def last_day(old: Appointment, new_start: date | None) -> date:
    """The last day of a post that gives way: the day before the new one, never before its own first."""
    last = (new_start or timezone.localdate()) - timedelta(days=1)
    return max(last, old.starts_on) if old.starts_on else last
