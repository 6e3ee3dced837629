"""What people type into the ledger. Forms shape input; ``actions`` decides."""

from django import forms
from django.db.models import Q, QuerySet

from organizations.errors import Refused
from organizations.forms import DayField
from organizations.models import Person
from reviews.ledger.evidence import ACCEPTED, Evidence, check_evidence
from reviews.ledger.models import Problem
from reviews.plan.models import Campaign

LARGEST_INTEGER = 2**31 - 1  # what the database's integer columns hold
MEASURES = 5


class PageForm(forms.Form):
    """A form that carries the edition of the problem that its page showed."""

    edition = forms.IntegerField(
        required=False, min_value=0, max_value=LARGEST_INTEGER, widget=forms.HiddenInput, label="修订号"
    )


def long_text(label: str, *, longest: int, rows: int = 4, required: bool = True, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": f"请填写{label}。"},
    )


def day(label: str, *, required: bool = True) -> DayField:
    return DayField(label=label, required=required, error_messages={"required": f"请填写{label}。"})


class DueDayForm(PageForm):
    """A form with a time limit for one problem; a limit already promised may stay."""

    def __init__(self, *args, problem: Problem, **kwargs):
        super().__init__(*args, **kwargs)
        self.problem = problem
        first, last = problem.due_window()
        self.fields["due_on"].help_text = f"{first:%Y-%m-%d} 至 {last:%Y-%m-%d} 之间"

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        first, last = self.problem.due_window()
        if due_on and due_on != self.problem.due_on and not first <= due_on <= last:
            raise forms.ValidationError(f"整改时限应在 {first:%Y-%m-%d} 至 {last:%Y-%m-%d} 之间。")
        return due_on


class ClaimForm(DueDayForm):
    """认领：措施、责任人、目标、时限."""

    responsible = forms.CharField(label="责任人", max_length=60, error_messages={"required": "请填写责任人。"})
    due_on = day("整改时限")
    goal = forms.CharField(label="整改目标", max_length=300, required=False, help_text="整改到什么程度算完成，可不填")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number in range(1, MEASURES + 1):
            self.fields[f"measure_{number}"] = long_text(f"措施 {number}", longest=500, rows=2, required=number == 1)
        first = [f"measure_{number}" for number in range(1, MEASURES + 1)]
        self.order_fields([*first, "goal", "responsible", "due_on"])

    @classmethod
    def starting_from(cls, problem: Problem, by: Person) -> dict:
        """What was promised so far, as the form's initial values; else whoever claims is responsible."""
        said = {f"measure_{measure.number}": measure.text for measure in problem.measures.all()}
        who = problem.responsible or by.name
        promise = {"responsible": who, "goal": problem.goal, "due_on": problem.due_on}
        return {**said, **promise, "edition": problem.edition}

    @property
    def promise(self) -> dict:
        """The cleaned values as ``claim_problem`` takes them."""
        said = self.cleaned_data
        measures = [said[f"measure_{number}"] for number in range(1, MEASURES + 1) if said[f"measure_{number}"]]
        return {"measures": measures, **{name: said[name] for name in ("responsible", "goal", "due_on", "edition")}}


class ProgressForm(PageForm):
    """报告进展."""

    text = long_text("进展", longest=2_000, hint="写明做了什么、什么时间、达到什么效果")
    evidence = forms.FileField(
        label="佐证文件",
        required=False,
        max_length=255,
        help_text=f"可不传；{ACCEPTED}，不超过 20 MB",
        error_messages={"empty": "文件是空的（0 字节），请重新选择文件。"},
    )

    def clean_evidence(self) -> Evidence | None:
        uploaded = self.cleaned_data["evidence"]
        if not uploaded:
            return None
        try:
            return check_evidence(uploaded, uploaded.name)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused


class ClosingForm(PageForm):
    """申请销号."""

    words = long_text("整改情况", longest=2_000, rows=6, hint="写明措施落实情况、整改成效，验收人据此判断能否销号")


class JudgeForm(PageForm):
    """验收：同意销号，或说明原因退回."""

    class Verdict:
        ACCEPT, RETURN = "accept", "return"

    verdict = forms.ChoiceField(
        label="验收结论",
        choices=[(Verdict.ACCEPT, "同意销号"), (Verdict.RETURN, "退回继续整改")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择验收结论。"},
    )
    words = long_text("验收意见", longest=300, required=False, hint="退回时必填，写明还差什么")

    def clean(self):
        said = super().clean()
        if said.get("verdict") == self.Verdict.RETURN and "words" in said and not said["words"]:
            self.add_error("words", "退回时请写明原因。")
        return said


class ReasonForm(PageForm):
    """An act that asks for nothing but its reason."""

    reason = long_text("原因", longest=300)


class ReopenForm(DueDayForm):
    """重新整改."""

    reason = long_text("重新整改的原因", longest=300)
    due_on = day("新的整改时限", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["due_on"].help_text += "；不填则沿用原时限"


class AddForm(forms.Form):
    """登记问题. What a secretary finds himself comes with his report."""

    source = forms.ChoiceField(
        label="来源",
        choices=[("", "请选择"), *(pair for pair in Problem.Source.choices if pair[0] != Problem.Source.SELF)],
        error_messages={"required": "请选择来源。"},
    )
    text = long_text("问题", longest=1_000, rows=3, hint="一条只写一个问题")
    origin = long_text("出处原话", longest=1_000, rows=3, required=False, hint="意见、通报中的原话，可不填")
    is_common = forms.BooleanField(label="共性问题（多个党组织都存在）", required=False)


class LinkForm(PageForm):
    """往年同类问题: one of the candidates, or none."""

    older = forms.ModelChoiceField(
        Problem.objects.none(),
        required=False,
        label="往年同类问题",
        error_messages={"invalid_choice": "请从本页所列的往年问题中选择。"},
    )

    def __init__(self, *args, candidates: QuerySet[Problem], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["older"].queryset = candidates


class FilterForm(forms.Form):
    """What the list is narrowed to. An empty field narrows nothing; what was withdrawn shows only when asked for."""

    year = forms.IntegerField(
        label="年度",
        required=False,
        min_value=1900,
        max_value=9999,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "年度请填四位数字，例如 2026。"),
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label="活动", required=False, empty_label="全部活动", to_field_name="pk"
    )
    organization = forms.CharField(label="单位", required=False, max_length=100)
    source = forms.ChoiceField(label="来源", required=False, choices=[("", "全部来源"), *Problem.Source.choices])
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部状态"), *Problem.State.choices])
    q = forms.CharField(label="搜索", required=False, max_length=100)
    overdue = forms.BooleanField(label="只看逾期", required=False)

    def __init__(self, *args, campaigns: QuerySet[Campaign], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = campaigns

    def narrow(self, problems: QuerySet[Problem]) -> QuerySet[Problem]:
        """The problems that the form asks for; call it after ``is_valid``."""
        said = self.cleaned_data
        equal = {
            "review__campaign__year": said.get("year"),
            "review__campaign": said.get("campaign"),
            "review__organization__name__icontains": said.get("organization"),
            "source": said.get("source"),
            "state": said.get("state"),
        }
        problems = problems.filter(**{field: value for field, value in equal.items() if value})
        if said.get("q"):
            sought = said["q"]
            problems = problems.filter(
                Q(text__icontains=sought)
                | Q(review__secretary__name__icontains=sought)
                | Q(responsible__icontains=sought)
            )
        if said.get("overdue"):
            problems = problems.overdue()
        return problems if said.get("state") else problems.exclude(state=Problem.State.WITHDRAWN)
