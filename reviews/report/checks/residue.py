"""What download sites leave in a text: advertisements, contacts, notices and marks of a pay wall (DOMAIN B12).

Pure: only the standard library. The sites write noise between the letters so that a plain
search misses them; here the noise is taken out first, and the kinds of sentences are
looked for, never the name of one site.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from reviews.report.checks.findings import Place, merge_places

NOISE = set("&*~^%#@$|\\/_+=-·•¨ˉ`\u00ad\u034f\u061c\u180e\u2060\ufeff")
ZERO_WIDTH = range(0x200B, 0x2010)
DIRECTION_MARKS = range(0x202A, 0x202F)

# Things that are sold, and the kinds of places that sell them.
GOODS = r"(?:素材|资料|文章|范文|材料|模板|文档|公文|文稿|稿件|文件|内容|资源|课件|讲稿|心得|总结|报告|ppt|word)"
SITE = (
    r"(?:文库|文秘|范文|素材网|素材库|公文网|公文库|资料网|资料库|资源网|资源库|网站|网盘|之家|驿站|笔杆子|秘书网|写作网|下载站"
    r"|下载网|党建网|材料网|文档网|学习网|公众号|小程序|书屋|com|cn|net|网(?![络格上友点民信]))"
)
HEAD = r"(?<![让使为将把供享给有])(?<!提供)(?<!分享)"
UNLESS_MARK = r"[^。，；！？、\n】\]）)“”]"
LET_OUT = r"(?:外传|外泄|转载|倒卖|传播|转发|商用|转卖)"
# A report may say that papers must not be let out; a notice stands alone.
LET_OUT_BEFORE = r"(?<![一-龥])(?:会员|vip|内部|本站|精品|付费)?"
KINDS = [
    (
        "下载网站的广告",
        [
            rf"{HEAD}更多{UNLESS_MARK}{{0,8}}{GOODS}{UNLESS_MARK}{{0,6}}"
            rf"(?:搜索|搜|百度|关注|访问|登[录陆]|下载|加入|扫码|点击|尽在|添加|联系|就[上来到]|请[上到来]){UNLESS_MARK}{{0,14}}{SITE}",
            rf"{HEAD}更多{UNLESS_MARK}{{0,8}}{GOODS}(?:[，,：:])?(?:请|欢迎|可|尽|就)?(?:搜索|百度|关注|访问|登[录陆]|尽在|认准)"
            rf"[：:“]?{UNLESS_MARK}{{2,14}}(?=[】\]）)”\n]|$)",
            rf"(?:百度|搜狗|浏览器)?(?:一下)?(?:搜索|搜一搜)[：:“]?{UNLESS_MARK}{{1,8}}(?:文库|范文网|素材网|公文网|文秘网|资料网|材料网|写作网)",
            rf"{GOODS}(?:尽在|认准|首选){UNLESS_MARK}{{1,12}}{SITE}",
            rf"本(?:文|资料|文档|范文|素材|文件)(?:来源于?|来自于?|由|摘自|转载自|转自|下载自|出自)[：:“]?{UNLESS_MARK}{{1,16}}"
            rf"(?:文库|文秘|范文|网|公众号|站|com|cn|整理|收集|搜集|提供|发布|下载)",
            rf"(?:文库|范文网|文秘网|公文网|素材网|资料网|材料网|写作网){UNLESS_MARK}{{0,3}}"
            rf"(?:下载|整理|收集|搜集|原创|独家|版权|为[您你](?:整理|提供)?|小编(?:为您)?(?:整理)?|编辑整理|提供更多)",
            rf"(?:下载|更多|范文|素材|文库|模板|转载|出处){UNLESS_MARK}{{0,10}}(?:https?[：:]?|www\.)[a-z0-9.\-]{{3,60}}",
            r"(?:点击|扫码|扫描|长按|回复关键词?)[^。；\n]{0,10}(?:下载|获取|领取)(?:全文|原文|完整版|素材|模板|范文|文档|word版?|电子版|全套|资料包|更多)",
            r"(?:免费)(?:下载|领取)(?:更多|全套|完整|海量)?(?:资料|素材|模板|范文|文档|课件|ppt|公文)",
            r"(?:海量|百万|万篇|千篇|全网)[^。，；\n]{0,6}(?:公文|范文|素材|模板)[^。；\n]{0,6}(?:下载|任你|随意|免费|尽在|持续更新)",
        ],
    ),
    (
        "推销的联系方式",
        [
            r"(?:qq|扣扣|企鹅|q)(?:交流|资料|学习|写作|公文)?群?(?:号码?)?[：:]?(?:是|为)?[：:]?(?<!群)\d{6,12}",
            r"(?:qq|扣扣|企鹅|q)(?:交流|资料|学习|写作|公文)?群(?:号码?)?(?:[：:]|是|为)?\d{6,12}",
            r"(?:加|联系|咨询|添加|请加)(?:本人|客服|老师|站长|我们)?(?:qq|微信|威信|薇信|v信|wx|vx|扣扣)(?:号)?[：:]?[a-z0-9]{5,20}",
            r"(?:微信|威信|薇信|v信|wechat|weixin|wx|vx)(?:号|id|客服)?[：:]?(?=[a-z]*\d)[a-z0-9]{6,20}",
            r"(?:微信|威信|薇信|v信|wechat|weixin|wx|vx)(?:号|客服)[：:][a-z0-9]{5,20}",
            r"(?:欢迎|敬请|请|扫码|快来|立即|点击|长按|更多[^。，；\n]{0,8})关注[^。；\n]{0,6}(?:微信)?公众号[：:“「]?[^。，；！？\n】\]]{0,16}",
            r"关注(?:微信)?公众号[：:“「]?[^。，；！？\n】\]]{0,14}[，,]?(?:获取|领取|免费|下载|回复|查看(?:全文|更多)|即可)",
            r"(?:微信)?公众号[：:][^。，；！？\n】\]）)\d]{2,16}(?=[】\]）)\n]|$)",
            r"(?:代写|代笔|写材料|材料定制|定制材料|公文定制|撰稿)[^。；\n]{0,16}(?:微信|qq|vx|wx|\d{6,})[^。；\n]{0,16}",
            r"(?:资料|素材|公文|范文|写作|材料)(?:交流)?群(?!众|体|团|策)(?:号|[：:])?[^。，；\n]{0,4}\d{6,12}",
        ],
    ),
    (
        "会员资料、禁止外传等声明",
        [
            r"(?<![工协商学]会)(?:会员|vip)(?:专享|专属|专用|独享|可见|免费下载|限时|内部)(?:资料|素材|文稿|文档|范文|材料|下载|内容|文章)?",
            r"(?<![工协商学]会)(?<!档案)(?:会员|vip)(?:资料|文稿|素材|文档|范文|文章|下载|群)(?!员|众|库|室)(?:[，,！、]?(?:请|谨)?(?:禁止|严禁|请勿|不得|切勿|勿)(?:外传|转载|传播|倒卖))?",
            r"(?:加入|开通|购买|成为|充值|升级)(?:本站|本群|我们的?|年度|超级|终身|网站|文库)?(?:会员|vip)(?!单位|企业|单|大会|代表)",
            r"仅(?:供|限)(?:会员|vip|内部会员|本群|群内|付费)[^。；\n]{0,12}",
            rf"{LET_OUT_BEFORE}{GOODS}[，,！、]?(?:禁止|严禁|不得){LET_OUT}",
            rf"(?:{GOODS}|会员)[，,！、]?(?:请|谨)?(?:请勿|切勿|勿){LET_OUT}",
            r"(?<=[【\[（(\n])(?:内部资料)?[，,！]?(?:禁止|严禁|请勿|不得|切勿|勿)(?:外传|转载|倒卖|传播|转发|商用|转卖)(?=[】\]）)！!\n])",
            r"(?:未经(?:授权|许可|允许|同意|本站)[^。；\n]{0,8})?(?:禁止|严禁|请勿|不得|谢绝)(?:擅自|随意)?(?:转载|二次销售|二次售卖|倒卖|转卖|商用)"
            r"(?=[】\]）)！!，,。；;\n]|$|本[站文])",
            r"转载请?(?:注明|标明|保留|联系)[^。；\n]{0,10}",
            r"(?:本站|本文|本资料|本文库|最终)?版权(?:归[^。；\n]{1,14}所有|所有)(?![者人权])",
            r"(?:侵权|盗版|翻版|翻印)必究",
            r"本(?:文|资料|文档|范文|素材|文件)(?:仅|只)(?:供|限|作)[^。；\n]{0,12}(?:参考|学习|交流|使用|会员)(?:[，,][^。；\n]{0,12}(?:外传|商用|转载))?",
            r"下载(?:后)?(?:请|可)(?:于)?24小时内删除|如有侵权[^。；\n]{0,16}|编辑推荐[：:]|相关(?:推荐|文章|范文|阅读)[：:][^。\n]{0,40}",
        ],
    ),
    (
        "付费墙或网页的标记",
        [
            r"(?<![a-z])(?:paid|pay|vip|hide|fee|charge|member)(?:begin|end|start|stop|content|only|wall)(?![a-z])",
            r"[\[【<{](?:hide|pay|vip|paid|reply|member|nextpage|more)[^\]】>}\n]{0,30}[\]】>}]",
            r"(?:剩余|以下|下文|余下|隐藏|后续)(?:部分|内容|全文|章节)?[^。；\n]{0,4}(?:付费|购买|登录|登陆|会员|回复|vip|关注|下载)后?(?:才|方|即)?(?:可|能)[^。；\n]{0,2}(?:可见|查看|阅读|下载|显示)?",
            r"(?:付费|购买|登[录陆]|注册|开通)(?:会员|vip)?后?(?:即可|可|才可|才能|方可)?(?:可见|解锁|查看|阅读|下载|展开)(?:全文|原文|全部|完整|剩余|更多|余下|本文)",
            r"付费(?:可见|内容|阅读|章节|解锁|后可见)(?!率|市场|服务|用户)",
            r"试读(?:已)?结束|免费试读|(?:点击|展开|继续)(?:这里)?(?:查看|阅读)?(?:全文|剩余|余下)(?:内容|全文|部分)?(?=[》>】\]）)\n]|$)",
            r"(?<=[【\[（(\n])(?:阅读|查看|下载)(?:全文|原文|更多|完整版)(?=[】\]）)>》\n])",
        ],
    ),
]
SIGNS = [(name, re.compile("|".join(f"(?:{pattern})" for pattern in patterns))) for name, patterns in KINDS]
# Looked for in the text as it stands, because the marks themselves are noise elsewhere.
MARKUP = re.compile(
    r"&(?:nbsp|lt|gt|amp|quot|[lr][sd]quo|mdash|middot|hellip|#\d{2,5});"
    r"|</?(?:p|br|div|span|strong|font|img|table|tr|td|script|a)(?:\s[^<>\n]{0,200})?/?>",
    re.IGNORECASE,
)
MESSAGE = "“{}”是{}，不是报告的内容。"
ADVICE = "请删去，并核对前后文字是否也来自网上。"
BRACKETS = {"【": "】", "[": "]", "（": "）", "(": ")", "〔": "〕", "{": "}", "<": ">"}
MAX_BRACKET_CHARS = 80


def find_residue(text: str) -> list[Place]:
    """Every advertisement, contact, notice or pay-wall mark, in order, with the noise and brackets around it."""
    letters, offsets = without_noise(text)
    places = [
        Place(*widened(text, offsets[match.start()], offsets[match.end() - 1] + 1), name)
        for name, sign in SIGNS
        for match in whole_matches(sign, letters)
    ]
    places += [Place(match.start(), match.end(), "网页的标记") for match in MARKUP.finditer(text)]
    return [
        Place(place.start, place.end, MESSAGE.format(shortened(text[place.start : place.end]), place.message), ADVICE)
        for place in merge_places(places)
    ]


def whole_matches(sign: re.Pattern[str], letters: str) -> Iterator[re.Match[str]]:
    """The matches that have letters."""
    return (match for match in sign.finditer(letters) if match.group())


def without_noise(text: str) -> tuple[str, list[int]]:
    """The letters of a text in lower case and half width, without noise; and where each stood.

    Blanks are noise too, except the end of a line.
    """
    letters: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        for letter in folded(character):
            letters.append(letter)
            offsets.append(offset)
    return "".join(letters), offsets


@lru_cache(maxsize=20_000)
def folded(character: str) -> str:
    """A character as it is compared: half width, lower case, nothing for noise. Chinese marks stay as they are."""
    if character in "\n\r":
        return "\n"
    if character in "，。；：！？（）【】":
        return character
    number = ord(character)
    if character.isspace() or character in NOISE or number in ZERO_WIDTH or number in DIRECTION_MARKS:
        return ""
    plain = unicodedata.normalize("NFKC", character).lower()
    return "".join(letter for letter in plain if letter not in NOISE and not letter.isspace())


def widened(text: str, start: int, end: int) -> tuple[int, int]:
    """A place with the noise on both sides, and with the brackets of one line that hold it."""
    before, after = text[max(0, start - MAX_BRACKET_CHARS) : start], text[end : end + MAX_BRACKET_CHARS]
    before, after = before.rpartition("\n")[2], after.partition("\n")[0]
    for opening, closing in BRACKETS.items():
        opened, closed = before.rfind(opening), after.find(closing)
        if opened > before.rfind(closing) and closed >= 0 and opening not in after[:closed]:
            held = (start - len(before) + opened, end + closed + 1)
            if held[1] - held[0] <= 2 * (end - start) + 2:  # else the brackets hold a sentence of the report too
                start, end = held
            break
    while start > 0 and is_noise(text[start - 1]):
        start -= 1
    while end < len(text) and is_noise(text[end]):
        end += 1
    return start, end


def is_noise(character: str) -> bool:
    """Whether a character beside an advertisement belongs to it; a blank does not."""
    return not character.isspace() and folded(character) == ""


def shortened(text: str) -> str:
    """At most forty characters of a finding, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"
