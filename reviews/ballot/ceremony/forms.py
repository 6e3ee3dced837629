"""Forms of the opening. They shape input and are never saved."""

from django import forms

LONGEST_CODE = 60


class KeyForm(forms.Form):
    """One's own opening code; shown as typed, because it is copied from paper."""

    code = forms.CharField(
        label="您那一份开箱码",
        max_length=LONGEST_CODE,
        help_text="24 个字符，横线可以不输，不分大小写。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class CodesForm(forms.Form):
    """Both codes, where the hall has one computer."""

    first = forms.CharField(
        label="第一位保管人的开箱码", max_length=LONGEST_CODE, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    second = forms.CharField(
        label="第二位保管人的开箱码", max_length=LONGEST_CODE, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
