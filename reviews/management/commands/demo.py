"""``manage.py demo``: load the invented bureau with one finished campaign and one before its meeting."""

from datetime import date, timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from organizations.models import Organization
from reviews.demo import campaigns, feedback, scores
from reviews.demo.bureau import SECRETARY_ACCOUNT
from reviews.demo.earlier import load_earlier_year
from reviews.demo.people import load_bureau
from reviews.demo.rehearsal import rehearse
from reviews.demo.visits import load_visits
from reviews.models import Campaign

WAITS_FOR_VETTING = "YL-12"
DAYS_TO_MEETING = 8  # reports are due tomorrow


class Command(BaseCommand):
    help = "Load the demo (DEMO=1 only). Called again it changes nothing."

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("演示数据只能在 DEMO=1 时装载，不能装入正式环境。")
        if Organization.objects.exists():
            self.stdout.write("已有数据，未重复装载演示数据。")
            return
        self.stdout.write("装载演示数据……")
        meets_on = timezone.localdate() + timedelta(days=DAYS_TO_MEETING)
        year = (meets_on - timedelta(days=30)).year
        with transaction.atomic():
            bureau = load_bureau()
        load_earlier_year(bureau, year - 2, _year_before(_year_before(meets_on)))
        load_last_year(bureau, year - 1, _year_before(meets_on))
        codes = rehearse(load_this_year(bureau, year, meets_on))
        load_visits(bureau)
        self.stdout.write("演示数据已装载：上年度活动已反馈整改，本年度活动即将召开评议会，演练票箱正在投票。")
        for account, code in zip(("baoguan1", "baoguan2", "baoguan3"), codes, strict=True):
            self.stdout.write(f"演练票箱的开箱码（封箱后由 {account} 自己输入）：{code}")


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


def load_last_year(bureau: Organization, year: int, meets_on: date) -> Campaign:
    """A campaign from roster to half-closed ledger."""
    campaign = campaigns.plan_campaign(bureau, year=year, meets_on=meets_on)
    with transaction.atomic():
        for review, place in campaigns.placed(campaign):
            campaigns.vet(campaigns.hand_in(review, place))
    campaigns.hold_meeting(campaign)
    campaigns.vote(campaign)
    scores.put_confirmed_scores(campaign, on=meets_on - timedelta(days=10))
    campaigns.decide(campaign, decided_on=meets_on + timedelta(days=5))
    campaigns.rectify(campaign)
    feedback.object_once(campaign, decided_on=meets_on + timedelta(days=30))
    feedback.settle_consequences(campaign)
    scores.tell_grades(campaign)
    campaigns.publish(campaign, places=6)
    campaigns.backdate(campaign, (timezone.localdate() - meets_on).days - 15)
    feedback.backdate(campaign, (timezone.localdate() - meets_on).days - 15)
    campaigns.write_minutes(campaign)
    return campaign


def load_this_year(bureau: Organization, year: int, meets_on: date) -> Campaign:
    """Reports handed in: one to be vetted, one returned to the shown secretary, the rest approved; comments begun."""
    campaign = campaigns.plan_campaign(bureau, year=year, meets_on=meets_on)
    campaigns.change_rules(campaign)
    with transaction.atomic():
        for number, (review, place) in enumerate(campaigns.placed(campaign)):
            handed_in = campaigns.hand_in(review, place)
            if place.code == SECRETARY_ACCOUNT[1]:
                opinion = "问题部分还可以再实一些：请补充每个问题对应的具体事例和数据后再报。"
                remark = "缺课的是哪几次、哪个班组？请写具体，并说明怎样补课。"
                campaigns.give_back(handed_in, quote="补课也多是看看笔记", remark=remark, opinion=opinion)
            elif place.code != WAITS_FOR_VETTING:
                campaigns.vet(handed_in)
            if number < 3:
                campaigns.comment(review, place)
    scores.put_scores(campaign, "routine", on=timezone.localdate())
    return campaign
