"""The acts of a campaign up to the meeting, each done by pressing what stands on the pages."""

from organizations.models import Organization, Person
from reviews.demo import texts
from reviews.report.models import Report
from tests.journeys.bureau import OWN_PASSWORD, Bureau, number_in
from tests.journeys.papers import YEAR, report_docx, roster, script
from tests.journeys.visitor import Page, Visitor, upload

# --- 筹备 -----------------------------------------------------------------------------------------


def upload_roster(bureau: Bureau, content: bytes) -> Page:
    """The clerk hands a workbook in; ends on its dry run."""
    bureau.clerk.open("/organizations/import/")
    return bureau.clerk.press("上传并试算", file=upload("花名册.xlsx", content))


def import_roster(bureau: Bureau) -> Page:
    """Dry run, then the import."""
    upload_roster(bureau, roster(bureau.places))
    return bureau.clerk.press("导入")


def give_accounts(bureau: Bureau) -> None:
    """The system administrator hands out one-time passwords; every secretary logs in and takes one of his own."""
    for place in bureau.places:
        person = Person.objects.get(appointments__organization__code=place.code)
        bureau.keeper.open(f"/people/{person.pk}/")
        (once,) = bureau.keeper.press("开通账号").all("//dd/code[contains(@class, 'fs-4')]")
        secretary = Visitor().log_in(person.username, once)
        secretary.press("修改密码", old=once, new=OWN_PASSWORD, again=OWN_PASSWORD)
        bureau.secretaries[place.code] = secretary


def create_campaign(bureau: Bureau) -> Page:
    """From the preset; the other days follow the meeting."""
    year = bureau.meets_on.year - (bureau.meets_on.timetuple().tm_yday < 31)
    bureau.clerk.open("/campaigns/new/")
    page = bureau.clerk.press("建立活动", year=year, meets_on=f"{bureau.meets_on}", place="局机关三楼会议室")
    bureau.campaign = number_in(page)
    return page


def set_panels(bureau: Bureau) -> Page:
    """The panels of the plan in place of the preset's; rows that are not needed are emptied."""
    fields = {}
    for row in range(3):
        values = bureau.panels[row] if row < len(bureau.panels) else ("", "", "", "", 0)
        for name, value in zip(("code", "label", "weight", "size", "recusals"), values, strict=True):
            fields[f"panels-{row}-{name}"] = value
    bureau.clerk.open(f"/campaigns/{bureau.campaign}/panels/")
    return bureau.clerk.press("保存", **fields)


def pick_reviews(bureau: Bureau) -> Page:
    """Everybody of the plan, two of them in writing, in the order of the tree."""
    keys = dict(Organization.objects.values_list("code", "pk"))
    modes = {f"mode-{keys[place.code]}": "written" for place in bureau.places if place.is_written}
    bureau.clerk.open(f"/campaigns/{bureau.campaign}/reviews/")
    bureau.clerk.press("加入名单", picked=[str(keys[place.code]) for place in bureau.places], **modes)
    return bureau.clerk.press("按支部排序")


def publish(bureau: Bureau) -> Page:
    bureau.clerk.open(f"/campaigns/{bureau.campaign}/move/")
    return bureau.clerk.press("发布活动")


def plan(bureau: Bureau) -> None:
    """The whole of 筹备 at once."""
    import_roster(bureau)
    give_accounts(bureau)
    create_campaign(bureau)
    set_panels(bureau)
    pick_reviews(bureau)
    publish(bureau)


# --- 述职报告 ---------------------------------------------------------------------------------------


def report_of(bureau: Bureau, code: str) -> dict[str, str]:
    """The sections of a place's report, clean enough to pass the checks."""
    return texts.report_of(bureau.place(bureau.review(code)), YEAR)


def open_own_report(bureau: Bureau, code: str) -> Page:
    """The page on which the secretary of a place writes."""
    return bureau.secretaries[code].open(f"/reports/of/{bureau.review(code).pk}/write/")


def write_and_submit(bureau: Bureau, code: str) -> Page:
    """Write, save, hand in."""
    open_own_report(bureau, code)
    bureau.secretaries[code].press("保存", **report_of(bureau, code))
    return bureau.secretaries[code].press("提交审核")


