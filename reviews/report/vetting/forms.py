"""What is typed around a verdict: remarks, replies, reasons, extensions, templates, publication. Nothing is saved."""

from datetime import datetime, time

from django import forms
from django.utils import timezone

from organizations.forms import DayField
from reviews.plan.timetable import SHANGHAI
from reviews.report.forms import LONGEST_OPINION, PAGE_BROKEN, LongText
from reviews.report.models import Section
from reviews.report.publishing.models import Circle
from reviews.report.vetting.opinions import LONGEST_TEMPLATE, MOST_TEMPLATES
from reviews.report.vetting.remarking import LONGEST_QUOTE

LONGEST_REMARK = 500


def number(**options) -> forms.IntegerField:
    """A number that the page brings along."""
    told = dict.fromkeys(["required", "invalid", "min_value", "max_value"], PAGE_BROKEN)
    return forms.IntegerField(max_value=2**31 - 1, widget=forms.HiddenInput, error_messages=told, **options)


class RefusalsForm(forms.Form):
    """A form that tells everything that is wrong as sentences."""

    @property
    def refusals(self) -> list[str]:
        return [message for messages in self.errors.values() for message in messages]


class RemarkForm(RefusalsForm):
    """旁批: where, on which words, what."""

    version = number(min_value=1)
    section = forms.ChoiceField(
        choices=Section.choices,
        label="部分",
        error_messages=dict.fromkeys(["required", "invalid_choice"], "请选择要批注的部分。"),
    )
    quote = LongText(longest=LONGEST_QUOTE, rows=2, label="引用原文")
    occurrence = number(min_value=0, required=False)
    remark = LongText(longest=LONGEST_REMARK, rows=2, label="旁批")

    def clean_occurrence(self) -> int:
        return self.cleaned_data["occurrence"] or 0


class ReplyForm(RefusalsForm):
    """述职人 answers a remark."""

    reply = LongText(longest=LONGEST_REMARK, rows=2, label="回应")


class ReasonForm(RefusalsForm):
    """A reason for taking something back."""

    reason = LongText(longest=300, rows=2, label="理由")


def keys_field(label: str) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        coerce=int,
        required=False,
        label=label,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": PAGE_BROKEN, "invalid_list": PAGE_BROKEN},
    )


class ExtensionForm(RefusalsForm):
    """延期: for whom, until when, why. ``reviews`` are those that still wait for their author."""

    reviews = keys_field("述职人")
    due_on = DayField(label="延期至", error_messages={"required": "请选择延期到哪一天。"})
    due_time = forms.TimeField(
        label="时间",
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "时间请写成 18:00 的样子。"},
    )
    reason = LongText(longest=300, rows=3, label="理由")

    def __init__(self, *args, waiting, **options):
        super().__init__(*args, **options)
        self.fields["reviews"].choices = [(review.pk, str(review)) for review in waiting]

    @property
    def due_at(self) -> datetime:
        """The last second of the day unless a time was said."""
        moment = self.cleaned_data["due_time"] or time(23, 59, 59)
        return datetime.combine(self.cleaned_data["due_on"], moment, tzinfo=SHANGHAI)

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            if not cleaned["reviews"]:
                self.add_error("reviews", "请至少选择一位述职人。")
            if not cleaned["reason"].strip():
                self.add_error("reason", "延期须写明理由。")
            if self.due_at <= timezone.now():
                self.add_error("due_on", "延期后的时间已经过去，请选择现在之后的时间。")
        return cleaned


class OpinionsForm(RefusalsForm):
    """审核意见模板, one a line."""

    edition = forms.CharField(
        max_length=16, widget=forms.HiddenInput, error_messages=dict.fromkeys(["required", "max_length"], PAGE_BROKEN)
    )
    texts = LongText(longest=MOST_TEMPLATES * LONGEST_TEMPLATE, rows=14, label="模板")

    @property
    def lines(self) -> list[str]:
        return self.cleaned_data["texts"].splitlines()


class CircleForm(RefusalsForm):
    """公开范围."""

    circle = forms.ChoiceField(
        choices=Circle.choices,
        label="公开范围",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(["required", "invalid_choice"], "请选择公开范围。"),
    )


class PublishForm(CircleForm):
    """公开 one report: which version was looked at, what to cover besides, what not to cover and why."""

    version = number(min_value=1)
    by_hand = LongText(longest=LONGEST_OPINION, rows=3, label="另行遮盖的文字")
    shown = forms.CharField(required=False)
    reason = LongText(longest=300, rows=2, label="不遮盖的理由")

    @property
    def words(self) -> list[str]:
        """The words to cover besides, one a line."""
        return [line.strip() for line in self.cleaned_data.get("by_hand", "").splitlines() if line.strip()]

    @property
    def lifted(self) -> list[str]:
        """Keys of the masks that were lifted; what is no key of the text is left out later."""
        return self.data.getlist("shown") if hasattr(self.data, "getlist") else []


class PublishManyForm(CircleForm):
    """公开 several reports at once."""

    reports = keys_field("报告")

    def __init__(self, *args, publishable, **options):
        super().__init__(*args, **options)
        self.fields["reports"].choices = [(report.pk, str(report.review)) for report in publishable]

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned.get("reports"):
            self.add_error("reports", "请至少选择一份报告。")
        return cleaned
