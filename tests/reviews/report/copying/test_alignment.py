"""Which stretches of one text stand in another."""

from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.report.copying.alignment import SHORTEST, passages
from reviews.report.copying.fingerprints import fingerprints, letters_of

HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 3_000)]
OWN = "今年我围绕供水管网改造办了三件实事。一是跑遍六个泵站听取意见，二是协调财政补齐欠账，三是夜里带队抢修爆管。"
COPIED = (
    "支部利用汛期前的空当，组织党员沿着河堤逐段查看险工险段，把发现的裂缝记在随身的小本子上，回来后当晚开会认领到人。"
)
REST = "群众满意度测评时，我们请社区代表当面打分，分数贴在大厅的公示栏里。"


def found(own, other, common=()):
    letters = letters_of(own)
    runs = {run for text in common for run in fingerprints(letters_of(text).text)}
    hashes = {run.hash for run in runs}
    marks = [(each.at, each.hash not in hashes) for each in fingerprints(letters.text)]
    return passages(letters, letters_of(other), marks)


@given(st.randoms(use_true_random=False), st.integers(SHORTEST, 120), st.integers(0, 60), st.integers(0, 60))
def test_thirty_characters_in_a_row_are_found_wherever_they_stand(random, length, before, after):
    letters = random.sample(HAN, length + before + after + 80)
    copied = "".join(letters[:length])
    own = (
        "".join(letters[length : length + before])
        + copied
        + "".join(letters[length + before : length + before + after])
    )
    other = "".join(letters[-80:-40]) + copied + "".join(letters[-40:])

    (passage,) = found(own + "。", other + "。")

    assert own[passage.start : passage.end] == copied
    assert other[passage.other_start : passage.other_end] == copied


@given(st.randoms(use_true_random=False))
def test_texts_without_anything_in_common_have_no_passage(random):
    letters = random.sample(HAN, 400)

    assert found("".join(letters[:200]) + "。", "".join(letters[200:]) + "。") == []


def test_swapped_synonyms_do_not_hide_a_passage():
    reworded = COPIED.replace("利用", "借助").replace("组织", "开展").replace("发现", "查找")

    (passage,) = found(OWN + reworded + REST, COPIED)

    assert (OWN + reworded + REST)[passage.start : passage.end] == reworded.rstrip("。")


def test_other_words_here_and_there_do_not_hide_a_passage():
    reworded = COPIED.replace("空当", "间隙").replace("小本子", "笔记本").replace("当晚", "第二天")

    (passage,) = found(OWN + reworded, COPIED)

    assert passage.end - passage.start > 40


def test_reordered_clauses_do_not_hide_a_passage():
    clauses = COPIED.rstrip("。").split("，")
    reordered = "，".join([clauses[2], clauses[3], clauses[0], clauses[1]]) + "。"

    pairs = found(OWN + reordered + REST, COPIED)

    covered = {at for pair in pairs for at in range(pair.start, pair.end)}
    assert len(covered) > 0.8 * len(reordered)


def test_sentences_of_the_author_between_copied_ones_are_not_marked():
    second = "我把谈心谈话放在检修现场，边干活边聊，一个季度走完十四个班组，记下来的牢骚比会上的意见实在得多。"
    own = COPIED + OWN + second

    one, two = found(own, COPIED + REST + second)

    assert own[one.start : one.end].rstrip("。") == COPIED.rstrip("。")
    assert own[two.start : two.end].rstrip("。") == second.rstrip("。")


def test_what_everybody_writes_is_no_passage():
    slogan = "扎实推进党支部标准化规范化建设，不断增强基层党组织的政治功能和组织功能，为高质量发展提供坚强保证。"

    assert found(OWN + slogan, slogan + REST) != []
    assert found(OWN + slogan, slogan + REST, common=[slogan]) == []


def test_a_quoted_slogan_is_no_passage():
    quoted = "我常对大家说“空谈误国、实干兴邦，一分部署、九分落实，抓而不紧等于不抓”，这话管用。"

    assert found(quoted, "会上提到“空谈误国、实干兴邦，一分部署、九分落实，抓而不紧等于不抓”一句。") == []


def test_what_agrees_is_told_letter_by_letter():
    reworded = COPIED.replace("空当", "间隙")
    (passage,) = found(reworded, COPIED)

    here = "".join(reworded[start:end] for start, end in passage.same)
    there = "".join(COPIED[start:end] for start, end in passage.other_same)

    assert "间隙" not in here
    assert "空当" not in there
    assert here == there


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.text(max_size=400))
def test_any_two_texts_can_be_compared(own, other):
    for passage in found(own, other):
        assert 0 <= passage.start < passage.end <= len(own)
        assert 0 <= passage.other_start < passage.other_end <= len(other)


def test_a_text_is_found_in_itself_whole():
    text = OWN + COPIED + REST

    pairs = found(text, text)

    covered = {at for pair in pairs for at in range(pair.start, pair.end)}
    assert len(covered) >= len(text) - text.count("。")
