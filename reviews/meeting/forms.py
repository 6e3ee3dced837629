"""What is typed at the meeting, shaped. Forms save nothing."""

from django import forms
from django.core.validators import MaxLengthValidator

from reviews.meeting.models import Meeting
from reviews.meeting.permissions import leaders_of
from reviews.meeting.recording import LONGEST_TEXT
from reviews.meeting.turnout import PanelTurnout
from reviews.plan.models import Campaign

LONGEST_BOX = 2_000  # characters of one box: some ten times the longest comment measured (C7)
LONGEST_SCRIPT = 100_000
MOST_ENTRIES = 200
MAX_INTEGER = 2_147_483_647


class LongTextField(forms.CharField):
    """A large box; line ends as we store them, whatever the browser sent."""

    def __init__(self, *, rows: int = 5, **options):
        options.setdefault("max_length", LONGEST_BOX)
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **options)
        for validator in self.validators:
            if isinstance(validator, MaxLengthValidator):
                validator.message = "最多 %(limit_value)d 字，现有 %(show_value)d 字，请删减。"

    def widget_attrs(self, widget):
        """The limit for the page to tell; no maxlength, by which the browser cuts a paste short without a word."""
        attrs = super().widget_attrs(widget)
        return attrs | {"data-longest": attrs.pop("maxlength"), "data-label": self.label}

    def to_python(self, value):
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n")


class ChairForm(forms.Form):
    """Who chairs, and when comments are given."""

    chair = forms.ModelChoiceField(label="主持人", queryset=None, required=False, empty_label="（未指定）")
    timing = forms.ChoiceField(label="点评方式", choices=Meeting.Timing)

    def __init__(self, campaign: Campaign, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chair"].queryset = leaders_of(campaign)
        for name in ("chair", "timing"):
            self.fields[name].widget.attrs["class"] = "form-select"


class OpenForm(ChairForm):
    """The meeting begins; a reason only where reports are missing."""

    reason = forms.CharField(
        label="先行召开的原因",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text="还有报告未审核通过时必须填写，原因记入留痕。",
    )


class TurnForm(forms.Form):
    """One press on the console."""

    ACTS = [
        ("start", "开始述职"),
        ("finish", "结束"),
        ("next", "结束并请下一位"),
        ("pause", "暂停"),
        ("resume", "继续"),
        ("absent", "缺席"),
        ("stand_in", "代述"),
        ("reset", "退回待述职"),
    ]
    act = forms.ChoiceField(choices=ACTS)
    absence = forms.CharField(label="缺席原因", required=False, max_length=100)
    upcoming = forms.IntegerField(required=False, min_value=1, max_value=MAX_INTEGER)
    stand_in = forms.CharField(label="代述人姓名", required=False, max_length=30)
    stand_in_post = forms.CharField(label="代述人职务", required=False, max_length=60)
    stand_in_reason = forms.CharField(label="代述原因", required=False, max_length=100)


class AgendaForm(forms.Form):
    """One press on the agenda."""

    WAYS = [
        ("up", "上移"),
        ("down", "下移"),
        ("drag", "拖动"),
        ("done", "完成"),
        ("undone", "撤回完成"),
        ("rename", "改名"),
        ("add", "增加"),
        ("drop", "删除"),
    ]
    way = forms.ChoiceField(choices=WAYS)
    item = forms.IntegerField(required=False, min_value=1, max_value=MAX_INTEGER)
    title = forms.CharField(label="议程", required=False, max_length=60)


class AttendanceForm(forms.Form):
    """实到和请假人数, two boxes a panel; keys are panel keys.

    Only boxes changed on this page count: two consoles may each enter the panels of their own table.
    """

    def __init__(self, rows: list[PanelTurnout], *args, **kwargs):
        super().__init__(*args, **kwargs)
        for row in rows:
            panel = row.panel
            self._add_box(f"present_{panel.pk}", f"{panel}实到（应到 {panel.size} 人）", row.present)
            self._add_box(f"excused_{panel.pk}", f"{panel}请假", row.excused, required=False)

    def _add_box(self, name: str, label: str, initial: int, *, required: bool = True) -> None:
        self.fields[name] = forms.IntegerField(
            label=label,
            min_value=0,
            max_value=MAX_INTEGER,
            initial=initial,
            required=required,
            show_hidden_initial=True,
            widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
        )

    @property
    def present(self) -> dict[int, int]:
        """Panel key -> how many came, once valid; a box that was not changed changes nothing."""
        return self._counts("present_")

    @property
    def excused(self) -> dict[int, int]:
        """Panel key -> how many were excused; nor does a box left empty."""
        return self._counts("excused_")

    def _counts(self, prefix: str) -> dict[int, int]:
        typed = [(name, self.cleaned_data[name]) for name in self.changed_data]
        return {int(name[len(prefix) :]): n for name, n in typed if name.startswith(prefix) and n is not None}


class OrderForm(forms.Form):
    """A number for everybody who waits; who shares a number with another is told so."""

    def __init__(self, turns: list, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.turns = turns
        for place, turn in enumerate(turns, start=1):
            self.fields[f"place_{turn.pk}"] = forms.IntegerField(
                label=f"{turn.review.organization} {turn.review.secretary}",
                min_value=1,
                max_value=9_999,
                initial=place,
                widget=forms.NumberInput(attrs={"class": "form-control order-number", "inputmode": "numeric"}),
            )

    def clean(self):
        taken: dict[int, str] = {}
        for turn in self.turns:
            place = self.cleaned_data.get(f"place_{turn.pk}")
            if place in taken:
                self.add_error(f"place_{turn.pk}", f"{place} 号已给了{taken[place]}，请改成别的号。")
            elif place is not None:
                taken[place] = turn.review.secretary.name
        return self.cleaned_data

    @property
    def sequence(self) -> list[int]:
        """Turn keys in the wanted order, once valid."""
        return [turn.pk for turn in sorted(self.turns, key=lambda turn: self.cleaned_data[f"place_{turn.pk}"])]


class MinutesForm(forms.Form):
    """会议记录: the text, and the edition that the page was filled from."""

    text = LongTextField(label="正文", rows=28, max_length=LONGEST_TEXT)
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MAX_INTEGER)


class CommentForm(forms.Form):
    """点评: three boxes, and the editions that the page was filled from."""

    strengths = LongTextField(label="亮点", required=False, rows=3)
    weaknesses = LongTextField(
        label="主要不足",
        required=False,
        rows=7,
        help_text="用“一是…二是…”分条；每一条提交后成为整改台账里的一个问题。",
    )
    advice = LongTextField(label="建议", required=False, rows=3)
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MAX_INTEGER)
    draft_edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MAX_INTEGER)

    @property
    def texts(self) -> dict[str, str]:
        """The three boxes, once valid."""
        return {name: self.cleaned_data[name] for name in ("strengths", "weaknesses", "advice")}


