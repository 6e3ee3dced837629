"""What authors and vetters type, shaped and bounded; nothing is saved here."""

from django import forms

from reviews.report.models import Section, Vetting
from reviews.report.tidy import tidy

LONGEST_SECTION = 60_000  # letters; twenty times what a campaign asks for
LONGEST_OPINION = 3_000
ROWS = {Section.PRIOR: 8, Section.DUTY: 16, Section.PROBLEMS: 12, Section.PLANS: 8, Section.SELF_EVALUATION: 5}
PAGE_BROKEN = "页面内容不完整，请刷新页面后重试。"


class LongText(forms.CharField):
    """Typed or pasted text without invisible characters. Too long is told, never cut off."""

    def __init__(self, *, longest: int, rows: int, **options):
        self.longest = longest
        # No maxlength in the page: the browser would cut a paste short without a word.
        super().__init__(strip=False, required=False, widget=forms.Textarea({"rows": rows}), **options)

    def widget_attrs(self, widget):
        """The limit, so that the page tells it before it sends a text that no server takes."""
        return {**super().widget_attrs(widget), "data-longest": self.longest, "data-label": self.label}

    def to_python(self, value):
        text = super().to_python(value)
        return tidy(text) if len(text) <= 2 * self.longest else text

    def validate(self, value):
        if len(value) > self.longest:
            raise forms.ValidationError(
                f"“{self.label}”有 {len(value):,} 字，超过 {self.longest:,} 字的上限，没有保存。请删减后重试。"
            )


class SectionsForm(forms.Form):
    """The five sections, and the edition that the author started from."""

    edition = forms.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(["required", "invalid", "min_value", "max_value"], PAGE_BROKEN),
    )
    keep_current = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for section in Section:
            self.fields[section.value] = LongText(longest=LONGEST_SECTION, rows=ROWS[section], label=section.label)

    @property
    def sections(self) -> dict[str, str]:
        """Section name -> tidy text; a section that was refused is left out."""
        return {name: self.cleaned_data[name] for name in Section.values if name in self.cleaned_data}

    @property
    def refusals(self) -> list[str]:
        """Everything that is wrong, as sentences."""
        return [message for messages in self.errors.values() for message in messages]


class VettingForm(forms.Form):
    """审核意见: which version was read, the verdict, the opinion, typed or chosen."""

    version = forms.IntegerField(
        min_value=1,
        max_value=2**31 - 1,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(["required", "invalid", "min_value", "max_value"], PAGE_BROKEN),
    )
    verdict = forms.ChoiceField(
        choices=Vetting.Verdict,
        error_messages=dict.fromkeys(["required", "invalid_choice"], "请选择“通过”或“退回修改”。"),
    )
    # Whatever the list held when the page was made: the words themselves come back, not a number in a list.
    template = LongText(longest=LONGEST_OPINION, rows=1, label="常用意见")
    opinion = LongText(longest=LONGEST_OPINION, rows=6, label="审核意见")

    def clean(self):
        cleaned = super().clean()
        opinion = cleaned.get("opinion") or cleaned.get("template") or ""
        if cleaned.get("verdict") == Vetting.Verdict.RETURNED and not opinion and "opinion" not in self.errors:
            self.add_error("opinion", "退回修改须写明意见，述职人才知道改什么。")
        return cleaned | {"opinion": opinion}
