"""Forms of the console. They shape input and are never saved."""

from django import forms

from organizations.models import Person
from scoring.paper import LARGEST_BATCH

MOST_KEEPERS = 3


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


class PaperForm(forms.Form):
    """Of every panel: how many of its ballots are made on paper, how many of its spare are made later if needed."""

    def __init__(self, *args, panels, **kwargs):
        super().__init__(*args, **kwargs)
        for panel in panels:
            self.fields[f"paper_{panel.code}"] = forms.IntegerField(
                label=f"{panel.label}（共 {panel.slip_limit} 张）其中纸质票",
                min_value=0,
                max_value=panel.slip_limit,
                initial=0,
                required=False,
            )
            if panel.spare:
                self.fields[f"later_{panel.code}"] = forms.IntegerField(
                    label=f"{panel.label}备用 {panel.spare} 张，其中现在不印、留待会上补制",
                    min_value=0,
                    max_value=panel.spare,
                    initial=0,
                    required=False,
                    help_text="会上补制也须写明原因、经纪委会签。",
                )

    @property
    def paper(self) -> dict[str, int]:
        return self._counts("paper_")

    @property
    def later(self) -> dict[str, int]:
        return self._counts("later_")

    def _counts(self, prefix: str) -> dict[str, int]:
        given = self.cleaned_data.items()
        return {name.removeprefix(prefix): count or 0 for name, count in given if name.startswith(prefix)}


class SupplementForm(forms.Form):
    """Slips beyond those printed: of which panel, how many, why. ``panels``: (panel, how many are left) each."""

    def __init__(self, *args, panels, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(panel.code, f"{panel.label}（还可补制 {left} 张）") for panel, left in panels]
        self.fields["panel"] = forms.ChoiceField(label="票种", choices=choices)
        self.fields["count"] = forms.IntegerField(label="补制张数", min_value=1, max_value=50, initial=1)
        self.fields["reason"] = forms.CharField(
            label="补制原因", max_length=200, help_text="如纸条损坏、迟到人员没有领到；不写姓名。"
        )


class BatchForm(forms.Form):
    """A pile of paper: of which panel, how many sheets, how many slips were torn for it."""

    def __init__(self, *args, balances, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(each.panel.code, each.panel.label) for each in balances]
        self.fields["panel"] = forms.ChoiceField(label="票种", choices=choices)
        self.fields["sheets"] = forms.IntegerField(
            label="清点张数", min_value=1, max_value=LARGEST_BATCH, help_text=f"每批最多 {LARGEST_BATCH} 张。"
        )
        self.fields["exchanged"] = forms.IntegerField(
            label="其中用测评码换领的张数",
            min_value=0,
            max_value=LARGEST_BATCH,
            initial=0,
            required=False,
            help_text="换发纸质票时收回、撕毁的测评码张数，没有填 0。",
        )


class KeysForm(forms.Form):
    """``replaces`` says which codes the person saw when asking, so that a page loaded again makes no new ones.

    ``people``: who may keep a code; who is named for one enters it from his own account.
    """

    replaces = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    custodians = forms.TypedChoiceField(
        label="保管人",
        coerce=int,
        choices=[(2, "两人保管，两人到场才能开箱"), (3, "三人保管，任两人到场即可开箱（一人遗失仍可开箱）")],
        initial=3,
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        choices = [("", "（不登记，拿到的保管人自己输入）"), *self.people.items()]
        for number in range(1, MOST_KEEPERS + 1):
            self.fields[f"keeper_{number}"] = forms.ChoiceField(
                label=f"第 {number} 份交给", required=False, choices=choices
            )

    def clean(self):
        if self.cleaned_data.get("custodians") == 2 and self.cleaned_data.get("keeper_3"):
            self.add_error("keeper_3", "选了两人保管，只有两份开箱码。请改为三人保管，或不选第 3 份。")
        return self.cleaned_data

    @property
    def keepers(self) -> list[Person | None]:
        """Who is handed which code, in their order."""
        return [self.people.get(self.cleaned_data[f"keeper_{number}"]) for number in range(1, MOST_KEEPERS + 1)]


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=300)
