"""Second clicks, stale windows and wrong stages, stage by stage: a clear sentence, and not one row has changed."""

import pytest
from django.utils import timezone

from reviews.ballot.models import SlipBatch
from reviews.demo import texts
from reviews.meeting.models import Turn
from reviews.report.models import Report
from scoring.sealing import new_slip
from tests.journeys import acts, later_acts
from tests.journeys.bureau import FIRST, ONE_PANEL, PLACES, SECOND, Bureau, build_bureau, build_small_bureau
from tests.journeys.papers import PNG
from tests.journeys.unchanged import WRONG_STEP, nothing_changes, refused, refused_from_nowhere
from tests.journeys.visitor import Page, Visitor, upload

NOT_ALLOWED, NOT_FOUND = "您的角色不能查看或办理这件事", "不在您可以查看的范围内"
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_roster_is_not_imported_twice_nor_by_a_stale_trial():
    bureau = build_small_bureau()
    first, second = (acts.upload_roster(bureau, acts.roster(bureau.places)) for _ in range(2))
    bureau.clerk.press("导入", on=first)

    refused(bureau.clerk, "导入", on=second, says="试算以后花名册数据有变化，没有导入任何内容")
    refused(bureau.clerk, "导入", on=first, says="试算以后花名册数据有变化，没有导入任何内容")
    refused(bureau.neighbour, "导入", on=second, says=NOT_FOUND, expect=404)


def test_a_plan_is_published_once_and_no_stale_form_is_obeyed():
    bureau = build_small_bureau()
    acts.import_roster(bureau)
    new = bureau.clerk.open("/campaigns/new/")
    acts.create_campaign(bureau)
    lineup = bureau.clerk.open(f"/campaigns/{bureau.campaign}/reviews/")
    panels = bureau.clerk.open(f"/campaigns/{bureau.campaign}/panels/")
    acts.set_panels(bureau)
    acts.pick_reviews(bureau)
    move = bureau.clerk.open(f"/campaigns/{bureau.campaign}/move/")
    content = bureau.clerk.open(f"/campaigns/{bureau.campaign}/content/")
    bureau.clerk.press("发布活动", on=move)
    keys = lineup.tree.xpath("//input[@name='picked']/@value")

    year, meets_on = bureau.clerk.open(f"/campaigns/{bureau.campaign}/edit/").context["campaign"].year, bureau.meets_on
    refused(bureau.clerk, "建立活动", on=new, says="已有同名活动", year=year, meets_on=f"{meets_on}")
    refused(bureau.clerk, "加入名单", on=lineup, says="已在述职人名单中", picked=keys)
    refused(bureau.clerk, "保存", on=panels, says="内容已被他人修改")
    refused(bureau.clerk, "发布活动", on=move, says="不能重复发布")
    refused(bureau.clerk, "保存", on=content, says="考核内容不能再修改")
    for stage in ("ballot", "grading", "rectifying", "nonsense"):
        refused_from_nowhere(bureau.clerk, move.url, {"to": stage}, says="没有说明要进入哪个阶段")
    refused_from_nowhere(bureau.clerk, move.url, {"to": "closed"}, says="不能进入“归档”阶段")
    refused_from_nowhere(bureau.clerk, move.url, {"to": "planning", "reason": " "}, says="须写明原因")


def test_a_report_is_handed_in_once_and_two_windows_do_not_overwrite_each_other():
    bureau = build_small_bureau()
    acts.plan(bureau)
    secretary, written = bureau.secretaries[FIRST], acts.report_of(bureau, FIRST)
    early, late = (acts.open_own_report(bureau, FIRST) for _ in range(2))
    parts = secretary_with_parts(bureau)
    saved = secretary.press("保存", on=early, **written | {"plans": "先写一句打算。"})

    # The second text is kept beside the first, and the trail says so.
    set_aside = frozenset({"reviews.ReportVersion", "organizations.Trace", "organizations.TrailHead"})
    with nothing_changes(but=set_aside):
        both = secretary.press(
            "保存", on=late, expect=WRONG_STEP, **secretary.token() | written | {"plans": "另一份打算"}
        )
    assert "已在别处保存过" in both.text
    assert "另一份打算" in both.tree.xpath("string(//textarea[@name='plans'])")
    refused(secretary, "提交审核", on=late, says="已在别处保存过", **written | {"plans": "另一份打算"})
    refused(secretary, "采用到草稿", on=parts, says="已在别处保存过")

    secretary.press("提交审核", on=saved, **written)

    refused(secretary, "提交审核", on=saved, says="报告已提交，正在审核，不能修改")
    refused(secretary, "保存", on=saved, says="报告已提交，正在审核，不能修改", plans="再改一点")
    refused(secretary, "采用到草稿", on=parts, says="报告已提交，正在审核，不能修改")
    with nothing_changes():
        autosave = saved.tree.xpath("//form/@data-autosave")[0]
        assert secretary.forge(autosave, written | {"edition": "1", "plans": "迟到的自动保存"}) == 409


