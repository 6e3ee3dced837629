"""The form of one source's scores: where they come from, and a box a secretary."""

from collections.abc import Iterable
from decimal import Decimal

from django import forms
from django.utils import timezone

from organizations.cells import half_width
from organizations.forms import DayField
from reviews.grade.scores.actions import Source
from reviews.grade.scores.models import ScoreBatch
from reviews.grade.scores.pasted import fault_of
from reviews.plan.models import Review


class ScoresForm(forms.Form):
    """Source and scores; the pasted text and the workbook only fill the boxes."""

    kind = forms.ChoiceField(label="成绩类别", choices=ScoreBatch.Kind.choices)
    scored_by = forms.CharField(label="评分单位或人员", max_length=100)
    basis = forms.CharField(label="评分依据（办法、考核表、记录名称）", max_length=300)
    scored_on = DayField(label="评分日期")
    pasted = forms.CharField(
        label="从表格粘贴",
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "每行：单位或姓名，最后一格写分数"}),
    )
    workbook = forms.FileField(label="或选择 Excel 文件（xlsx）", required=False, max_length=255)

    def __init__(self, *args, reviews: Iterable[Review], **kwargs):
        super().__init__(*args, **kwargs)
        self.reviews = list(reviews)
        for review in self.reviews:
            box = forms.CharField(required=False, max_length=10, label=f"{review}分数")
            box.widget.attrs |= {"inputmode": "decimal", "class": "form-control form-control-sm score-box"}
            self.fields[f"value-{review.pk}"] = box

    @property
    def boxes(self) -> list:
        """Each review with its box."""
        return [(review, self[f"value-{review.pk}"]) for review in self.reviews]

    @property
    def source_fields(self) -> list:
        return [self[name] for name in ("kind", "scored_by", "scored_on", "basis")]

    def clean_scored_on(self):
        day = self.cleaned_data["scored_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("评分日期不能晚于今天。")
        return day

    def clean(self):
        cleaned = super().clean()
        for review in self.reviews:
            value = half_width(cleaned.get(f"value-{review.pk}") or "").strip()
            cleaned[f"value-{review.pk}"] = value
            if value and (wrong := fault_of(value)):
                self.add_error(f"value-{review.pk}", f"“{value}”{wrong}。")
        return cleaned

    @property
    def source(self) -> Source:
        """The cleaned source."""
        return Source(**{name: self.cleaned_data[name] for name in ("kind", "scored_by", "basis", "scored_on")})

    @property
    def values(self) -> dict[int, Decimal]:
        """The cleaned scores that were filled in."""
        written = {review.pk: self.cleaned_data[f"value-{review.pk}"] for review in self.reviews}
        return {review: Decimal(value) for review, value in written.items() if value}