class PasteForm(forms.Form):
    """A whole comment script, pasted or as a file."""

    script = LongTextField(label="点评稿全文", required=False, rows=16, max_length=LONGEST_SCRIPT)
    file = forms.FileField(label="或上传文件（docx、txt）", required=False)
    leader = forms.ModelChoiceField(label="点评人", queryset=None, empty_label=None)

    def __init__(self, campaign: Campaign, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["leader"].queryset = leaders_of(campaign)

    def clean(self):
        pasted, file = self.cleaned_data.get("script"), self.cleaned_data.get("file")
        if not self.errors and bool(pasted) == bool(file):
            raise forms.ValidationError(
                "粘贴的文字和上传的文件只能用一种，请去掉其中一个。" if pasted else "请粘贴点评稿全文，或上传文件。"
            )
        return self.cleaned_data


class EntryForm(forms.Form):
    """One entry of the script as found, to be corrected: whose, by whom, which words, or left out."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MAX_INTEGER)
    heading = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    how = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    include = forms.BooleanField(label="录入本条", required=False)
    review = forms.TypedChoiceField(label="述职人", coerce=int, empty_value=None, required=False)
    leader = forms.TypedChoiceField(label="点评人", coerce=int, empty_value=None, required=False)
    text = LongTextField(label="点评内容", required=False, rows=4)
    replace = forms.BooleanField(label="替换已有点评", required=False)

    def __init__(self, *args, reviews: dict, leaders: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.reviews, self.leaders = reviews, leaders
        self.fields["review"].choices = [("", "（未匹配，请选择）"), *((pk, str(r)) for pk, r in reviews.items())]
        self.fields["leader"].choices = [(pk, str(person)) for pk, person in leaders.items()]
        for name in ("review", "leader"):
            self.fields[name].widget.attrs["class"] = "form-select"

    def clean(self):
        entry = self.cleaned_data
        if entry.get("include"):
            if not entry.get("review") and "review" not in self.errors:
                self.add_error("review", "请选择这是对哪位述职人的点评，或取消“录入本条”。")
            if not entry.get("leader") and "leader" not in self.errors:
                self.add_error("leader", "请选择点评人。")
            if not entry.get("text") and "text" not in self.errors:
                self.add_error("text", "点评内容是空的。请填写，或取消“录入本条”。")
        return entry


EntryFormSet = forms.formset_factory(
    EntryForm, extra=0, max_num=MOST_ENTRIES, absolute_max=MOST_ENTRIES, validate_max=True
)