def secretary_with_parts(bureau: Bureau) -> Page:
    """A Word file split into parts that wait to be taken."""
    secretary, review = bureau.secretaries[FIRST], bureau.review(FIRST)
    secretary.open(f"/reports/of/{review.pk}/upload/")
    return secretary.press("分成各部分", file=upload("述职报告.docx", acts.report_docx(bureau.place(review))))


def test_a_verdict_falls_once_on_the_version_that_was_read():
    bureau = build_small_bureau()
    acts.plan(bureau)
    acts.submit_all(bureau)
    report = Report.objects.get(review=bureau.review(FIRST))
    first = bureau.vetter.open(f"/reports/{report.pk}/vet/")
    bureau.vetter.press("退回修改", on=first, opinion="请写具体。")

    refused(bureau.vetter, "通过", on=first, says="现在是“退回修改”，不在待审核之列")

    acts.write_and_submit(bureau, FIRST)

    refused(bureau.vetter, "通过", on=first, says="述职人已提交第")

    second = bureau.vetter.open(f"/reports/{report.pk}/vet/")
    bureau.vetter.press("通过", on=second)

    refused(bureau.vetter, "退回修改", on=second, says="现在是“审核通过”", opinion="再看一遍。")
    refused(bureau.secretaries[FIRST], "通过", on=second, says=NOT_ALLOWED, expect=403)


def test_comments_are_not_overwritten_and_a_script_is_saved_whole_or_not_at_all():
    bureau = build_small_bureau()
    acts.run_to_reports(bureau)
    review = bureau.review(FIRST)
    address = f"/meetings/reviews/{review.pk}/comment/"
    early, late = (bureau.leader.open(address) for _ in range(2))
    said = texts.comment_of(bureau.place(review), 2026)
    script = acts.paste_script(bureau, [FIRST, SECOND])
    bureau.leader.press("提交，点评下一位", on=early, **said)
    bureau.clerk.press("全部保存", on=script)

    refused(
        bureau.leader, "提交，点评下一位", on=late, says="在别处已有更新的内容，没有覆盖", weaknesses="一是另有看法。"
    )
    refused(bureau.clerk, "全部保存", on=script, says="还没有保存任何一条")
    refused(bureau.secretaries[FIRST], "提交，点评下一位", on=late, says=NOT_ALLOWED, expect=403, **said)


