"""What is typed into a trial: which rules, which figures, and the figures themselves, pasted or in a small table."""

from collections.abc import Sequence

from django import forms

from reviews.grade.trial.pasted import columns_in

EDITED = "edited"
TYPED, LAST, OWN = "typed", "last", "own"
ROWS = 6
LONGEST_PASTE = 100_000


class TrialForm(forms.Form):
    """``trial_rules``: the rules that hold (""), those in the fields, or the key of a preset, version or campaign."""

    trial_rules = forms.ChoiceField(label="用哪套规则试", required=False)
    trial_figures = forms.ChoiceField(label="用哪些票数试", widget=forms.RadioSelect, required=False)
    trial_text = forms.CharField(
        label="从表格中粘贴",
        max_length=LONGEST_PASTE,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )

    def __init__(self, *args, rules: list, figures: list[tuple[str, str]], words: Sequence[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.columns = columns_in(words)
        self.fields["trial_rules"].choices = [("", "现行规则"), (EDITED, "在本页改过的规则（见下）"), *rules]
        self.fields["trial_figures"].choices = figures
        self.fields["trial_figures"].initial = TYPED  # so it is read when nothing is chosen

    @property
    def cells(self) -> list[list[dict]]:
        """The small table: a name, a label and what was typed for each cell."""
        return [
            [
                {"name": name, "label": f"第 {row + 1} 行{column}", "value": self.data.get(name, "")[:40]}
                for place, column in enumerate(self.columns)
                for name in [f"cell-{row}-{place}"]
            ]
            for row in range(ROWS)
        ]

    @property
    def has_cells(self) -> bool:
        """True if anything was typed into the small table."""
        return any(cell["value"] for row in self.cells for cell in row)

    @property
    def text(self) -> str:
        """The figures as tab-separated lines: what was pasted, else the small table."""
        pasted = self.data.get("trial_text", "")
        if pasted.strip():
            return pasted
        rows = ([cell["value"].replace("\t", " ") for cell in row] for row in self.cells)
        return "\n".join("\t".join(row) for row in rows)