def upload_and_submit(bureau: Bureau, code: str) -> Page:
    """Bring a Word file, take its parts as they were split, hand in."""
    review, visitor = bureau.review(code), bureau.secretaries[code]
    visitor.open(f"/reports/of/{review.pk}/upload/")
    visitor.press("分成各部分", file=upload("述职报告.docx", report_docx(bureau.place(review))))
    visitor.press("采用到草稿")
    return visitor.press("提交审核")


def submit_all(bureau: Bureau) -> None:
    for place in bureau.places:
        if not Report.objects.filter(review=bureau.review(place.code), state="submitted").exists():
            write_and_submit(bureau, place.code)


def vet(bureau: Bureau, code: str, button: str, **values) -> Page:
    """The vetter opens a report from his list and presses 通过 or 退回修改."""
    report = Report.objects.get(review=bureau.review(code))
    bureau.vetter.open(f"/reports/{report.pk}/vet/")
    return bureau.vetter.press(button, **values)


def approve_all(bureau: Bureau) -> Page:
    """From the list to the last report: after each verdict the page goes on to the next by itself."""
    page = bureau.vetter.open(f"/reports/campaigns/{bureau.campaign}/")
    page = bureau.vetter.open(page.tree.xpath("//tbody//a[contains(@href, '/vet/')]/@href")[0])
    while "通过" in page.buttons():
        page = bureau.vetter.press("通过", opinion="内容完整，问题写得实，同意。")
    return page


# --- 点评与评议会 -----------------------------------------------------------------------------------


def comment(bureau: Bureau, code: str) -> Page:
    """The leader fills in the three boxes."""
    review = bureau.review(code)
    bureau.leader.open(f"/meetings/reviews/{review.pk}/comment/")
    return bureau.leader.press("提交，点评下一位", **texts.comment_of(bureau.place(review), YEAR))


def paste_script(bureau: Bureau, codes: list[str]) -> Page:
    """The clerk pastes what the other leader said of these; ends on the page to correct."""
    places = [bureau.place(bureau.review(code)) for code in codes]
    bureau.clerk.open(f"/meetings/{bureau.campaign}/script/")
    deputy = Person.objects.get(username="deputy")
    return bureau.clerk.press("分条并核对", script=script(places), leader=str(deputy.pk))


def open_meeting(bureau: Bureau) -> Page:
    leader = Person.objects.get(username="leader")
    bureau.clerk.open(f"/meetings/{bureau.campaign}/")
    return bureau.clerk.press("召开评议会", chair=str(leader.pk))


def take_turns(bureau: Bureau) -> Page:
    """Everybody on site speaks, one press each from speaker to speaker."""
    page = bureau.clerk.press("开始述职")
    while any(words.startswith("结束，请下一位") for words in page.buttons()):
        page = bureau.clerk.press("结束，请下一位")
    return bureau.clerk.press("结束述职")


def sign_in(bureau: Bureau) -> Page:
    """Of every panel all have come."""
    page = bureau.clerk.open(f"/meetings/{bureau.campaign}/")
    present = page.tree.xpath("//input[starts-with(@name, 'present_')]/@name")
    sizes = [size for _, _, _, size, _ in bureau.panels]
    return bureau.clerk.press("登记实到人数", **dict(zip(present, sizes, strict=True)))


def end_meeting(bureau: Bureau) -> Page:
    bureau.clerk.open(f"/meetings/{bureau.campaign}/")
    return bureau.clerk.press("结束评议会")


def release_comments(bureau: Bureau) -> Page:
    """The chair lets what was said go to the secretaries."""
    bureau.leader.open(f"/meetings/{bureau.campaign}/comments/")
    return bureau.leader.press("全部放行")


def hold_meeting(bureau: Bureau) -> None:
    """From the opening to the minutes."""
    open_meeting(bureau)
    take_turns(bureau)
    sign_in(bureau)
    end_meeting(bureau)


def run_to_reports(bureau: Bureau) -> None:
    """Planned, written, approved."""
    plan(bureau)
    submit_all(bureau)
    approve_all(bureau)


def run_to_meeting(bureau: Bureau) -> None:
    """Everything up to the minutes: everybody commented on."""
    run_to_reports(bureau)
    for place in bureau.places:
        comment(bureau, place.code)
    hold_meeting(bureau)