def test_the_floor_obeys_the_window_that_shows_the_truth():
    bureau = build_bureau(PLACES[6:9], ONE_PANEL)
    acts.run_to_reports(bureau)
    console = f"/meetings/{bureau.campaign}/"
    before = bureau.clerk.open(console)
    acts.open_meeting(bureau)
    opened = bureau.clerk.page
    order = bureau.clerk.open(f"{console}order/")
    turns = list(Turn.objects.order_by("order"))
    places = dict(zip([f"place_{turn.pk}" for turn in turns], ["3", "1", "2"], strict=True))

    refused(bureau.clerk, "召开评议会", on=before, says="述职报告”阶段完成后召开")
    refused(bureau.clerk, "结束评议会", on=opened, says="还有 3 人没有述职完毕")

    speaking = bureau.clerk.press("开始述职", on=opened)

    refused(bureau.clerk, "开始述职", on=opened, says="本次点击没有生效，请按最新状态操作")
    refused(bureau.clerk, "按编号保存顺序", on=order, says="顺序或状态已被改动", **places)
    refused(bureau.clerk, "登记实到人数", on=opened, says="实到不能是 6 人", **{present_field(opened): "6"})

    bureau.clerk.press("结束，请下一位", on=speaking)

    refused(bureau.clerk, "结束，请下一位", on=speaking, says="本次点击没有生效")
    refused_from_nowhere(bureau.clerk, f"/meetings/turns/{turns[2].pk}/", {"act": "dance"}, says="不在可用的选项中")
    refused(bureau.leader, "结束，请下一位", on=speaking, says=NOT_ALLOWED, expect=403)

    while any("结束述职" in words for words in bureau.clerk.open(console).buttons()):
        next_one = [words for words in bureau.clerk.page.buttons() if words.startswith("结束，请下一位")]
        bureau.clerk.press(next_one[0] if next_one else "结束述职")
    done = bureau.clerk.open(console)
    bureau.clerk.press("结束评议会", on=done)

    refused(bureau.clerk, "结束评议会", on=done, says="评议会已结束，不能再操作")
    refused(bureau.clerk, "登记实到人数", on=done, says="实到不能是 6 人", **{present_field(done): "6"})


def present_field(page: Page) -> str:
    return page.tree.xpath("//input[starts-with(@name, 'present_')]/@name")[0]


def test_the_box_is_made_ready_step_by_step_each_step_once():
    bureau = build_small_bureau()
    acts.run_to_reports(bureau)
    prepare = f"/ballots/{bureau.campaign}/prepare/"
    refused_from_nowhere(bureau.clerk, prepare, {"spare_A": "0"}, says="进入评议会后才能准备测评")
    acts.hold_meeting(bureau)
    console = bureau.clerk.open(f"/ballots/{bureau.campaign}/")
    later_acts.prepare_ballot(bureau)
    page, address = bureau.clerk.open(later_acts.round_page(bureau)), later_acts.round_page(bureau)

    refused(bureau.clerk, "准备正式测评", on=console, says="已有一轮有效的测评")
    refused_from_nowhere(bureau.clerk, f"{address}open/", says="请勾选“已知晓”")
    refused_from_nowhere(bureau.clerk, f"{address}open/", {"knows_loss": "1"}, says="还没有生成开箱码")
    refused_from_nowhere(bureau.supervisor, f"{address}cosign/", says="没有等待会签的测评码申请")
    refused_from_nowhere(bureau.clerk, f"{address}close/", says="只有投票中时才能这样做")

    bureau.clerk.press("申请制作测评码", on=page)
    batch = SlipBatch.objects.get(round=bureau.round)

    refused(bureau.clerk, "申请制作测评码", on=page, says="都已申请过测评码")
    refused_from_nowhere(bureau.clerk, f"/ballots/batch/{batch.pk}/print/", says="会签后才能印制")

    to_cosign = bureau.supervisor.open(address)
    bureau.supervisor.press("会签以上张数", on=to_cosign)
    to_print = bureau.clerk.open(address)
    later_acts.print_slips(bureau)

    refused(bureau.supervisor, "会签以上张数", on=to_cosign, says="没有等待会签的测评码申请")
    refused(bureau.clerk, "印制", on=to_print, says="已经印制", within=f"/batch/{batch.pk}/")
    refused_from_nowhere(bureau.clerk, f"{address}open/", says="开箱码")

    later_acts.make_keys(bureau)
    to_open = bureau.clerk.open(address)
    bureau.clerk.press("开始测评", on=to_open, knows_loss="1")

    refused(bureau.clerk, "开始测评", on=to_open, says="只有已锁定时才能这样做", knows_loss="1")
    refused(bureau.clerk, "生成开箱码", on=page, says="开箱码已经生成，只显示一次")
    refused(bureau.clerk, "清除这一轮", on=to_open, says="不能删除")
    refused_from_nowhere(bureau.clerk, f"/ballots/batch/{batch.pk}/take-back/", says="只有已锁定时才能这样做")
    refused(bureau.clerk, "准备正式测评", on=console, says="已有一轮有效的测评")


