"""Forms of the feedback. They shape input and are never saved."""

from django import forms
from django.utils import timezone


class LettersForm(forms.Form):
    """By when the problems are to be solved."""

    rectify_by = forms.DateField(label="整改期限", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))

    def clean_rectify_by(self):
        day = self.cleaned_data["rectify_by"]
        if day <= timezone.localdate():
            raise forms.ValidationError("整改期限须晚于今天。")
        return day
