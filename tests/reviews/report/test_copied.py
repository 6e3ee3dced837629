"""Copied text in the product: what the index holds, what a report is told, who sees what of whom."""

import pytest
from django.core.management import call_command
from django.utils.html import strip_tags

from organizations.models import Role
from reviews.plan.models import ContentItem, Review, Stage
from reviews.report.actions import Blocked, save_report, vet_report
from reviews.report.copying import index
from reviews.report.copying.models import CommonRun, Fingerprint
from reviews.report.copying.sources import Kind, compare_report, shown_to
from reviews.report.models import Report
from reviews.report.vetting.taking_back import recall_report
from tests.make import make_campaign, make_officer, make_organization, make_review
from tests.reviews.report.pages import at, handed_in
from tests.reviews.report.texts import SECTIONS

pytestmark = pytest.mark.django_db

COPIED = (
    "我们利用汛期前的空当，由我带着七名党员沿着河堤逐段查看险工险段，把看到的裂缝记在随身的小本子上，"
    "回来后当晚开会认领到人，三天内把沙袋和照明灯送到了值守点，入汛以后这几段堤没有出过一次险情。"
)
REWORDED = COPIED.replace("利用", "借助").replace("查看", "看过").replace("裂缝", "裂口")
# Nobody else's words: what each of the reports below says beside the passage.
OWN = [
    "供水管网改造是群众盼了多年的事，我跑财政、跑住建、跑银行，年内把欠账最多的四个小区换了新管。",
    "档案室搬家那个月，我和老同志一起把散落的会议记录按年份装订成册，查一份材料从半天缩短到几分钟。",
    "灌区放水次序年年吵，今年我把各村组长请到闸口现场定了轮灌表，谁家先谁家后当面签字按手印。",
    "技工断档是站上的老难题，我给两名青年工人请了退休老师傅，签了师徒合同，年底都能独立顶班了。",
]
DUTY = "这一年我做的事情不多，一件一件说给大家听，做得不够的地方也请同志们当面指出来，我记下来照着改。"


def different(number, text=""):
    """Sections that share nothing with those of another number but what both are given."""
    own = OWN[number]
    bare = {name: f"{own[at:]}{own[:at]}" for at, name in enumerate(SECTIONS, start=number)}
    return bare | {"duty": own + text}


def easy(campaign):
    """A campaign that asks for no more than the sections, so that short reports can be handed in."""
    campaign.report_limits = campaign.report_limits | {"required": ["duty"], "self_evaluation_chars": 0}
    campaign.save()
    return campaign


@pytest.fixture
def campaign():
    return easy(make_campaign(stage=Stage.REPORTING))


def copy_handed_in(campaign, text=COPIED, number=0):
    """Another secretary's report of the campaign, with a passage."""
    return handed_in(make_review(campaign), **different(number, text))


def comparison_of(review, number=1, text=COPIED):
    report = save_report(review, sections=different(number, text), edition=0, by=review.secretary)
    return compare_report(report, report.sections)


@pytest.mark.parametrize("text", [COPIED, REWORDED], ids=["word for word", "reworded"])
def test_a_passage_of_another_report_is_found_with_both_places(campaign, text):
    other = copy_handed_in(campaign)

    comparison = comparison_of(make_review(campaign), text=text)

    (source,) = comparison.sources
    (passage,) = source.match.passages
    assert source.version.report == other
    assert comparison.text[passage.start : passage.end].rstrip("。") == text.rstrip("。")
    assert source.text[passage.other_start : passage.other_end].rstrip("。") == COPIED.rstrip("。")
    assert comparison.copied_chars == pytest.approx(len(text), abs=1)


def test_a_report_of_its_own_words_has_no_source(campaign):
    copy_handed_in(campaign)

    assert comparison_of(make_review(campaign), text="").sources == []


def test_what_was_never_handed_in_is_not_compared_with(campaign):
    writing = make_review(campaign)
    save_report(writing, sections=different(0, COPIED), edition=0, by=writing.secretary)

    assert comparison_of(make_review(campaign)).sources == []


def test_what_was_taken_back_is_not_compared_with_until_it_is_handed_in_again(campaign):
    other = copy_handed_in(campaign)
    recall_report(other, by=other.review.secretary)
    review = make_review(campaign)
    taken_back = comparison_of(review).sources

    handed_in(other.review, **different(0, COPIED))

    assert taken_back == []
    report = Report.objects.get(review=review)
    assert [each.version.report for each in compare_report(report, report.sections).sources] == [other]


def test_a_report_is_never_a_source_of_itself(campaign):
    report = copy_handed_in(campaign)

    assert compare_report(report, report.sections).sources == []