def test_a_ballot_is_cast_once_whole_and_before_the_close():
    bureau = build_small_bureau()
    acts.run_to_meeting(bureau)
    later_acts.ready_to_vote(bureau)
    marks = {"mark-1": "4", "mark-2": "3"}
    slip, other = bureau.slips[0], bureau.slips[1]
    late = Visitor()
    late.open("/b/")
    sheet = late.press("打开测评表", slip=other)
    later_acts.vote_by_form(slip, marks)
    cast = {"slip": other, "code": new_slip(), **marks}

    refused_from_nowhere(late, "/b/cast/", cast | {"slip": slip}, says="测评码已使用")
    with nothing_changes(but=frozenset({"scoring.Lid"})):  # a guess is counted, without saying whose (A8)
        told = late.send("/b/cast/", cast | {"slip": new_slip()} | late.token(), expect=WRONG_STEP)
    assert "测评码无效" in told.text
    refused_from_nowhere(late, "/b/cast/", cast | {"mark-2": "5"}, says="测评表内容与本次测评不符")
    refused_from_nowhere(late, "/b/cast/", cast | {"mark-3": "4"}, says="测评表内容与本次测评不符")
    refused_from_nowhere(late, "/b/cast/", cast | {"code": "short"}, says="页面已过期，请重新扫码")
    refused_from_nowhere(
        bureau.custodian, f"{later_acts.round_page(bureau)}unseal/", codes_of(bureau), says="只有已封箱时才能开箱"
    )

    to_close = bureau.clerk.open(later_acts.round_page(bureau))
    bureau.clerk.press("封箱", on=to_close)

    refused(late, "提交测评", on=sheet, says="票箱已封，不能再投票", **marks)
    refused(bureau.clerk, "封箱", on=to_close, says="只有投票中时才能这样做")


def codes_of(bureau: Bureau) -> dict[str, str]:
    return {"first": bureau.codes[0], "second": bureau.codes[1]}


def test_a_box_is_opened_once_and_its_vote_stands():
    bureau = build_small_bureau()
    acts.run_to_meeting(bureau)
    later_acts.ready_to_vote(bureau)
    later_acts.vote(bureau)
    refused_from_nowhere(bureau.clerk, f"/grades/{bureau.campaign}/suggest/", says="只有“评定”阶段才能这样做")
    later_acts.close_voting(bureau)
    custodian = bureau.custodian.open(f"{later_acts.round_page(bureau)}opening/")
    clerk = bureau.clerk.open(later_acts.round_page(bureau))
    bureau.custodian.press("用这两份开箱计票", on=custodian, **codes_of(bureau))

    refused(bureau.custodian, "用这两份开箱计票", on=custodian, says="只有已封箱时才能开箱", **codes_of(bureau))
    refused(bureau.clerk, "宣布本轮无效", on=clerk, says="不能再宣布无效", reason="后悔了")
    refused_from_nowhere(bureau.clerk, f"/meetings/{bureau.campaign}/end/", says="评议会已结束，不能再操作")
    comment = f"/meetings/reviews/{bureau.review(FIRST).pk}/comment/"
    late = {"weaknesses": "一是事后补的。", "edition": "1", "draft_edition": "0"}
    refused_from_nowhere(bureau.leader, comment, late, says="已有点评不再改动")


