"""The form of a notice. It shapes input and is never saved."""

from django import forms

from reviews.grade.publishing.models import GradeNotice


class AudienceForm(forms.Form):
    """To whom the grades are told."""

    audience = forms.ChoiceField(
        label="公布范围",
        choices=GradeNotice.Audience.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择公布范围。"},
    )