def test_handing_in_again_replaces_what_was_kept(campaign):
    report = copy_handed_in(campaign)
    vetter = make_officer(Role.VETTER, campaign.organizer)
    vet_report(report, version=report.handed_in.number, verdict="returned", opinion="重写", by=vetter)

    handed_in(report.review, **different(0))

    assert comparison_of(make_review(campaign)).sources == []
    assert set(Fingerprint.objects.values_list("report_id", flat=True)) == {report.pk}


def test_a_deleted_report_leaves_nothing_in_the_index(campaign):
    report = copy_handed_in(campaign)

    Report.objects.filter(pk=report.pk).delete()

    assert not Fingerprint.objects.exists()


def earlier(campaign, years=1, organizer=None):
    """A campaign of an earlier year."""
    return easy(
        make_campaign(organizer or campaign.organizer, stage=Stage.REPORTING, year=campaign.year - years, title="往年")
    )


@pytest.mark.parametrize(
    ("whose", "years", "kind"),
    [
        ("own", 1, Kind.OWN),
        ("own", 3, Kind.OWN),
        ("predecessor", 1, Kind.SAME_UNIT),
        ("other", 0, Kind.SAME_CAMPAIGN),
        ("other", 1, Kind.LAST_YEAR),
        ("other", 2, Kind.ELSEWHERE),
        ("foreign", 0, Kind.ELSEWHERE),
    ],
)
def test_how_the_other_report_stands_to_this_one_is_told(campaign, whose, years, kind):
    review = make_review(campaign)
    there = earlier(campaign, years) if years else campaign
    if whose == "foreign":
        there = easy(make_campaign(make_organization("外县局党组", kind="leading_party_group"), stage=Stage.REPORTING))
    people = {
        "own": {"secretary": review.secretary, "organization": review.organization},
        "predecessor": {"organization": review.organization},
    }
    handed_in(make_review(there, **people.get(whose, {})), **different(0, COPIED))

    (source,) = comparison_of(review).sources

    assert source.kind == kind


def test_what_stands_in_the_own_earlier_report_is_not_counted_as_others(campaign):
    review = make_review(campaign)
    handed_in(make_review(earlier(campaign), secretary=review.secretary), **different(0, COPIED))

    comparison = comparison_of(review)

    assert comparison.copied_chars == 0
    assert comparison.own_chars == pytest.approx(len(COPIED), abs=1)


def test_the_plans_own_wording_and_the_content_items_do_not_count(campaign):
    copy_handed_in(campaign)
    ContentItem.objects.create(campaign=campaign, number=1, text=COPIED)

    assert comparison_of(make_review(campaign)).sources == []


def test_what_more_reports_have_than_may_is_learned_as_everybodys(campaign, monkeypatch):
    monkeypatch.setattr(index, "FEWEST_REPORTS", 2)
    slogan = COPIED
    for number in range(2):
        copy_handed_in(campaign, slogan, number)
    before = comparison_of(make_review(campaign), number=3, text=slogan).sources
    handed_in(make_review(campaign), **different(2, slogan))

    after = comparison_of(make_review(campaign), number=3, text=slogan).sources

    assert len(before) == 2
    assert after == []
    assert CommonRun.objects.exists()


def test_a_phrase_of_many_is_known_again_among_other_words(campaign, monkeypatch):
    monkeypatch.setattr(index, "FEWEST_REPORTS", 2)
    for number in range(3):
        copy_handed_in(campaign, COPIED, number)
    inside = f"说到防汛，{COPIED[:-1]}，这话我在三个会上都讲过。"

    assert comparison_of(make_review(campaign), number=3, text=inside).sources == []


def test_tidying_up_takes_out_the_rows_of_common_runs(campaign, monkeypatch):
    monkeypatch.setattr(index, "FEWEST_REPORTS", 2)
    for number in range(3):
        copy_handed_in(campaign, COPIED, number)
    common = set(CommonRun.objects.values_list("hash", flat=True))
    held = Fingerprint.objects.filter(hash__in=common).count()

    index.tidy_up(reports=3)

    assert held >= 3
    assert not Fingerprint.objects.filter(hash__in=common).exists()
    assert Fingerprint.objects.exists()


def test_the_number_of_reports_that_may_share_a_run_grows_with_their_number():
    assert [index.most_reports(reports) for reports in (0, 18, 5_000, 80_000, 250_000)] == [8, 8, 8, 16, 50]


def test_the_index_made_again_is_the_same(campaign, capsys):
    for number in range(2):
        copy_handed_in(campaign, COPIED, number)
    before = set(Fingerprint.objects.values_list("hash", "report_id"))
    Fingerprint.objects.all().delete()

    call_command("index_reports")

    assert set(Fingerprint.objects.values_list("hash", "report_id")) == before
    assert "2 份" in capsys.readouterr().out


