"""A whole report as its author brings it, and the parts that it was cut into, corrected by hand."""

import re
from collections.abc import Iterable

from django import forms

from reviews.report.forms import LONGEST_SECTION, LongText, SectionsForm
from reviews.report.models import Section
from reviews.report.word.parts import DROPPED, MOST_PARTS, UNPLACED, Part

LONGEST_PASTE = 300_000  # letters
LONGEST_NOTICES = 4_000
LONGEST_HEADING = 200
DROPPED_LABEL = "不采用（标题、称谓、落款等）"
KINDS = [(UNPLACED, "—— 请选择 ——"), *Section.choices, (DROPPED, DROPPED_LABEL)]
MOST_ROWS, FEWEST_ROWS, LETTERS_A_ROW = 14, 2, 44
# What the buttons of a part may ask for.
SHIFT = re.compile(r"(merge|up|down|split|count)-(\d{1,2})")


class UploadForm(forms.Form):
    """A whole report, as a file or pasted."""

    file = forms.FileField(label="文件（.docx 或 .txt）", required=False, allow_empty_file=True)
    text = LongText(longest=LONGEST_PASTE, rows=12, label="粘贴全文")

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned.get("file") and not cleaned.get("text"):
            raise forms.ValidationError("请选择一个 .docx 或 .txt 文件，或把全文粘贴到文本框中。")
        if cleaned.get("file") and cleaned.get("text"):
            raise forms.ValidationError("文件和粘贴的文字只能选一种，请清空其中一项。")
        return cleaned


class PartForm(forms.Form):
    """One part of an uploaded report, the title that stood over it, and the section that it goes to."""

    kind = forms.ChoiceField(choices=KINDS, required=False, label="归入")
    text = LongText(longest=LONGEST_PASTE, rows=6, label="文字")
    heading = forms.CharField(required=False, max_length=LONGEST_HEADING, widget=forms.HiddenInput)
    # The line in which the cursor stood when a cut was asked for; only a script knows it.
    row = forms.IntegerField(required=False, min_value=0, max_value=LONGEST_PASTE, widget=forms.HiddenInput)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["text"].widget.attrs["rows"] = rows_for(str(self["text"].value() or ""))

    @property
    def part(self) -> Part:
        """The part as it was posted."""
        said = self.cleaned_data
        return Part(said.get("kind") or UNPLACED, said.get("text") or "", said.get("heading") or "")

    @property
    def shown(self) -> Part:
        """The part as it stands on the page, valid or not."""
        return Part(
            str(self["kind"].value() or ""), str(self["text"].value() or ""), str(self["heading"].value() or "")
        )


PartFormSet = forms.formset_factory(PartForm, extra=0, max_num=MOST_PARTS, absolute_max=MOST_PARTS, validate_max=True)


class TakeForm(forms.Form):
    """Which edition the author saw, whether written text may be replaced, and what was told of the file."""

    edition = SectionsForm.base_fields["edition"]
    overwrite = forms.BooleanField(required=False, label="替换现有文字（现有文字先存为一个版本，可以找回）")
    notices = forms.CharField(required=False, max_length=LONGEST_NOTICES, widget=forms.HiddenInput)
    grave = forms.CharField(required=False, max_length=LONGEST_NOTICES, widget=forms.HiddenInput)


def rows_for(text: str) -> int:
    """How high the box of a text stands, in lines: all of a short one is seen at once."""
    rows = sum(1 + len(line) // LETTERS_A_ROW for line in text.split("\n"))
    return max(FEWEST_ROWS, min(MOST_ROWS, rows))


def formset_of(parts: Iterable[Part]):
    """The parts as forms to correct."""
    initial = [{"kind": part.kind, "text": part.text, "heading": part.heading[:LONGEST_HEADING]} for part in parts]
    return PartFormSet(initial=initial, prefix="part")


def sections_of(parts: Iterable[Part]) -> dict[str, str]:
    """The sections that the parts make, parts of one section one after the other.

    Raises ValidationError when a part waits for its place, when nothing was chosen, or a section grows too long.
    """
    sections: dict[str, str] = {}
    waiting = []
    for number, part in enumerate(parts, start=1):
        if part.kind == UNPLACED and part.text:
            waiting.append(f"第 {number} 块")
        elif part.kind not in {UNPLACED, DROPPED} and part.text:
            sections[part.kind] = f"{sections[part.kind]}\n{part.text}" if part.kind in sections else part.text
    if waiting:
        raise forms.ValidationError(
            f"{'、'.join(waiting[:10])}还没有选择归入哪一部分，尚未采用。不需要的文字请选“{DROPPED_LABEL}”。"
        )
    if not sections:
        raise forms.ValidationError("所有文字都选了不采用，没有可以采用的内容。请至少给一块文字选择归入的部分。")
    for kind, text in sections.items():
        if len(text) > LONGEST_SECTION:
            raise forms.ValidationError(
                f"归入“{Section(kind).label}”的文字有 {len(text):,} 字，超过 {LONGEST_SECTION:,} 字的上限。请删减。"
            )
    return sections
