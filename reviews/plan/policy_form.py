"""评定规则 as a form: sentences with fields in them, clause by clause. What is allowed, ``scoring.policy`` says."""

from dataclasses import dataclass

from django import forms

from scoring import sentences
from scoring.clauses import BY_KEY, CLAUSES, Clause
from scoring.exact import plain
from scoring.examples import examples_of
from scoring.policy import COMPONENTS, GRADE_LABELS, GRADES, PANEL, Policy, from_document
from scoring.strict import Malformed

MODES = [
    ("POOR_ONLY", "差票"),
    ("AVERAGE_PLUS_POOR", "一般票与差票合计（源方案原文读法）"),
    ("EITHER", "一般票、差票任一项"),
]
COMPARATORS = [("GT", "超过（等于不算）"), ("GTE", "达到（等于也算）")]
DENOMINATORS = [
    ("EXPRESSED", "有效票（不含弃权）"),
    ("EXPRESSED_PLUS_ABSTAIN", "有效票加弃权票"),
    ("RETURNED", "收回票"),
    ("ISSUED", "发出票"),
]
SCOPES = [("POOLED", "全部票合在一起"), ("ANY_PANEL", "任一票种"), ("WEIGHTED", "各票种比例按权重平均")]
TIES = [
    ("DELIBERATE", "暂定较好，由党组研究确定"),
    ("EXCLUDE_ALL", "均不占名额（较好）"),
    ("INCLUDE_ALL", "均保留好"),
]
ENFORCEMENTS = [("WARN_WITH_REASON", "可以超出，但须写明理由"), ("BLOCK", "不得超出")]
EMPTY_PANELS = [("RENORMALIZE", "其权重由其他票种分担"), ("BLOCK", "不计得分，不提出等次建议")]
MISSING = [("BLOCK", "不计得分，不提出等次建议"), ("RENORMALIZE", "其权重由其他部分分担")]
GROUPS = [("CAMPAIGN", "全体"), ("ORG_TYPE", "按组织类型分组，每组")]
YEARS = [("2", "连续 2 年为一般或差的，予以提示"), ("0", "不看上年等次")]
BALLOT_ONLY, COMPOSED = "", "on"
COMPOSITES = [(BALLOT_ONLY, "即现场测评得分，其余只作参考"), (COMPOSED, "由下列各部分按权重平均")]
CEILINGS = [("", "不限制等次"), *((grade.name, f"最高为{grade.label}") for grade in GRADES)]
ENDINGS = ("good", "fairly_good", "average", "poor")
LABELS = tuple(f"label_{ending}" for ending in ENDINGS)
VALUES = tuple(f"value_{ending}" for ending in ENDINGS)
FLOORS = tuple(f"floor_{ending}" for ending in ENDINGS[:3])
WEIGHTS = tuple(f"weight_{name}" for name in COMPONENTS)
SOURCE = "source_"  # a field of this name and the key of a clause: 条款依据
CAP = "cap_"  # a field of this name and the place of a fact: its ceiling
LONGEST_SOURCE = 500
MOST_OWN_FACTS = 200