def test_a_version_handed_in_keeps_what_was_copied_without_a_name(campaign):
    other = copy_handed_in(campaign)

    report = handed_in(make_review(campaign), **different(1, COPIED))

    version = report.handed_in
    (mark,) = [each for each in version.findings if each["code"] == "COPIED"]
    assert version.duty[mark["start"] : mark["end"]].rstrip("。") == COPIED.rstrip("。")
    assert "本次活动中的另一份报告雷同" in mark["message"]
    assert str(other.review.organization) not in str(version.findings)
    assert version.figures["copied_chars"] == pytest.approx(len(COPIED), abs=1)


@pytest.mark.parametrize(("share_bp", "is_blocked"), [(0, False), (9_000, False), (500, True)])
def test_only_a_share_above_the_campaigns_limit_stops_the_handing_in(campaign, share_bp, is_blocked):
    copy_handed_in(campaign)
    campaign.report_limits |= {"copied_max_share_bp": share_bp}
    campaign.save()
    review = Review.objects.get(pk=make_review(campaign).pk)

    try:
        handed_in(review, **different(1, COPIED))
        was_blocked = False
    except Blocked as blocked:
        was_blocked = [each.code for each in blocked.outcome.blocking] == ["COPIED"]

    assert was_blocked == is_blocked
    assert Report.objects.filter(review=review, state="submitted").exists() != is_blocked


@pytest.mark.parametrize("limits", [{"off": ["COPIED"]}, {"copied_min_chars": 500}])
def test_a_campaign_that_does_not_ask_is_not_told(campaign, limits):
    copy_handed_in(campaign)
    campaign.report_limits |= limits
    campaign.save()

    report = handed_in(make_review(campaign), **different(1, COPIED))

    assert "COPIED" not in {each["code"] for each in report.handed_in.findings}


def test_who_may_not_read_the_other_report_sees_the_passage_alone(campaign):
    copy_handed_in(campaign)
    review = make_review(campaign)

    (shown,) = shown_to(review.secretary, comparison_of(review))

    assert shown.report is None
    there = "".join(piece.text for pair in shown.pairs for piece in pair.there)
    assert there.rstrip("。") == COPIED.rstrip("。")


def test_a_vetter_sees_whose_report_it_is_and_a_little_around_the_passage(campaign):
    other = copy_handed_in(campaign)
    vetter = make_officer(Role.VETTER, campaign.organizer)

    (shown,) = shown_to(vetter, comparison_of(make_review(campaign)))

    assert shown.report == other
    assert any(piece.is_around for pair in shown.pairs for piece in pair.there)


def test_the_block_shows_both_texts_side_by_side_and_the_share(client, campaign):
    other = copy_handed_in(campaign)
    report = handed_in(make_review(campaign), **different(1, REWORDED))
    client.force_login(make_officer(Role.VETTER, campaign.organizer))

    page = client.get(at("copied", report.pk), headers={"HX-Request": "true"}).content.decode()

    text = strip_tags(page)
    assert "<html" not in page
    assert "逐段看过险工险段，把看到的裂口" in text
    assert "逐段查看险工险段，把看到的裂缝" in text
    assert "占全文" in page
    assert str(other.review.organization) in page
    assert at("read", other.pk) in page


def test_the_author_is_told_while_he_writes_and_reads_no_name(client, campaign):
    other = copy_handed_in(campaign)
    review = make_review(campaign)
    report = save_report(review, sections=different(1, COPIED), edition=0, by=review.secretary)
    client.force_login(review.secretary)

    page = client.get(at("copied", report.pk)).content.decode()

    assert "<html" in page
    assert "本次活动中的另一份报告" in page
    assert str(other.review.organization) not in page
    assert other.review.secretary.name not in page
    assert at("read", other.pk) not in page


def test_nobody_but_its_author_compares_a_draft(client, campaign):
    review = make_review(campaign)
    report = save_report(review, sections=different(1, COPIED), edition=0, by=review.secretary)
    client.force_login(make_officer(Role.VETTER, campaign.organizer))

    assert client.get(at("copied", report.pk)).status_code == 404


@pytest.mark.parametrize("sources", [1, 3])
def test_the_block_costs_the_same_for_one_source_or_three(client, campaign, sources, django_assert_num_queries):
    for number in range(sources):
        copy_handed_in(campaign, COPIED, number)
    report = handed_in(make_review(campaign), **different(3, COPIED))
    client.force_login(make_officer(Role.VETTER, campaign.organizer))
    block = at("copied", report.pk)
    client.get(block)  # the first page after a login also writes the session

    with django_assert_num_queries(13):
        page = client.get(block, headers={"HX-Request": "true"})

    assert page.content.decode().count("copied-source") == sources


def test_a_report_of_every_letter_is_compared_all_the_same(campaign):
    copy_handed_in(campaign)
    review = make_review(campaign)
    long = {name: "".join(chr(0x4E00 + (at * 7919) % 20_000) for at in range(20_000)) for name in SECTIONS}
    report = save_report(review, sections=long, edition=0, by=review.secretary)

    assert compare_report(report, long).sources == []
