"""Forms of the feedback. They shape input and are never saved."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from organizations.forms import DayField
from reviews.grade.feedback.actions import FEWEST_DAYS_TO_OBJECT, MOST_DAYS_TO_OBJECT, USUAL_DAYS_TO_OBJECT
from reviews.grade.feedback.models import Objection
from reviews.grade.feedback.objecting import USUAL_DAYS_TO_ANSWER, Answer
from reviews.grade.models import Fact, grade_choices


def long_text(label: str, *, rows: int = 4, **options) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": rows}), **options)


class LettersForm(forms.Form):
    """By when the problems are to be solved, and how long each may object."""

    rectify_by = DayField(label="整改期限")
    objection_days = forms.IntegerField(
        label="异议期（日）",
        min_value=FEWEST_DAYS_TO_OBJECT,
        max_value=MOST_DAYS_TO_OBJECT,
        initial=USUAL_DAYS_TO_OBJECT,
        required=False,
        help_text="签收的次日起算。发出后满同样日数仍未签收的，按届满之日收到计算。",
    )

    def clean_rectify_by(self):
        day = self.cleaned_data["rectify_by"]
        if day <= timezone.localdate():
            raise forms.ValidationError("整改期限须晚于今天。")
        return day

    def clean_objection_days(self):
        return self.cleaned_data["objection_days"] or USUAL_DAYS_TO_OBJECT


class ObjectionForm(forms.Form):
    """提出异议."""

    asks = forms.ChoiceField(label="请求事项", choices=Objection.Asks.choices, widget=forms.RadioSelect)
    grounds = long_text(
        "理由和依据", rows=6, help_text="写明哪一项不符合实际、依据是什么（文件、日期、可以核实的人）。"
    )


class AcknowledgeForm(forms.Form):
    """受理: by when it is answered."""

    due_on = DayField(label="答复期限")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = timezone.localdate() + timedelta(days=USUAL_DAYS_TO_ANSWER)


class AnswerForm(forms.Form):
    """复核意见."""

    outcome = forms.ChoiceField(label="复核结论", choices=Objection.Outcome.choices, widget=forms.RadioSelect)
    grade = forms.ChoiceField(
        label="变更为",
        required=False,
        help_text="结论为“变更等次”时选择。",
    )
    unfounded = forms.MultipleChoiceField(
        label="认定不成立的事实",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="随批准撤回，不再计入评定；等次不变、更正意见的也可以勾选。",
    )
    opinion = long_text("更正后的综合评价意见", required=False, help_text="不更正意见的不填。")
    finding = long_text("复核情况和理由", help_text="核实了什么、找谁核实、为什么维持或变更。原文告知本人。")
    reference = forms.CharField(
        label="研究会议",
        max_length=120,
        required=False,
        help_text="更正意见或变更等次须经集体研究；维持的可以不填。",
    )
    decided_on = DayField(label="研究日期", required=False)

    def __init__(self, *args, objection: Objection, **kwargs):
        proposed = {name: getattr(objection, name) for name in ("outcome", "grade", "opinion", "finding", "reference")}
        initial = {**proposed, "decided_on": objection.decided_on, "unfounded": objection.unfounded}
        super().__init__(*args, initial=initial, **kwargs)
        facts = Fact.objects.counting().filter(review=objection.letter.review_id)
        choices = [(fact.pk, f"{fact.get_code}：{fact.evidence[:60]}") for fact in facts]
        self.fields["grade"].choices = [("", "不变更"), *grade_choices(objection.review.campaign)]
        if choices:
            self.fields["unfounded"].choices = choices
        else:
            del self.fields["unfounded"]

    @property
    def answer(self) -> Answer:
        """The cleaned values as ``propose_answer`` takes them."""
        said = self.cleaned_data
        unfounded = tuple(int(key) for key in said.get("unfounded", []))
        return Answer(**{**said, "unfounded": unfounded})


class ReasonForm(forms.Form):
    """One reason in words."""

    reason = forms.CharField(label="原因", max_length=300)


class LateForm(ReasonForm):
    """准予逾期提出: until when, and why."""

    until = DayField(label="准予提出至")
    field_order = ("until", "reason")
