"""报告要求 as a form: sentences with fields in them, one a kind of finding. What is allowed, ``ReportLimits`` says."""

from dataclasses import dataclass
from decimal import Decimal

from django import forms

from reviews.report.checks.findings import Code
from reviews.report.checks.limits import ALWAYS_TOLD, BOUNDS, MAY_BLOCK, ReportLimits
from reviews.report.checks.sections import LABELS, SELF_EVALUATION

BLOCK, ADVISE, OFF = "block", "advise", "off"
WEIGHTS = {BLOCK: "不能提交", ADVISE: "只提示", OFF: "不检查"}
SWITCH = "weight_"  # a field of this name and the kind's code says how heavy it weighs


def switch(code: Code) -> str:
    """The name of the field that says how heavy a kind of finding weighs."""
    return f"{SWITCH}{code.value}"


# Group -> sentences; what is the name of a field becomes the field, all else is read as it stands.
SENTENCES: dict[str, list[tuple[str, ...]]] = {
    "篇幅": [
        ("正文不超过", "max_chars", "字（0 为不限），超出的", switch(Code.OVER_LENGTH)),
        ("每分钟宣读", "chars_read_a_minute", "字，据此估算朗读时间"),
        (
            "自我评价",
            "self_evaluation_chars",
            "字左右（0 为不要求），相差超过",
            "self_evaluation_tolerance_bp",
            "% 的",
            switch(Code.SELF_EVALUATION),
        ),
    ],
    "结构": [
        ("应有的部分：", "required", "缺少的", switch(Code.MISSING_SECTION)),
        (
            "问题及原因约占正文的",
            "problem_share_bp",
            "%，低于",
            "problem_share_min_bp",
            "% 或高于",
            "problem_share_max_bp",
            "% 的",
            switch(Code.PROBLEM_SHARE),
        ),
        ("items_must_be_anchored", "每项考核内容都要标注“已写”并关联到正文，否则不能提交"),
        ("annex_must_be_filled", "数据附表要填写齐全，否则不能提交"),
    ],
    "没有写完的、不该有的": [
        ("没有填写的占位符（x次、20**年、待补充……）", switch(Code.PLACEHOLDER)),
        ("下载网站的广告、付费标记、联系方式", switch(Code.TEMPLATE_RESIDUE)),
        ("密级标志（秘密★、密级：机密、内部资料 注意保存）", switch(Code.CLASSIFIED)),
        ("错别字和语病", switch(Code.TYPO)),
    ],
    "照搬的迹象": [
        (
            "换词网文（轨制、步队……），全文达到",
            "spun_words_min",
            "处、每万字达到",
            "spun_words_per_10000",
            "处的",
            switch(Code.SPUN_TEXT),
        ),
        ("别的党组织的名称（", "unit_name_chars", "字以上的）、“我镇”等不符的称呼、房间号", switch(Code.OTHER_UNIT)),
        ("与述职年度不符的年份和时事", switch(Code.WRONG_YEAR)),
        ("与上年的问题相似度达到", "alike_bp", "% 的", switch(Code.RECURRING)),
        ("与另一份报告雷同达到", "copied_min_chars", "字的", switch(Code.COPIED)),
        ("与他人报告雷同超过全文", "copied_max_share_bp", "% 的不能提交（0 为只提示）"),
    ],
    "写法": [
        (
            "写成绩的话超过写问题的话",
            "praise_times",
            "倍，或空泛的问题超过",
            "light_share_bp",
            "% 的",
            switch(Code.PRAISE_HEAVY),
        ),
        (
            "“有的同志”一类没有主语的问题超过",
            "subjectless_allowed",
            "处，或履职部分的“我”少于",
            "own_words_min",
            "处的",
            switch(Code.SUBJECTLESS),
        ),
        ("没有措施、时间、责任人的打算超过", "vague_plans_allowed", "条的", switch(Code.VAGUE_PLAN)),
    ],
}
# How the trail and a reader of errors call what a sentence around the field would tell.
TITLES = {
    "max_chars": "正文字数上限",
    "chars_read_a_minute": "每分钟宣读字数",
    "self_evaluation_chars": "自我评价字数",
    "self_evaluation_tolerance_bp": "自我评价允许相差（%）",
    "required": "应有的部分",
    "problem_share_bp": "问题占比目标（%）",
    "problem_share_min_bp": "问题占比下限（%）",
    "problem_share_max_bp": "问题占比上限（%）",
    "items_must_be_anchored": "考核内容须关联正文",
    "annex_must_be_filled": "数据附表须填齐",
    "spun_words_min": "换词最少处数",
    "spun_words_per_10000": "换词每万字处数",
    "unit_name_chars": "党组织名称最少字数",
    "alike_bp": "与上年问题相似度（%）",
    "copied_min_chars": "雷同提示最少字数",
    "copied_max_share_bp": "雷同占比上限（%）",
    "praise_times": "成绩与问题句数的倍数",
    "light_share_bp": "空泛问题占比（%）",
    "subjectless_allowed": "没有主语的问题处数",
    "own_words_min": "履职部分“我”的处数",
    "vague_plans_allowed": "空泛打算条数",
    "blocking": "不能提交的检查",
    "off": "不检查的项目",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence: words, or a bound field."""

    words: str = ""
    field: forms.BoundField | None = None

    @property
    def is_list(self) -> bool:
        """True for the boxes of the parts that a report needs."""
        return self.field is not None and self.field.name == "required"


class LimitsForm(forms.Form):
    """Every number, switch and list of ``ReportLimits``; shares in per cent with two decimals at most."""

    required = forms.MultipleChoiceField(
        choices=[(kind, label) for kind, label in LABELS.items() if kind != SELF_EVALUATION],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    items_must_be_anchored = forms.BooleanField(required=False)
    annex_must_be_filled = forms.BooleanField(required=False)

    def __init__(self, *args, limits: ReportLimits, **kwargs):
        self.limits = limits
        kwargs["initial"] = initial_of(limits)
        super().__init__(*args, **kwargs)
        for name, (least, most, unit) in BOUNDS.items():
            self.fields[name] = number_field(name, least, most, unit)
        for code in Code:
            self.fields[switch(code)] = forms.ChoiceField(
                label=f"{code.label}：怎样处理", choices=[(each, WEIGHTS[each]) for each in weights_of(code)]
            )
        for name, label in TITLES.items():
            if name in self.fields:
                self.fields[name].label = label
        for name, field in self.fields.items():
            if name != "required":
                field.widget.attrs["aria-label"] = field.label

    def clean(self) -> dict:
        values = super().clean()
        if not self.errors:
            try:
                ReportLimits.from_document(self.document)
            except ValueError as wrong:
                self.add_error("problem_share_bp", str(wrong))
        return values

    @property
    def document(self) -> dict:
        """The limits as the campaign keeps them; a kind that has no sentence here keeps its weight."""
        values = self.cleaned_data
        numbers = {name: int(values[name] * 100) if is_share(name) else values[name] for name in BOUNDS}
        weights = {code.value: values[switch(code)] for code in Code}
        return {
            **self.limits.to_document(),
            **numbers,
            "required": values["required"],
            "items_must_be_anchored": values["items_must_be_anchored"],
            "annex_must_be_filled": values["annex_must_be_filled"],
            "blocking": [code for code, weight in weights.items() if weight == BLOCK],
            "off": [code for code, weight in weights.items() if weight == OFF],
        }

    @property
    def groups(self) -> list[tuple[str, list[list[Part]]]]:
        """The sentences of the page by group, in their order."""
        return [
            (
                title,
                [
                    [Part(field=self[piece]) if piece in self.fields else Part(words=piece) for piece in sentence]
                    for sentence in sentences
                ],
            )
            for title, sentences in SENTENCES.items()
        ]


def number_field(name: str, least: int, most: int, unit: str) -> forms.Field:
    """A whole number between its bounds; a share as per cent."""
    if is_share(name):
        return forms.DecimalField(min_value=Decimal(least) / 100, max_value=Decimal(most) / 100, decimal_places=2)
    field = forms.IntegerField(min_value=least, max_value=most)
    field.unit = unit
    return field


def is_share(name: str) -> bool:
    """Whether a parameter is kept in basis points."""
    return name.endswith("_bp")


def weights_of(code: Code) -> list[str]:
    """How heavy a kind of finding may weigh."""
    return [*([BLOCK] if code in MAY_BLOCK else []), ADVISE, *([] if code in ALWAYS_TOLD else [OFF])]


def initial_of(limits: ReportLimits) -> dict:
    """Limits as the form shows them."""
    numbers = {name: f"{getattr(limits, name) / 100:g}" if is_share(name) else getattr(limits, name) for name in BOUNDS}
    return {
        **numbers,
        "required": list(limits.required),
        "items_must_be_anchored": limits.items_must_be_anchored,
        "annex_must_be_filled": limits.annex_must_be_filled,
        **{switch(code): weight_in(limits, code) for code in Code},
    }


def weight_in(limits: ReportLimits, code: Code) -> str:
    """How heavy a kind of finding weighs by these limits."""
    if code.value in limits.off:
        return OFF
    return BLOCK if code.value in limits.blocking else ADVISE


def changes_between(before: ReportLimits, after: ReportLimits) -> dict:
    """What changed, by its title, from and to, for the trail."""
    old, new = before.to_document(), after.to_document()
    return {
        TITLES[name]: [in_words(name, old[name]), in_words(name, new[name])] for name in old if old[name] != new[name]
    }


def in_words(name: str, value: object) -> object:
    """A parameter as a clerk reads it."""
    if name == "required":
        return "、".join(LABELS[kind] for kind in value)
    if name in {"blocking", "off"}:
        return "、".join(Code(code).label for code in value)
    return f"{value / 100:g}" if is_share(name) else value
