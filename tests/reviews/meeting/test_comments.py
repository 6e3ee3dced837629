"""Comments become points, points become problems of the ledger; a whole script at once."""

import pytest

from organizations.errors import Refused
from organizations.models import Role, RoleGrant, Trace
from reviews.ledger.models import Problem
from reviews.meeting.actions import (
    ScriptLine,
    Stale,
    comment_on,
    save_draft,
    save_script,
)
from reviews.meeting.models import Comment, CommentDraft
from reviews.plan.models import Stage
from tests.reviews.meeting.looks import TWO, problems_of
from tests.reviews.meeting.scene import set_scene

pytestmark = pytest.mark.django_db


def test_a_comment_is_kept_and_each_point_is_a_noted_problem_with_its_sentence():
    scene = set_scene()
    review = scene.reviews[0]

    comment = comment_on(review, strengths="工作扎实", weaknesses=TWO, edition=0, by=scene.leader)

    assert (comment.edition, comment.by) == (1, scene.leader)
    points = list(comment.points.values_list("number", "text", "problem__state", "problem__origin"))
    assert points == [
        (1, "学习不够深入", "noted", "一是学习不够深入。"),
        (2, "活动形式单一", "noted", "二是活动形式单一。"),
    ]
    assert Problem.objects.filter(source=Problem.Source.SUPERIOR_COMMENT).count() == 2


def test_saving_again_rewords_withdraws_and_adds_without_doubles():
    scene = set_scene()
    review = scene.reviews[0]
    comment_on(review, weaknesses="一是甲不够实。二是乙不够深。三是丙不够活。", edition=0, by=scene.leader)
    kept = Problem.objects.get(text="丙不够活").pk
    reworded = Problem.objects.get(text="甲不够实").pk

    comment_on(review, weaknesses="一是甲还不够实。二是丙不够活。", edition=1, by=scene.leader)

    assert Problem.objects.get(text="丙不够活").pk == kept
    assert Problem.objects.get(pk=reworded).text == "甲还不够实"
    assert Problem.objects.get(pk=reworded).origin == "一是甲还不够实。"
    assert sorted(problems_of(review)) == [("丙不够活", "noted"), ("乙不够深", "withdrawn"), ("甲还不够实", "noted")]
    assert list(Comment.objects.get().points.values_list("number", "text")) == [(1, "甲还不够实"), (2, "丙不够活")]


def test_the_same_comment_saved_again_changes_no_problem():
    scene = set_scene()
    comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.leader)
    before = list(Problem.objects.values_list("pk", "text", "state"))

    comment_on(scene.reviews[0], weaknesses=TWO, edition=1, by=scene.leader)

    assert list(Problem.objects.values_list("pk", "text", "state")) == before


def test_an_emptied_comment_withdraws_its_problems():
    scene = set_scene()
    comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.leader)

    comment_on(scene.reviews[0], strengths="还好", weaknesses="", edition=1, by=scene.leader)

    assert [state for _, state in problems_of(scene.reviews[0])] == ["withdrawn", "withdrawn"]


def test_a_problem_taken_off_the_books_by_hand_stays_off():
    scene = set_scene()
    comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.leader)
    Problem.objects.filter(text="学习不够深入").update(state=Problem.State.WITHDRAWN)

    comment_on(scene.reviews[0], weaknesses=TWO + "三是联系群众不多。", edition=1, by=scene.leader)

    assert dict(problems_of(scene.reviews[0])) == {
        "学习不够深入": "withdrawn",
        "活动形式单一": "noted",
        "联系群众不多": "noted",
    }


def test_two_leaders_comment_on_one_secretary_side_by_side():
    scene = set_scene()

    comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.leader)
    comment_on(scene.reviews[0], weaknesses="一是担当不够。", edition=0, by=scene.deputy)

    assert [text for text, _ in problems_of(scene.reviews[0])] == ["学习不够深入", "活动形式单一", "担当不够"]


def test_a_stale_comment_is_refused_and_carries_the_newer_text():
    scene = set_scene()
    comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.leader)

    with pytest.raises(Stale) as caught:
        comment_on(scene.reviews[0], weaknesses="一是另一个窗口写的。", edition=0, by=scene.leader)

    assert caught.value.current.weaknesses == TWO
    assert Comment.objects.get().weaknesses == TWO


def test_an_empty_comment_is_not_kept():
    scene = set_scene()

    with pytest.raises(Refused, match="点评内容还是空的"):
        comment_on(scene.reviews[0], strengths=" ", edition=0, by=scene.leader)

    assert not Comment.objects.exists()


