"""Places that the author was meant to fill in and did not (DOMAIN B11). Pure: only the standard library."""

import re
from collections.abc import Iterator

from reviews.report.checks.findings import Place, merge_places

HAN = r"\u4e00-\u9fff"
LETTER = re.compile(r"[A-Za-zＡ-Ｚａ-ｚ]")
DIGIT = re.compile(r"[0-9０-９]")
CROSS = "xXｘＸ×✕╳"
CROSS_RUN = re.compile(rf"[{CROSS}]+(?:[ 　](?=[{CROSS}])[{CROSS}]+)*")
# Arithmetic and formulas: 3×5, x=2, 1+X, 党建+X.
OPERATORS = set("=＝+＋<>≤≥÷/^")
# Words of which one capital X is a part: X光, X射线, X型支架, X理论.
WORDS_AFTER_X = re.compile(r"[ 　]?(?:光|射线|线|轴|染色体|型|形|因素|理论|世代|证书|档)")
# A cross that is meant: 打×, 画“×”, √或×.
MARKING = re.compile(r"[打画划标]\s*[“\"'‘「（(]?\s*$")
# A mark that is spoken of: “×”字, “X”形.
NAMED_MARK = re.compile(r"(?:字|号|形|型|标|的?记号|的?标记|的?符号|表示)")
TICKS = re.compile(r"[√✓✔○〇]")
MASKED_NUMBER = re.compile(r"(?<!\d)\d{3,6}[xX×*]{4,8}\d{2,4}(?!\d)")
# Bounded, so that a long run of letters costs no more than its length.
ADDRESS = re.compile(
    r"(?<![A-Za-z])[A-Za-z]{2,10}://[!-~]{1,300}|www\.[!-~]{1,300}|(?<![\w.\-])[\w.\-]{1,64}@[A-Za-z0-9.\-]{1,64}",
    re.ASCII,
)

# Why, and what to do.
CROSS_WORDS = ("“{}”是没有填写的占位符。", "请换成实际的名称或数字。")
YEAR_WORDS = ("年份“{}”没有填写完整。", "请写出实际年份。")
MARK_WORDS = ("“{}”是没有填写的占位符。", "请填写或删去。")
ELLIPSIS_WORDS = ("“{}”处的内容没有写出来。", "请补充或删去。")
CHOICE_WORDS = ("“{}”是待选择的选项。", "请只保留适用的一项。")
NOTE_WORDS = ("“{}”表示此处还没有写完。", "请补充。")