def test_grades_are_proposed_approved_and_sent_in_this_order_each_once():
    bureau = build_small_bureau()
    acts.run_to_meeting(bureau)
    later_acts.hold_ballot(bureau)
    table, letters = f"/grades/{bureau.campaign}/", f"/grades/{bureau.campaign}/letters/"
    day = {"rectify_by": f"{timezone.localdate() + timezone.timedelta(days=20)}"}

    refused_from_nowhere(bureau.head, f"{table}approve/", {"seen": ""}, says="没有提出等次")
    refused_from_nowhere(bureau.clerk, letters, day, says="批准后才能发出反馈函")
    refused_from_nowhere(bureau.clerk, f"/documents/{bureau.campaign}/grade_sheet/", says="暂不能生成")
    refused_from_nowhere(bureau.clerk, f"/documents/{bureau.campaign}/diploma/", says="没有这种材料")

    later_acts.suggest(bureau)
    fields = later_acts.decision(bureau)
    proposing = bureau.clerk.open(table)
    bureau.clerk.press("提出等次", on=proposing, **fields)
    look = bureau.head.open(f"{table}approve/")
    raised = {f"{bureau.review(FIRST).pk}-grade": "AVERAGE", f"{bureau.review(FIRST).pk}-reason": "经集体研究确定。"}
    bureau.clerk.press("提出等次", on=proposing, **fields | raised)

    refused(bureau.head, "全部批准", on=look, says="有改动，请重新核对")

    look = bureau.head.open(f"{table}approve/")
    bureau.head.press("全部批准", on=look)

    refused(bureau.head, "全部批准", on=look, says="已经研究批准")
    refused(bureau.clerk, "提出等次", on=proposing, says="已经研究批准", **fields)
    refused_from_nowhere(bureau.clerk, f"{table}suggest/", says="已经研究批准")
    fact = {"code": "ACCOUNTABILITY", "evidence": "迟到的文件"}
    refused_from_nowhere(bureau.clerk, f"/grades/review/{bureau.review(FIRST).pk}/fact/", fact, says="已经研究批准")

    sending = bureau.clerk.open(letters)
    refused(bureau.clerk, "发出反馈函", on=sending, says="的点评主持人还没有放行，不能反馈", **day)
    acts.release_comments(bureau)
    bureau.clerk.press("发出反馈函", on=sending, **day)
    letter = bureau.secretaries[FIRST].open(f"/grades/review/{bureau.review(FIRST).pk}/letter/")
    bureau.secretaries[FIRST].press("签收", on=letter)

    refused(bureau.clerk, "发出反馈函", on=sending, says="只有“评定”阶段才能这样做", **day)
    refused(bureau.secretaries[FIRST], "签收", on=letter, says="已经签收过")
    refused(bureau.secretaries[SECOND], "签收", on=letter, says=NOT_FOUND, expect=404)


def test_a_problem_goes_its_way_one_step_at_a_time():
    bureau = build_small_bureau()
    acts.run_to_meeting(bureau)
    later_acts.hold_ballot(bureau)
    later_acts.settle(bureau)
    secretary, line = bureau.secretaries[FIRST], f"/ledger/{later_acts.own_problem(bureau, FIRST).pk}/"
    claiming = secretary.open(f"{line}claim/")
    promise = later_acts.MEASURES | {"due_on": f"{timezone.localdate() + timezone.timedelta(days=20)}"}

    refused_from_nowhere(secretary, f"{line}progress/", {"text": "已做"}, says="不能报告进展")
    refused(secretary, "认领", on=claiming, says="整改时限应在", **promise | {"due_on": "2020-01-01"})

    secretary.press("认领", on=claiming, **promise)

    refused(secretary, "认领", on=claiming, says="页面打开之后，这个问题已经有了新的变化", **promise)
    refused_from_nowhere(secretary, f"{line}closing/", {"words": "已改"}, says="还没有整改进展")

    reporting = secretary.open(f"{line}progress/")
    later_acts.report_progress(bureau, FIRST, PNG)

    refused(secretary, "记入台账", on=reporting, says="页面打开之后，这个问题已经有了新的变化", text="再报一次")

    later_acts.request_closing(bureau, FIRST)
    judging, other = bureau.clerk.open(f"{line}judge/"), bureau.head.open(f"{line}judge/")

    refused(secretary, "确定", on=judging, says=NOT_ALLOWED, expect=403, verdict="accept")

    bureau.clerk.press("确定", on=judging, verdict="return", words="照片看不清。")

    refused(bureau.head, "确定", on=other, says="不能同意销号", verdict="accept")

    later_acts.report_progress(bureau, FIRST, PNG)
    later_acts.request_closing(bureau, FIRST)

    refused(bureau.head, "确定", on=other, says="页面打开之后", verdict="accept")

    later_acts.accept_closing(bureau, FIRST)

    refused_from_nowhere(secretary, f"{line}progress/", {"text": "补一笔"}, says="不能报告进展")
    refused_from_nowhere(bureau.clerk, f"{line}withdraw/", {"reason": "不要了"}, says="不能撤回问题")