# Clause -> sentences; what is the name of a field becomes the field, all else is read as it stands.
SENTENCES: dict[str, list[tuple[str, ...]]] = {
    "name": [("本套规则称为", "name")],
    "values": [
        ("四个等次由高到低称为", *LABELS),
        ("每张有效票计分：好", VALUES[0], "分，较好", VALUES[1], "分，一般", VALUES[2], "分，差", VALUES[3], "分"),
    ],
    "panels": [("某一票种没有有效票的，", "empty_panel")],
    "composite": [
        ("得分", "is_composite"),
        ("现场测评占", WEIGHTS[0], "，平时考核占", WEIGHTS[1], "，实地考核占", WEIGHTS[2]),
        ("缺少其中一部分的，", "missing_component"),
    ],
    "floors": [("得分", FLOORS[0], "及以上为好，", FLOORS[1], "及以上为较好，", FLOORS[2], "及以上为一般，其余为差")],
    "caps": [("另加一种情形：有", "own_cap", "情形的，", "own_ceiling")],
    "facts": [
        ("有下列情形之一的，等次确定为差：", "forcing_facts"),
        ("另加（多种之间用顿号隔开）", "own_facts"),
    ],
    "limit": [
        (
            "在",
            "forced_poor_scope",
            "中，",
            "forced_poor_mode",
            "forced_poor_comparator",
            "forced_poor_threshold",
            "% 的，等次确定为差；分母为",
            "forced_poor_denominator",
        )
    ],
    "few": [("有效票少于", "min_valid_ballots", "张的，等次留待党组研究确定")],
    "quota": [
        ("quota_group_by", "中，较好及以下等次不低于", "quota_min_below_good", "%（0 为不限制好的比例）"),
        ("不足", "quota_min_group", "人的只提示，不调整"),
        ("党组决定时，好的名额", "quota_enforcement"),
    ],
    "tie": [("各项指标都相同、名额又不够的，", "tie_policy")],
    "consequences": [("consecutive_years",)],
}
# Field of Policy -> the fields of the form that it is read from. ``version`` counts by itself,
# ``panel_weights`` are the panels' own and changed on their page.
FIELDS_OF: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "grade_labels": LABELS,
    "grade_values": VALUES,
    "empty_panel": ("empty_panel",),
    "composite": ("is_composite", *WEIGHTS),
    "missing_component": ("missing_component",),
    "score_floors": FLOORS,
    "caps": ("own_cap", "own_ceiling"),
    "forcing_facts": ("forcing_facts", "own_facts"),
    "forced_poor_mode": ("forced_poor_mode",),
    "forced_poor_scope": ("forced_poor_scope",),
    "forced_poor_denominator": ("forced_poor_denominator",),
    "forced_poor_comparator": ("forced_poor_comparator",),
    "forced_poor_threshold_bp": ("forced_poor_threshold",),
    "min_valid_ballots": ("min_valid_ballots",),
    "quota_min_below_good_bp": ("quota_min_below_good",),
    "quota_group_by": ("quota_group_by",),
    "quota_min_group": ("quota_min_group",),
    "quota_enforcement": ("quota_enforcement",),
    "tie_policy": ("tie_policy",),
    "consecutive_years": ("consecutive_years",),
}
BY_ITSELF = {"version": "每次保存自动加一", "panel_weights": "在“票种”页设定"}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence: words, or a bound field."""

    words: str = ""
    field: forms.BoundField | None = None

    @property
    def is_list(self) -> bool:
        """True for the boxes of the facts that force the lowest grade."""
        return self.field is not None and self.field.name == "forcing_facts"


@dataclass(frozen=True, slots=True)
class Rule:
    """One clause on the page: its sentences with fields, its source as a field, its worked example."""

    clause: Clause
    words: list[str]
    lines: list[list[Part]]
    source: forms.BoundField | None
    example: list[str]


def percent_field(label: str) -> forms.DecimalField:
    """Per cent with at most two decimals: whole basis points."""
    return forms.DecimalField(label=label, min_value=0, max_value=100, decimal_places=2)


def score_field(label: str, *, least: int = 0, required: bool = True) -> forms.DecimalField:
    """A score or a weight."""
    return forms.DecimalField(label=label, min_value=least, max_value=1000, required=required)


class PolicyForm(forms.Form):
    """Every parameter of RULES.md section 2 but the weights of the panels, which are the panels' own.

    ``sources``: 条款依据 by the key of a clause, where this campaign words it in its own way.
    """

    name = forms.CharField(label="规则名称", max_length=60, required=False)
    empty_panel = forms.ChoiceField(label="没有有效票的票种", choices=EMPTY_PANELS, required=False)
    is_composite = forms.ChoiceField(label="得分的构成", choices=COMPOSITES, required=False)
    missing_component = forms.ChoiceField(label="缺少一部分得分的", choices=MISSING, required=False)
    own_cap = forms.CharField(label="另加的情形", max_length=40, required=False)
    own_ceiling = forms.ChoiceField(label="另加情形的最高等次", choices=CEILINGS, required=False)
    forcing_facts = forms.MultipleChoiceField(
        label="确定为差的情形", required=False, widget=forms.CheckboxSelectMultiple
    )
    own_facts = forms.CharField(label="另加的确定为差的情形", max_length=MOST_OWN_FACTS, required=False)
    forced_poor_mode = forms.ChoiceField(label="低等次票的口径", choices=MODES)
    forced_poor_scope = forms.ChoiceField(label="在哪些票里算")
    forced_poor_comparator = forms.ChoiceField(label="比较方式", choices=COMPARATORS)
    forced_poor_threshold = percent_field("低等次票比例上限（%）")
    forced_poor_denominator = forms.ChoiceField(label="分母", choices=DENOMINATORS)
    min_valid_ballots = forms.IntegerField(label="最少有效票数", min_value=0, max_value=10000)
    quota_min_below_good = percent_field("较好及以下至少占（%）")
    quota_group_by = forms.ChoiceField(label="名额的分组", choices=GROUPS, required=False)
    quota_min_group = forms.IntegerField(label="按比例调整的最少人数", min_value=0, max_value=10000, required=False)
    quota_enforcement = forms.ChoiceField(label="党组能否超出名额", choices=ENFORCEMENTS)
    tie_policy = forms.ChoiceField(label="名额线上并列时", choices=TIES)
    consecutive_years = forms.ChoiceField(label="连续靠后的提示", choices=YEARS, required=False)

    SAME_NAME = (
        "name",
        "empty_panel",
        "missing_component",
        "forced_poor_mode",
        "forced_poor_scope",
        "forced_poor_comparator",
        "forced_poor_denominator",
        "min_valid_ballots",
        "quota_group_by",
        "quota_min_group",
        "quota_enforcement",
        "tie_policy",
        "consecutive_years",
    )

    def __init__(self, *args, policy: Policy, stored: dict, sources: dict[str, str] | None = None, **kwargs):
        self.policy, self.stored = policy, stored
        self.known = list(dict.fromkeys([*sentences.FACTS, *policy.forcing_facts, *dict(policy.caps)]))
        kwargs["initial"] = initial_of(policy, self.known, sources or {})
        super().__init__(*args, **kwargs)
        self._add_fields()
        only = [(f"{PANEL}{code}", f"{code}票") for code, _ in policy.panel_weights or ()]
        self.fields["forced_poor_scope"].choices = SCOPES + only
        self.fields["forcing_facts"].choices = [(code, sentences.fact(code)) for code in self.known]
        for name, field in self.fields.items():
            if name != "forcing_facts":
                field.widget.attrs["aria-label"] = field.label
            if isinstance(field, forms.DecimalField) or name == "quota_min_group":
                field.widget.attrs["step"] = "any"

    def _add_fields(self) -> None:
        for name, grade in zip(LABELS, GRADE_LABELS, strict=True):
            self.fields[name] = forms.CharField(label=f"“{grade}”的名称", max_length=10, required=False)
        for name, grade in zip(VALUES, GRADE_LABELS, strict=True):
            self.fields[name] = score_field(f"“{grade}”的分值", least=-1000, required=False)
        for name, grade in zip(FLOORS, GRADE_LABELS, strict=False):
            self.fields[name] = score_field(f"“{grade}”的得分线")
        for name, component in zip(WEIGHTS, COMPONENTS, strict=True):
            self.fields[name] = score_field(f"{sentences.COMPONENTS[component]}权重", required=False)
        for place, code in enumerate(self.known):
            self.fields[f"{CAP}{place}"] = forms.ChoiceField(
                label=f"有“{sentences.fact(code)}”情形的", choices=CEILINGS, required=False
            )
        for clause in CLAUSES:
            self.fields[f"{SOURCE}{clause.key}"] = forms.CharField(
                label=f"{clause.title}：条款依据",
                max_length=LONGEST_SOURCE,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self) -> dict:
        values = super().clean()
        if values.get("own_cap") and not values.get("own_ceiling"):
            self.add_error("own_ceiling", "请选择有这种情形的最高等次。")
        for name in ("own_cap", "own_facts"):
            named = set(_own(values.get(name, ""))) & {*sentences.FACTS.values(), *sentences.FACTS, *self.known}
            if named:
                self.add_error(name, f"“{'、'.join(sorted(named))}”已经列出，请直接在上面勾选或选择。")
        if not self.errors:
            try:
                self.result = from_document({**self.stored, **self.partial})
            except Malformed as wrong:
                part = wrong.path.removeprefix("policy.").split(".")[0].split("[")[0]
                shown_at = FIELDS_OF.get(part, (None,))[0]
                self.add_error("weight_ballot" if part == "composite" else shown_at, f"{wrong.reason}。")
        return values

    @property
    def partial(self) -> dict:
        """The parameters of the form in the shape of a policy document; what was not sent stays as it is."""
        values = self.cleaned_data
        document: dict = {
            name: values[name] for name in self.SAME_NAME if name in self.data and values[name] not in ("", None)
        }
        document |= {
            "forced_poor_threshold_bp": int(values["forced_poor_threshold"] * 100),
            "quota_min_below_good_bp": int(values["quota_min_below_good"] * 100),
            "score_floors": [str(values[name]) for name in FLOORS],
        }
        if all(name in self.data for name in (*LABELS, *VALUES)):
            document["grade_labels"] = [values[name] or usual for name, usual in zip(LABELS, GRADE_LABELS, strict=True)]
            document["grade_values"] = ["" if values[name] is None else str(values[name]) for name in VALUES]
        composite = {name: str(values[f"weight_{name}"] or 0) for name in COMPONENTS}
        document["composite"] = composite if values["is_composite"] == COMPOSED else None
        return document | self._facts

    @property
    def _facts(self) -> dict:
        """What forces the lowest grade, in its old order and then what is new; and what caps."""
        values = self.cleaned_data
        if f"{CAP}0" not in self.data:
            return {}
        ticked = values["forcing_facts"]
        kept = [code for code in self.policy.forcing_facts if code in ticked]
        forcing = [*kept, *(code for code in ticked if code not in kept), *_own(values["own_facts"])]
        caps = {code: values[f"{CAP}{place}"] for place, code in enumerate(self.known)}
        caps |= {values["own_cap"]: values["own_ceiling"]} if values["own_cap"] else {}
        return {
            "forcing_facts": list(dict.fromkeys(forcing)),
            "caps": {code: ceiling for code, ceiling in caps.items() if ceiling},
        }

    @property
    def sources_sent(self) -> dict[str, str] | None:
        """条款依据 where it is worded otherwise than usual, by the key of its clause; None if none was sent."""
        sent = {key: f"{SOURCE}{key}" for key in BY_KEY if f"{SOURCE}{key}" in self.data}
        if not sent:
            return None
        written = {key: self.cleaned_data[name].replace("\r\n", "\n").strip() for key, name in sent.items()}
        return {key: text for key, text in written.items() if text and text != BY_KEY[key].source}

    @property
    def shown(self) -> Policy:
        """The policy that the examples reckon with: the one in the fields, or while they are wrong the stored one."""
        return getattr(self, "result", self.policy)

    @property
    def rules(self) -> list[Rule]:
        """The clauses of the page in their order."""
        examples = examples_of(self.shown)
        return [
            Rule(
                clause,
                clause.words(self.shown),
                [*(self._cap_lines() if clause.key == "caps" else []), *self._lines(SENTENCES[clause.key])],
                self[f"{SOURCE}{clause.key}"],
                examples.get(clause.key, []),
            )
            for clause in CLAUSES
        ]

    def _lines(self, sentences_: list[tuple[str, ...]]) -> list[list[Part]]:
        return [
            [Part(field=self[piece]) if piece in self.fields else Part(words=piece) for piece in sentence]
            for sentence in sentences_
        ]

    def _cap_lines(self) -> list[list[Part]]:
        return [
            [Part(words=f"有“{sentences.fact(code)}”情形的，"), Part(field=self[f"{CAP}{place}"])]
            for place, code in enumerate(self.known)
        ]


def _own(words: str) -> list[str]:
    """Facts as a place names them itself, taken apart at 、 and ；."""
    return [part.strip() for part in words.replace("；", "、").replace(";", "、").split("、") if part.strip()]


def initial_of(policy: Policy, known: list[str], sources: dict[str, str]) -> dict:
    """A policy as the form shows it."""
    composite, caps = dict(policy.composite or ()), dict(policy.caps)
    usual = zip(WEIGHTS, COMPONENTS, (40, 30, 30), strict=True)
    return {
        **{name: str(getattr(policy, name)) for name in PolicyForm.SAME_NAME},
        "forced_poor_threshold": f"{policy.forced_poor_threshold_bp / 100:g}",
        "quota_min_below_good": f"{policy.quota_min_below_good_bp / 100:g}",
        **dict(zip(LABELS, policy.grade_labels, strict=True)),
        **{name: plain(value) for name, value in zip(VALUES, policy.grade_values, strict=True)},
        **{name: plain(floor) for name, floor in zip(FLOORS, policy.score_floors, strict=True)},
        "is_composite": COMPOSED if policy.composite is not None else BALLOT_ONLY,
        **{name: plain(composite.get(part, default)) for name, part, default in usual},
        "forcing_facts": list(policy.forcing_facts),
        **{f"{CAP}{place}": caps[code].name if code in caps else "" for place, code in enumerate(known)},
        **{f"{SOURCE}{clause.key}": sources.get(clause.key, clause.source) for clause in CLAUSES},
    }