YEAR = re.compile(rf"(?<!\d)(?:19|20)\d?[{CROSS}*＊_＿]{{1,4}}\d?[ 　]?年")
COUNTERS = "次个名人项条篇场期份元万亿年月日号届户村件批家处类届余多岁天%％"
STARS = re.compile(rf"[*＊﹡]{{2,}}|(?<=[{HAN}])[*＊﹡](?=[{COUNTERS}])")
BLANKS = re.compile(
    r"[_＿﹍﹎]{2,}|[（(【\[][ 　\t]*[）)】\]]|(?<![\d\S])[ 　\t]{0,8}年[ 　\t]{1,8}月(?:[ 　\t]{1,8}日)?"
    r"|20[ 　\t]{2,8}年|(?<=\d年)[ 　\t]{1,8}月(?:[ 　\t]{0,8}日)?|(?<=月)[ 　\t]{1,8}日(?![\u4e00-\u9fff])"
)
# "有待完善" is plain Chinese; "待完善" alone is a note to oneself.
WORDS = re.compile(
    r"(?<![有亟尚等期])待(?:补充|完善|填写?|核实|统计|确认|更新)(?![A-Za-z])(?=\s*(?:[）)】\]。，；、,;]|$))"
    r"|[（(【\[]\s*(?:有?待|请|此处|这里|需|可)(?:补充|完善|填写?|插入|添加|写明|说明|核实)[^（()）【】\[\]\n]{0,30}[）)】\]]"
    r"|(?<!在)(?:此处|这里)(?:填写?|插入|补充|省略|写|添加)|请(?:在此|在这里|填写具体|补充具体|自行填|自行补充)"
    r"|[（(【\[]\s*(?:数字|具体数字|具体数据|具体内容|具体情况|填数字|人数|姓名|名字|日期|此处略|以下略|内容略|略)\s*[）)】\]]"
    r"|[【\[]\s*(?:单位|单位名称|时间|地点|职务|名称|党组织名称|支部名称)\s*[】\]]"
    r"|(?<![A-Za-z])(?:TODO|TBD|FIXME)(?![A-Za-z])",
    re.MULTILINE,
)
ELLIPSIS = re.compile(r"…+|\.{3,}|。{3,}|·{4,}")
VERB_BEFORE_GAP = re.compile(r"(?:开展|召开|组织|围绕|针对|印发|制定|研究|解决|举办|推进|学习|落实)(?:了)?$")
OPENING, CLOSING = "“‘「『《", "”’」』》"
NUMBERED = re.compile(r"[（(][一二三四五六七八九十\d]{1,3}[)）]$")
REACH = 400  # characters of a line that are looked at on each side
PARTED = re.compile(r"[（(【\[]([^（()）【】\[\]\n/／]{1,30}(?:[/／][^（()）【】\[\]\n/／]{1,30})+)[）)】\]]")
FORM_CHOICES = {("是", "否"), ("有", "无"), ("男", "女"), ("好", "差"), ("同意", "不同意"), ("合格", "不合格")}


def find_placeholders(text: str) -> list[Place]:
    """Every place that was left to fill in, in order, never two for the same letters.

    Runs of x, X and ×, even a single one ("x次"); 20**, **, underscores, blank brackets
    and dates; "待补充" and the like; a "……" that stands for a missing passage; alternatives
    left in brackets, "（A/B/C）". Not 5G, XBRL, TeX, X光, 3×5, 1+X, A/B票, 有待完善, nor an
    ellipsis that ends a quotation or a thought.
    """
    shown = hide(ADDRESS, hide(MASKED_NUMBER, text))
    finders = (find_crosses, find_years, find_stars, find_blanks, find_words, find_gaps, find_choices)
    return merge_places([place for find in finders for place in find(shown)])


def told(match: re.Match[str], words: tuple[str, str], shown: str) -> Place:
    """The place of a match, with why it was found and what to do."""
    why, what = words
    return Place(match.start(), match.end(), why.format(shown), what)


def hide(pattern: re.Pattern[str], text: str) -> str:
    """The text with what the pattern matches blotted out, every other letter in its place."""
    return pattern.sub(lambda match: "\0" * len(match.group()), text)


def find_crosses(text: str) -> Iterator[Place]:
    """Runs of x, X, × that stand for a name or a number."""
    for match in CROSS_RUN.finditer(text):
        if stands_for_something(text, match.start(), match.end()):
            yield told(match, CROSS_WORDS, match.group()[:20])


def stands_for_something(text: str, start: int, end: int) -> bool:
    """Whether the crosses between two offsets are a placeholder: no word, formula, product or tick."""
    run = text[start:end]
    before, after = text[max(0, start - 8) : start], text[end : end + 8]
    left, right = before.rstrip(" 　")[-1:], after.lstrip(" 　")[:1]
    single = len(run) == 1
    if LETTER.match(before[-1:]) or LETTER.match(after[:1]) or {left, right} & OPERATORS:
        return False
    if re.search(r"[A-Za-z]-$", before) or re.match(r"-[A-Za-z]", after):
        return False
    if not single:
        return True
    if DIGIT.match(right) or (left and DIGIT.match(left) and run in "×✕╳"):
        return False
    if run in "×✕╳" and (MARKING.search(before) or TICKS.search(before[-4:] + after[:4])):
        return False
    if before[-1:] in OPENING and after[:1] in CLOSING and NAMED_MARK.match(after[1:]):
        return False
    is_word = WORDS_AFTER_X.match(after) or re.search(r"[A-Za-z0-9] $", before)
    return not (run in "XＸ" and is_word)


