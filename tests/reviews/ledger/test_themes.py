"""Themes are suggested from what is wanting, not from what is praised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.ledger.themes import THEMES, common_themes, suggest_theme

TOLD = [
    ("党建与供水抢修结合得还不够紧，存在两张皮现象", "integration"),
    ("把党的要求同水库调度融合不够", "integration"),
    ("支部工作缺乏创新，多年一个样", "innovation"),
    ("特色不够鲜明，品牌还没有立起来", "innovation"),
    ("理论学习不深不透", "study"),
    ("对新修订条例研读较少", "study"),
    ("抓党建投入的精力偏少", "effort"),
    ("重业务、轻党建的想法还在", "effort"),
    ("三会一课制度执行不严", "rules"),
    ("组织生活记录不规范", "rules"),
    ("等靠要思想还存在，主动谋划不足", "initiative"),
    ("党员带头作用不够", "initiative"),
    ("主题党日形式单一", "form"),
    ("活动载体较少", "form"),
    ("各站所之间抓得不平衡", "uneven"),
    ("四个党小组冷热不均", "uneven"),
]
# The subject is named, and nothing is wanting; or something is wanting of another subject.
NEAR_MISSES = [
    "学习抓得紧，笔记扎实",
    "三会一课制度落实得好",
    "结合防汛开展了三次主题党日",
    "创新做法在全局推广",
    "带头值守，群众认可",
    "形式活泼，青年党员愿意来",
    "办公用房面积不足",
    "食堂饭菜种类偏少",
    "",
]


@pytest.mark.parametrize(("text", "theme"), TOLD)
def test_a_point_suggests_its_theme(text, theme):
    assert suggest_theme(text) == theme


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_praise_and_foreign_wants_suggest_none(text):
    assert suggest_theme(text) == ""


@given(st.text(max_size=600))
def test_any_text_has_a_known_theme_or_none_and_blanks_do_not_count(text):
    theme = suggest_theme(text[:300])

    assert theme == "" or theme in THEMES
    assert suggest_theme(" \n".join(text[:100])) == suggest_theme("".join(text[:100].split()))


@given(st.lists(st.tuples(st.integers(1, 5), st.sampled_from(["", *THEMES])), max_size=30), st.integers(1, 5))
def test_a_common_theme_has_that_many_persons(themes, needed):
    found = common_themes(themes, needed)

    for theme in THEMES:
        persons = {person for person, said in themes if said == theme}
        assert (theme in found) == (len(persons) >= needed and theme != "other")
