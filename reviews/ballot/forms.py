"""Forms of the console. They shape input and are never saved."""

from django import forms


class PrepareForm(forms.Form):
    """One number a panel: slips beyond the roll."""

    def __init__(self, *args, panels, **kwargs):
        super().__init__(*args, **kwargs)
        for panel in panels:
            self.fields[f"spare_{panel.code}"] = forms.IntegerField(
                label=f"{panel}（应到 {panel.size} 人）备用张数", min_value=0, max_value=50, initial=0
            )

    @property
    def spare(self) -> dict[str, int]:
        return {name.removeprefix("spare_"): count for name, count in self.cleaned_data.items()}


class KeysForm(forms.Form):
    """``replaces`` says which codes the person saw when asking, so that a page loaded again makes no new ones."""

    replaces = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    custodians = forms.TypedChoiceField(
        label="保管人",
        coerce=int,
        choices=[(2, "两人保管，两人到场才能开箱"), (3, "三人保管，任两人到场即可开箱（一人遗失仍可开箱）")],
        initial=3,
    )


class CodesForm(forms.Form):
    """Two codes; shown as typed, because people copy them from paper."""

    first = forms.CharField(
        label="第一位保管人的开箱码", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    second = forms.CharField(
        label="第二位保管人的开箱码", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=300)
