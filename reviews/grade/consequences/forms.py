"""Forms of the register. They shape input and are never saved."""

from django import forms

from organizations.errors import Refused
from organizations.forms import DayField
from organizations.models import Person
from reviews.ledger.evidence import ACCEPTED, Evidence, check_evidence

LONGEST = 2000


class AssignForm(forms.Form):
    """交办: whose task, by when."""

    owner = forms.ModelChoiceField(label="承办人", queryset=Person.objects.none(), empty_label=None)
    due_on = DayField(label="办理期限")

    def __init__(self, *args, owners, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners


class ProofForm(forms.Form):
    """报送办理情况."""

    proof = forms.CharField(
        label="办理情况",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="何时、由谁、做了什么，例如“12月3日书面告知组织人事科，年度考核未列入优秀人选”。",
    )
    file = forms.FileField(
        label="佐证文件", required=False, max_length=255, help_text=f"可不传；{ACCEPTED}，不超过 20 MB"
    )

    def clean_file(self) -> Evidence | None:
        uploaded = self.cleaned_data["file"]
        if not uploaded:
            return None
        try:
            return check_evidence(uploaded, uploaded.name)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused


class WordsForm(forms.Form):
    """An opinion or a reason in words."""

    words = forms.CharField(label="意见或原因", max_length=300, required=False)


class TalkForm(forms.Form):
    """约谈安排."""

    meets_at = forms.DateTimeField(
        label="谈话时间",
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        error_messages={"invalid": "请按 2026-12-20 09:30 的样式填写时间。"},
    )
    place = forms.CharField(label="谈话地点", max_length=100)
    held_by = forms.CharField(label="谈话人", max_length=100, help_text="姓名和职务")


class RecordForm(forms.Form):
    """谈话记录."""

    points = forms.CharField(
        label="谈话要点",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="指出的问题、提出的要求",
    )
    statement = forms.CharField(
        label="本人表态", max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    recorder = forms.CharField(label="记录人", max_length=60)
