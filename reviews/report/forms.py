"""What authors and vetters type, shaped and bounded; nothing is saved here."""

from django import forms

from reviews.report.models import Section, Vetting
from reviews.report.tidy import tidy

LONGEST_SECTION = 60_000  # letters; twenty times what a campaign asks for
LONGEST_PASTE = 300_000
LONGEST_OPINION = 3_000
MOST_PARTS = 60
ROWS = {Section.PRIOR: 8, Section.DUTY: 16, Section.PROBLEMS: 12, Section.PLANS: 8, Section.SELF_EVALUATION: 5}
# The usual opinions, to choose from and reword.
OPINIONS = [
    "报告结构完整，问题查摆较实，同意作为述职报告提交评议会。",
    "问题部分篇幅偏少，请对照上年点评和平时督查情况，补充具体问题并分析原因。",
    "问题多用“有的”“个别”等泛指，请把自己摆进去，写清具体表现。",
    "下一步打算不够具体，请写明措施、责任人和完成时限。",
    "上年度问题没有逐条回应，请逐条写明整改结果。",
    "篇幅超过要求，请压缩到规定字数以内。",
    "文中有未填写的占位符或范文残留，请全文核对后重新提交。",
]
PAGE_BROKEN = "页面内容不完整，请刷新页面后重试。"


class LongText(forms.CharField):
    """Typed or pasted text without invisible characters. Too long is told, never cut off."""

    def __init__(self, *, longest: int, rows: int, **options):
        # No maxlength in the page: the browser would cut a paste short without a word.
        super().__init__(strip=False, required=False, widget=forms.Textarea({"rows": rows}), **options)
        self.longest = longest

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
    """One part of an uploaded report, and the section that it goes to."""

    kind = forms.ChoiceField(choices=[("", "不采用"), *Section.choices], required=False, label="归入")
    text = LongText(longest=LONGEST_PASTE, rows=6, label="文字")


PartFormSet = forms.formset_factory(PartForm, extra=0, max_num=MOST_PARTS, absolute_max=MOST_PARTS, validate_max=True)


def sections_of(parts) -> dict[str, str]:
    """The sections that the chosen parts make, parts of one section one after the other.

    Raises ValidationError when nothing was chosen or a section grows too long.
    """
    sections: dict[str, str] = {}
    for part in parts:
        kind, text = part.cleaned_data.get("kind"), part.cleaned_data.get("text")
        if kind and text:
            sections[kind] = f"{sections[kind]}\n{text}" if kind in sections else text
    if not sections:
        raise forms.ValidationError("没有选择任何部分。请至少给一段文字选择“归入”的部分。")
    for kind, text in sections.items():
        if len(text) > LONGEST_SECTION:
            raise forms.ValidationError(
                f"归入“{Section(kind).label}”的文字有 {len(text):,} 字，超过 {LONGEST_SECTION:,} 字的上限。请删减。"
            )
    return sections


class TakeForm(forms.Form):
    """Which edition the author saw, and whether written text may be replaced."""

    edition = SectionsForm.base_fields["edition"]
    overwrite = forms.BooleanField(required=False, label="替换现有文字（现有文字先存为一个版本，可以找回）")


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
    template = forms.ChoiceField(
        choices=[("", "选择常用意见，可再修改"), *((opinion, opinion) for opinion in OPINIONS)],
        required=False,
        label="常用意见",
    )
    opinion = LongText(longest=LONGEST_OPINION, rows=6, label="审核意见")

    def clean(self):
        cleaned = super().clean()
        opinion = cleaned.get("opinion") or cleaned.get("template") or ""
        if cleaned.get("verdict") == Vetting.Verdict.RETURNED and not opinion and "opinion" not in self.errors:
            self.add_error("opinion", "退回修改须写明意见，述职人才知道改什么。")
        return cleaned | {"opinion": opinion}