def find_years(text: str) -> Iterator[Place]:
    """Years with a gap: 20**年, 202x年, 20__年."""
    for match in YEAR.finditer(text):
        yield told(match, YEAR_WORDS, match.group())


def find_stars(text: str) -> Iterator[Place]:
    """Runs of asterisks, but not a line drawn with them."""
    for match in STARS.finditer(text):
        if not is_whole_line(text, match.start(), match.end()):
            yield told(match, MARK_WORDS, match.group()[:20])


def find_blanks(text: str) -> Iterator[Place]:
    """Underscores, empty brackets and dates without figures, but not a ruled line."""
    for match in BLANKS.finditer(text):
        ruled = match.end() - match.start() >= 10 and is_whole_line(text, match.start(), match.end())
        if not ruled and match.group().strip():
            yield told(match, MARK_WORDS, match.group().strip()[:20])


def find_words(text: str) -> Iterator[Place]:
    """Notes of the author to himself: 待补充, 此处填写, （数字）."""
    for match in WORDS.finditer(text):
        yield told(match, NOTE_WORDS, match.group())


def find_gaps(text: str) -> Iterator[Place]:
    """Ellipses in place of a passage: after a full stop, at the head of a line, after a verb without object."""
    for match in ELLIPSIS.finditer(text):
        before, after = around(text, match.start(), match.end())
        previous = before.rstrip()[-1:]
        left_out = previous in {"", *"。：:；;，,、"} or NUMBERED.search(before) or VERB_BEFORE_GAP.search(before[-6:])
        nothing_else = previous and previous in OPENING and after.lstrip()[:1] in {*CLOSING}
        if nothing_else or (left_out and not is_quoted(before, after)):
            yield told(match, ELLIPSIS_WORDS, match.group()[:12])


def is_quoted(before: str, after: str) -> bool:
    """Whether a place between two pieces of one line lies inside a quotation."""
    if before.count('"') % 2 == 1 and '"' in after:
        return True
    opened, shut = (max(before.rfind(mark) for mark in marks) for marks in (OPENING, CLOSING))
    return opened > shut and any(mark in after for mark in CLOSING)


def find_choices(text: str) -> Iterator[Place]:
    """Alternatives left in brackets, but not units (元/人/年), fractions or terms with figures."""
    for match in PARTED.finditer(text):
        parts = [part.strip() for part in re.split(r"[/／]", match.group(1))]
        if are_alternatives(parts):
            yield told(match, CHOICE_WORDS, match.group())


def are_alternatives(parts: list[str]) -> bool:
    """Whether the parts are words to choose from: single letters, the usual pairs, or Chinese terms."""
    if tuple(parts[:2]) in FORM_CHOICES and len(parts) == 2:
        return True
    if all(re.fullmatch(r"[A-Za-zＡ-Ｚ]", part) for part in parts):
        return [part.upper() for part in parts[:2]] in (["A", "B"], ["Ａ", "Ｂ"], ["X", "Y"])
    if not all(re.fullmatch(rf"[{HAN}、“”（）]+", part) for part in parts):
        return False
    shortest = min(len(part) for part in parts)
    return shortest >= 2 if len(parts) > 2 else shortest >= 4


def is_whole_line(text: str, start: int, end: int) -> bool:
    """Whether nothing but blanks stands beside a place on its line."""
    before, after = around(text, start, end)
    return not before.strip() and not after.strip()


def around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and after a place on the same line, at most ``REACH`` characters each."""
    before = text[max(0, start - REACH) : start].rpartition("\n")[2]
    return before, text[end : end + REACH].partition("\n")[0]
