"""Forms of grading. They shape input and are never saved."""

from collections.abc import Iterable, Sequence

from django import forms
from django.utils import timezone

from organizations.errors import Refused
from organizations.forms import DayField
from reviews.ledger.evidence import ACCEPTED, Evidence, check_evidence
from scoring.sentences import fact as fact_in_words


class DecisionForm(forms.Form):
    """The decision on one review; one form a line of the table."""

    grade = forms.ChoiceField(label="综合评价等次", required=False)
    reason = forms.CharField(
        label="与建议不同的理由", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    opinion = forms.CharField(
        label="综合评价意见", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, grades: Sequence[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["grade"].choices = [("", "请选择"), *grades]
        self.fields["grade"].widget.attrs["class"] = "form-select form-select-sm"
        for name in ("reason", "opinion"):
            self.fields[name].widget.attrs["class"] = "form-control form-control-sm"


class MeetingForm(forms.Form):
    """Which meeting decided, and when."""

    reference = forms.CharField(label="研究会议（名称、届次或纪要编号）", max_length=120)
    decided_on = DayField(label="研究日期")

    def clean_decided_on(self):
        day = self.cleaned_data["decided_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("研究日期不能晚于今天。")
        return day


class FactForm(forms.Form):
    """A fact of the policy with its evidence."""

    code = forms.ChoiceField(label="类别")
    evidence = forms.CharField(
        label="依据（文件、日期、认定单位）", max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    paper = forms.FileField(
        label="依据文件",
        required=False,
        max_length=255,
        help_text=f"通报、处分决定等的扫描件；{ACCEPTED}，不超过 20 MB",
        error_messages={"empty": "文件是空的（0 字节），请重新选择文件。"},
    )

    def clean_paper(self) -> Evidence | None:
        uploaded = self.cleaned_data["paper"]
        if not uploaded:
            return None
        try:
            return check_evidence(uploaded, uploaded.name)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused

    def __init__(self, *args, codes: Iterable[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [(code, fact_in_words(code)) for code in codes]


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=300)
