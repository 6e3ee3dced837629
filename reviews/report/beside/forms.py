"""What the author types beside the text: an answer, an anchor, files, the cells of the annex. Nothing is saved here."""

from django import forms

from organizations.errors import Refused
from reviews.ledger.evidence import ACCEPTED, Evidence, check_evidence
from reviews.ledger.models import Progress
from reviews.report.beside.actions import LONGEST_ANSWER, MEGABYTE, MOST_BYTES, MOST_FILES
from reviews.report.beside.anchors import LONGEST_QUOTE
from reviews.report.beside.annex import GROUPS, LABELS, LARGEST, TOTALS, faults
from reviews.report.beside.answers import AnswerLine
from reviews.report.forms import LongText
from reviews.report.models import Answer, Attachment, Section

FILES_HINT = (
    f"{ACCEPTED}，可一次选多个；每个不超过 20 MB，一份报告最多 {MOST_FILES} 个、合计 {MOST_BYTES // MEGABYTE} MB"
)


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFiles(forms.FileField):
    """Several files, each proved by its content (SECURITY F3): a list of Evidence."""

    widget = ManyFilesInput

    def __init__(self, **options):
        super().__init__(label="佐证文件", help_text=FILES_HINT, allow_empty_file=True, **options)

    def clean(self, value, initial=None) -> list[Evidence]:
        uploads = [each for each in (value or []) if each] if isinstance(value, list | tuple) else [value]
        uploads = [each for each in uploads if each is not None]
        if not uploads:
            if self.required:
                raise forms.ValidationError("请先选择文件。")
            return []
        if len(uploads) > MOST_FILES:
            raise forms.ValidationError(f"一次最多选 {MOST_FILES} 个文件，您选了 {len(uploads)} 个，没有保存。")
        return [self.proved(each) for each in uploads]

    def proved(self, upload) -> Evidence:
        super().clean(upload)
        try:
            return check_evidence(upload, upload.name)
        except Refused as refused:
            raise forms.ValidationError(f"“{upload.name[:60]}”没有保存：{refused}") from refused


class ProgressChoice(forms.ModelChoiceField):
    def label_from_instance(self, entry: Progress) -> str:
        paper = "（附佐证）" if entry.evidence else ""
        return f"{entry.at:%Y-%m-%d} {entry.text[:40]}{paper}"


class FileChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, file: Attachment) -> str:
        return file.name


class AnswerForm(forms.Form):
    """整改答复 to one problem; begins with what was said, or with what the ledger knows."""

    state = forms.ChoiceField(
        label="整改结果",
        choices=Answer.State,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(["required", "invalid_choice"], "请选择整改结果：已整改、部分整改或未整改。"),
    )
    words = LongText(longest=LONGEST_ANSWER, rows=3, label="整改情况")
    progress = ProgressChoice(
        Progress.objects.none(),
        required=False,
        label="以台账中的进展为佐证",
        empty_label="不选",
        error_messages={"invalid_choice": "所选的进展已不在台账中，请重新选择。"},
    )
    removed = FileChoices(
        Attachment.objects.none(),
        required=False,
        label="移除已传的佐证（勾选后保存）",
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(["invalid_choice", "invalid_pk_value"], "所选的文件已移除，请刷新页面。"),
    )
    files = ManyFiles(required=False)
    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args, line: AnswerLine, **options):
        begun = {
            "state": line.state,
            "words": line.words,
            "progress": line.progress and line.progress.pk,
            "seen": line.seen,
        }
        super().__init__(*args, initial=begun, prefix=f"a{line.problem.pk}", **options)
        self.fields["progress"].queryset = line.problem.progress.all()
        self.fields["removed"].queryset = Attachment.objects.filter(pk__in=[file.pk for file in line.files])

    def clean_words(self) -> str:
        if not self.cleaned_data["words"]:
            raise forms.ValidationError("请写明整改情况。")
        return self.cleaned_data["words"]

    def see(self, line: AnswerLine) -> None:
        """From here on the author has seen what stands there: saved once more, his words go over it."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = line.seen


class AnchorForm(forms.Form):
    """Where in the text a content item stands; both may be left empty: then it is only ticked."""

    section = forms.ChoiceField(
        label="所在部分",
        choices=[("", "请选择"), *Section.choices],
        required=False,
        error_messages={"invalid_choice": "请从列表中选择报告的一个部分。"},
    )
    quote = LongText(longest=20 * LONGEST_QUOTE, rows=1, label="原文开头几个字")


class FilesForm(forms.Form):
    """佐证材料: one file or several."""

    files = ManyFiles(required=True)


class AnnexForm(forms.Form):
    """数据附表: a number a cell; an empty cell counts 0."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name, label in LABELS.items():
            self.fields[name] = forms.IntegerField(
                label=label,
                required=False,
                min_value=0,
                max_value=LARGEST,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                error_messages=dict.fromkeys(["invalid", "min_value", "max_value"], f"请填 0 到 {LARGEST:,} 的整数。"),
            )
        self.told: dict[str, str] = {}

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            if not cleaned.get("members"):
                self.add_error("members", "请填写党员总数。")
            self.told = dict(faults(self.cells))
            if self.told:
                self.add_error(None, "各项相加与总数不符，没有保存。请按红字提示核对。")
        return cleaned

    @property
    def cells(self) -> dict[str, int]:
        """Cell name -> whole number."""
        return {name: self.cleaned_data.get(name) or 0 for name in LABELS}

    @property
    def totals(self) -> list:
        return [self[name] for name, _ in TOTALS]

    @property
    def groups(self) -> list[tuple[str, list, str]]:
        """Each group's label, its boxes, and what is wrong with their sum."""
        return [
            (group.label, [self[name] for name, _ in group.parts], self.told.get(group.name, "")) for group in GROUPS
        ]
