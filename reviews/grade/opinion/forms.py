"""The opinion as it is typed."""

from django import forms


class OpinionForm(forms.Form):
    """One text, and which text the page was opened with."""

    text = forms.CharField(
        label="综合评价意见",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 11, "class": "form-control", "data-counted": ""}),
    )
    seen = forms.CharField(max_length=16, widget=forms.HiddenInput)
