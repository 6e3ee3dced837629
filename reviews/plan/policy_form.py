"""The main parameters of the rules as fields of a form. What the rules allow, ``scoring.policy`` says."""

from django import forms

from scoring.exact import plain
from scoring.policy import COMPONENTS, GRADES, PANEL, Policy, from_document
from scoring.strict import Malformed

MODES = [
    ("POOR_ONLY", "只计差票"),
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
FLOORS = ("floor_good", "floor_fairly_good", "floor_average")


def percent_field(label: str, hint: str = "") -> forms.DecimalField:
    """Per cent with at most two decimals: whole basis points."""
    return forms.DecimalField(label=label, min_value=0, max_value=100, decimal_places=2, help_text=hint)


class PolicyForm(forms.Form):
    """Thin but real: every field is a parameter of RULES.md section 2; the rest of the policy stays as it is."""

    forced_poor_mode = forms.ChoiceField(label="差票的口径", choices=MODES)
    forced_poor_scope = forms.ChoiceField(label="在哪些票里算")
    forced_poor_comparator = forms.ChoiceField(label="比较方式", choices=COMPARATORS)
    forced_poor_threshold = percent_field("比例（%）")
    forced_poor_denominator = forms.ChoiceField(label="占什么的比例", choices=DENOMINATORS)
    floor_good = forms.DecimalField(label="好：得分不低于", min_value=0, max_value=1000)
    floor_fairly_good = forms.DecimalField(label="较好：得分不低于", min_value=0, max_value=1000)
    floor_average = forms.DecimalField(label="一般：得分不低于", min_value=0, max_value=1000)
    quota_min_below_good = percent_field("较好及以下至少占（%）", "0 表示不限制好的比例。")
    quota_enforcement = forms.ChoiceField(label="党组能否超出名额", choices=ENFORCEMENTS)
    tie_policy = forms.ChoiceField(label="名额线上并列时", choices=TIES)
    min_valid_ballots = forms.IntegerField(
        label="最少有效票数", min_value=0, max_value=10000, help_text="不足的，等次留待党组研究。"
    )
    is_composite = forms.BooleanField(
        label="得分由测评、平时、实地三部分加权",
        required=False,
        help_text="不勾选时，得分即测评得分，下面三个权重不起作用。",
    )
    weight_ballot = forms.DecimalField(label="现场测评权重", min_value=0, max_value=1000, required=False)
    weight_routine = forms.DecimalField(label="平时考核权重", min_value=0, max_value=1000, required=False)
    weight_field = forms.DecimalField(label="实地考核权重", min_value=0, max_value=1000, required=False)

    SAME_NAME = (
        "forced_poor_mode",
        "forced_poor_scope",
        "forced_poor_comparator",
        "forced_poor_denominator",
        "quota_enforcement",
        "tie_policy",
        "min_valid_ballots",
    )
    # Where the page shows what the rules say of a part of the policy.
    SHOWN_AT = {
        "score_floors": "floor_good",
        "composite": "weight_ballot",
        "forced_poor_threshold_bp": "forced_poor_threshold",
        "quota_min_below_good_bp": "quota_min_below_good",
    }

    def __init__(self, *args, policy: Policy, stored: dict, **kwargs):
        self.stored = stored
        kwargs["initial"] = initial_of(policy)
        super().__init__(*args, **kwargs)
        only = [(f"{PANEL}{code}", f"只看{code}票") for code, _ in policy.panel_weights or ()]
        self.fields["forced_poor_scope"].choices = SCOPES + only

    def clean(self) -> dict:
        values = super().clean()
        if not self.errors:
            try:
                from_document({**self.stored, **self.partial})
            except Malformed as wrong:
                part = wrong.path.removeprefix("policy.").split(".")[0].split("[")[0]
                self.add_error(self.SHOWN_AT.get(part, part if part in self.fields else None), f"{wrong.reason}。")
        return values

    @property
    def partial(self) -> dict:
        """The parameters of the form in the shape of a policy document."""
        values = self.cleaned_data
        composite = {name: str(values[f"weight_{name}"] or 0) for name in COMPONENTS}
        return {
            **{name: values[name] for name in self.SAME_NAME},
            "forced_poor_threshold_bp": int(values["forced_poor_threshold"] * 100),
            "quota_min_below_good_bp": int(values["quota_min_below_good"] * 100),
            "score_floors": [str(values[name]) for name in FLOORS],
            "composite": composite if values["is_composite"] else None,
        }


def initial_of(policy: Policy) -> dict:
    """A policy as the form shows it."""
    composite = dict(policy.composite or ())
    return {
        **{name: str(getattr(policy, name)) for name in PolicyForm.SAME_NAME},
        "forced_poor_threshold": f"{policy.forced_poor_threshold_bp / 100:g}",
        "quota_min_below_good": f"{policy.quota_min_below_good_bp / 100:g}",
        **{name: plain(policy.floor(grade)) for name, grade in zip(FLOORS, GRADES, strict=False)},
        "is_composite": policy.composite is not None,
        **{
            f"weight_{name}": plain(composite.get(name, default))
            for name, default in zip(COMPONENTS, (40, 30, 30), strict=True)
        },
    }
