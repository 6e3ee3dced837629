"""What people type into the year's records. Forms shape input; ``actions`` decides."""

from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from organizations.errors import Refused
from organizations.forms import DayField
from organizations.models import Organization, Person
from reviews.visit.actions import Words
from reviews.visit.models import LONGEST_REMARK, LONGEST_SEEN, MOST_PHOTOS, VisitRecord
from reviews.visit.photos import Photo, draw_anew
from reviews.visit.queries import find_organizations, writable_organizations

LARGEST_INTEGER = 2**31 - 1
LONGEST_KEY = 18  # digits


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class PhotosField(forms.FileField):
    """Up to nine photos from the camera or the album, each drawn anew."""

    widget = SeveralFiles

    def clean(self, value, initial=None) -> list[Photo]:
        files = [each for each in value if each] if isinstance(value, list | tuple) else [value] if value else []
        if len(files) > MOST_PHOTOS:
            raise forms.ValidationError(f"一次最多 {MOST_PHOTOS} 张照片，选了 {len(files)} 张，请去掉几张。")
        photos = []
        for number, each in enumerate(files, start=1):
            try:
                photos.append(draw_anew(each))
            except Refused as refused:
                raise forms.ValidationError(f"第 {number} 张：{refused}") from refused
        return photos


class SeveralRows(forms.ModelMultipleChoiceField):
    """Rows picked by their keys; a key that no database column holds is an unknown choice like any other."""

    def _check_values(self, value):
        for key in value:
            if len(str(key)) > LONGEST_KEY:
                raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super()._check_values(value)


def remark(label: str, hint: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST_REMARK,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": hint}),
    )


class RecordForm(forms.Form):
    """One record: kind and one sentence are enough, the rest may follow within seven days."""

    kind = forms.ChoiceField(
        label="方式",
        choices=VisitRecord.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择方式。", "invalid_choice": "请从所列的方式中选择。"},
    )
    seen = forms.CharField(
        label="看到的情况",
        max_length=LONGEST_SEEN,
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": "一句话也可以。可用输入法的语音键口述。"}),
        error_messages={"required": "请写一句看到的情况。"},
    )
    visited_on = DayField(label="日期", error_messages={"required": "请选择日期。"})
    photos = PhotosField(label="照片", required=False)
    strengths = remark("亮点", "好在哪里，可不填")
    problems = remark("问题", "一条只写一个问题，可不填")
    suggestions = remark("建议", "当场提的建议，可不填")
    place = forms.CharField(label="地点", required=False, max_length=100)
    leaders = SeveralRows(
        Person.objects.none(),
        label="参加的领导",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("invalid_choice", "invalid_pk_value"), "请从所列的领导中选择。"),
    )
    companions = forms.CharField(label="其他人员", required=False, max_length=200)

    def __init__(self, *args, people: QuerySet[Person], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["leaders"].queryset = people
        for name, field in self.fields.items():
            if isinstance(field, forms.CharField | forms.DateField) and name != "kind":
                field.widget.attrs["class"] = "form-control"
        self.fields["visited_on"].widget.attrs["max"] = f"{timezone.localdate():%Y-%m-%d}"

    def clean_visited_on(self):
        if self.cleaned_data["visited_on"] > timezone.localdate():
            raise forms.ValidationError("日期不能晚于今天。")
        return self.cleaned_data["visited_on"]

    @property
    def visible_more(self) -> list:
        """Fields that stand above the people on the page."""
        return [self[name] for name in ("visited_on", "strengths", "problems", "suggestions")]

    @property
    def visible_rest(self) -> list:
        """Fields that stand below them."""
        return [self[name] for name in ("companions", "place")]

    @property
    def words(self) -> Words:
        """The cleaned texts as ``record_visit`` takes them."""
        names = ("kind", "seen", "visited_on", "place", "companions", "strengths", "problems", "suggestions")
        return Words(**{name: self.cleaned_data[name] for name in names})


class NewRecordForm(RecordForm):
    """A record of an organization that is picked, or found by the name typed."""

    organization = forms.ModelChoiceField(
        Organization.objects.none(),
        label="单位",
        required=False,
        error_messages={"invalid_choice": "请从您负责范围内的单位中选择。"},
    )
    organization_name = forms.CharField(label="查找其他单位", required=False, max_length=100)
    wants_problem = forms.BooleanField(label="把问题列入整改台账", required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), "请重试。"))

    def __init__(self, *args, by: Person, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.found: list[Organization] = []
        self.fields["organization"].queryset = writable_organizations(by)

    def clean(self):
        said = super().clean()
        if "organization" in said and not said["organization"]:
            self._find(said.get("organization_name", "").strip())
        return said

    def _find(self, words: str) -> None:
        """The one organization that the typed words name; else what to choose from, and what to do."""
        self.found = find_organizations(self.by, words) if words else []
        exact = [each for each in self.found if words in (each.name, each.short_name, each.code)]
        fits = exact if len(exact) == 1 else self.found
        if len(fits) == 1:
            self.cleaned_data["organization"] = fits[0]
        elif self.found:
            self.add_error("organization", f"有 {len(self.found)} 个单位的名称含“{words}”，请在上面选定一个。")
        elif words:
            self.add_error("organization", f"在您负责的范围内没有找到“{words}”，请换个写法，或从上面选择。")
        else:
            self.add_error("organization", "请选择单位。")

    def with_fresh_key(self) -> "NewRecordForm":
        """The same typed content under a new key: sent again, it is another record."""
        self.data = self.data.copy()
        self.data["key"] = str(uuid4())
        return self


class ChangeRecordForm(RecordForm):
    """What an author changes within seven days."""

    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=LARGEST_INTEGER)
    dropped = SeveralRows(
        None, label="去掉的照片", required=False, error_messages={"invalid_choice": "请从所列的照片中选择。"}
    )

    def __init__(self, *args, record: VisitRecord, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["dropped"].queryset = record.photos.all()

    @classmethod
    def starting_from(cls, record: VisitRecord) -> dict:
        names = ("kind", "seen", "visited_on", "place", "companions", "strengths", "problems", "suggestions", "edition")
        return {name: getattr(record, name) for name in names} | {"leaders": list(record.leaders.all())}


class ReasonForm(forms.Form):
    """An act that asks for nothing but its reason."""

    reason = forms.CharField(
        label="撤回原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请填写撤回原因。"},
    )


class TextForm(forms.Form):
    """One text: a follow-up, or the words of a problem for the ledger."""

    text = forms.CharField(label="内容", max_length=1_000, error_messages={"required": "请填写内容。"})


class ContactForm(forms.Form):
    """One contact point, set by hand."""

    year = forms.IntegerField(min_value=1900, max_value=9999)
    leader = forms.ModelChoiceField(
        Person.objects.none(),
        label="领导",
        error_messages={"required": "请选择领导。", "invalid_choice": "请选择领导。"},
    )
    organization_name = forms.CharField(label="单位", max_length=100, error_messages={"required": "请填写单位。"})

    def __init__(self, *args, people: QuerySet[Person], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["leader"].queryset = people


class ContactTableForm(forms.Form):
    """A pasted table of two columns: leader, unit."""

    year = forms.IntegerField(
        label="年度",
        min_value=1900,
        max_value=9999,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), "年度请填四位数字。"),
    )
    table = forms.CharField(
        label="领导、单位两列",
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "form-control"}),
        error_messages={"required": "请从表格中复制“领导、单位”两列，粘贴到框里。"},
    )