def test_a_leader_does_not_comment_on_himself():
    scene = set_scene()
    RoleGrant.objects.create(person=scene.reviews[0].secretary, role=Role.LEADER, organization=scene.bureau)

    with pytest.raises(Refused, match="不能点评本人"):
        comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.reviews[0].secretary)


@pytest.mark.parametrize("stage", list(Stage))
def test_comments_are_written_while_they_are_prepared_given_and_voted_over(stage):
    scene = set_scene(stage=stage)
    may = stage in {Stage.REPORTING, Stage.MEETING, Stage.BALLOT}

    try:
        comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.leader)
        said = True
    except Refused as refused:
        said = "点评只能在述职报告、评议会和测评阶段填写" not in str(refused)

    assert said is may
    assert Comment.objects.count() == int(may)


def test_a_comment_typed_for_a_leader_is_his_and_the_trail_names_the_typist():
    scene = set_scene()

    comment = comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.leader, typed_by=scene.organizer)

    line = Trace.objects.get(act="点评")
    assert comment.by == scene.leader
    assert (line.person, line.facts["leader"]) == (scene.organizer, "领导甲")


def test_somebody_who_is_no_organizer_does_not_type_for_a_leader():
    scene = set_scene()

    with pytest.raises(Refused, match="不能代为录入"):
        comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.leader, typed_by=scene.deputy)


def test_a_draft_is_kept_and_no_problem_comes_of_it():
    scene = set_scene()
    words = {"strengths": "", "weaknesses": "一是学", "advice": ""}

    first = save_draft(scene.reviews[0], **words, edition=0, by=scene.leader, typed_by=scene.leader)
    second = save_draft(scene.reviews[0], **words, edition=first.edition, by=scene.leader, typed_by=scene.leader)

    assert (first.edition, second.edition) == (1, 2)
    assert not Comment.objects.exists()
    assert not Problem.objects.exists()


def test_a_draft_of_another_window_is_not_overwritten():
    scene = set_scene()
    words = {"strengths": "", "advice": "", "by": scene.leader, "typed_by": scene.leader}
    save_draft(scene.reviews[0], weaknesses="窗口一", edition=0, **words)
    save_draft(scene.reviews[0], weaknesses="窗口一又改", edition=1, **words)

    with pytest.raises(Stale):
        save_draft(scene.reviews[0], weaknesses="窗口二", edition=1, **words)
    with pytest.raises(Stale):
        save_draft(scene.reviews[0], weaknesses="窗口三", edition=0, **words)

    assert CommentDraft.objects.get().weaknesses == "窗口一又改"


def test_handing_in_removes_the_draft_it_was_typed_over_and_no_newer_one():
    scene = set_scene()
    words = {"strengths": "", "advice": "", "by": scene.leader, "typed_by": scene.leader}
    save_draft(scene.reviews[0], weaknesses="窗口一", edition=0, **words)
    save_draft(scene.reviews[0], weaknesses="窗口二", edition=1, **words)

    with pytest.raises(Stale) as caught:
        comment_on(scene.reviews[0], weaknesses="窗口一", edition=0, draft_edition=1, by=scene.leader)
    assert caught.value.current.weaknesses == "窗口二"
    comment_on(scene.reviews[0], weaknesses="对照改好", edition=0, draft_edition=2, by=scene.leader)

    assert not CommentDraft.objects.exists()


def test_a_script_is_saved_whole_or_not_at_all():
    scene = set_scene()
    lines = [
        ScriptLine(1, scene.reviews[0], scene.leader, TWO),
        ScriptLine(2, scene.reviews[0], scene.leader, "一是重复的一条。"),
    ]

    with pytest.raises(Refused, match="第 1 条和第 2 条都对应林望舒"):
        save_script(scene.campaign, lines, by=scene.organizer)

    assert not Comment.objects.exists()
    assert not Problem.objects.exists()


def test_a_script_replaces_a_comment_only_when_told_to():
    scene = set_scene()
    comment_on(scene.reviews[0], strengths="扎实", weaknesses=TWO, edition=0, by=scene.leader)

    with pytest.raises(Refused, match="第 4 条：领导甲对林望舒已有点评"):
        save_script(scene.campaign, [ScriptLine(4, scene.reviews[0], scene.leader, "一是新的。")], by=scene.organizer)
    save_script(scene.campaign, [ScriptLine(4, scene.reviews[0], scene.leader, "一是新的。", True)], by=scene.organizer)

    comment = Comment.objects.get()
    assert (comment.strengths, comment.weaknesses, comment.edition) == ("扎实", "一是新的。", 2)


def test_an_empty_script_is_refused():
    scene = set_scene()

    with pytest.raises(Refused, match="没有选中任何一条"):
        save_script(scene.campaign, [], by=scene.organizer)
