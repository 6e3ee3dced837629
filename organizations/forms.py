"""Forms shape what was typed; they save nothing."""

import re
from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.db.models import QuerySet
from django.utils import timezone

from organizations.cells import clean_text
from organizations.models import Appointment, Organization, Person, Role
from organizations.roster import COLUMNS
from organizations.sheets import address

# More choices than this are no help; the field then takes a name or a code.
SUGGESTED = 300


class TidyField(forms.CharField):
    """Text in the same tidy form that an import stores."""

    def to_python(self, value):
        return clean_text(super().to_python(value) or "")


class DayField(forms.DateField):
    """A day, chosen or typed as 2023-05-01, in a year that somebody can have meant: reckoning goes on from it."""

    default_error_messages = {"invalid": "请按“2026-12-20”的格式填写日期。"}
    FIRST, LAST = 1900, 2199

    def __init__(self, **kwargs):
        super().__init__(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)

    def to_python(self, value):
        day = super().to_python(value)
        if day and not self.FIRST <= day.year <= self.LAST:
            raise forms.ValidationError(f"日期（{day}）的年份不对，请核对年份。")
        return day


class NamedRowField(TidyField):
    """A text field that finds one row of ``rows`` by a code or a name; "名称#12" names row 12 outright."""

    rows: QuerySet
    code = name = unknown = ""

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        numbered = re.search(r"#(\d{1,18})$", text)
        if numbered:
            found = list(self.rows.filter(pk=numbered[1]))
        else:
            found = list(self.rows.filter(**{self.code: text})[:1]) or list(self.rows.filter(**{self.name: text})[:2])
        if not found:
            raise forms.ValidationError(self.unknown % text[:50])
        if len(found) > 1:
            raise forms.ValidationError(f"有几个“{text[:50]}”，请改填编码或从列表中选择带 # 号的一项。")
        return found[0]


class OrganizationField(NamedRowField):
    code, name = "code", "name"
    unknown = "找不到“%s”：请填组织编码或全称，且须在您的管理范围内。"


class PersonField(NamedRowField):
    code, name = "username", "name"
    unknown = "找不到“%s”：请填账号或姓名，且须在您可见的范围内。"


class LoginForm(forms.Form):
    username = forms.CharField(
        label="账号", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label="密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class OwnPasswordForm(forms.Form):
    """The old password once, the new one twice."""

    old = forms.CharField(
        label="现在的密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="新密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="至少 8 位，含小写字母、大写字母、数字、符号中的三种，不含账号。",
    )
    again = forms.CharField(
        label="再输一次新密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, person: Person, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_old(self):
        if not self.person.check_password(self.cleaned_data["old"]):
            raise forms.ValidationError("现在的密码不对。")
        return self.cleaned_data["old"]

    def clean_new(self):
        password_validation.validate_password(self.cleaned_data["new"], self.person)
        return self.cleaned_data["new"]

    def clean(self):
        said = self.cleaned_data
        if said.get("new") and said.get("again") and said["new"] != said["again"]:
            self.add_error("again", "两次输入的新密码不一致。")
        if said.get("new") and said.get("new") == said.get("old"):
            self.add_error("new", "新密码不能与现在的密码相同。")
        return said


class OrganizationForm(forms.Form):
    name = TidyField(label="名称", max_length=100)
    short_name = TidyField(label="简称", max_length=40, required=False)
    kind = forms.ChoiceField(label="类型", choices=Organization.Kind)
    code = TidyField(label="组织编码", max_length=40, required=False)
    term_ends_on = DayField(label="届满日期", required=False)

    def clean_code(self):
        return self.cleaned_data["code"] or None


class MoveForm(forms.Form):
    parent = OrganizationField(
        label="新的上级党组织",
        max_length=150,
        widget=forms.TextInput(attrs={"list": "organizations", "autocomplete": "off"}),
        help_text="填组织编码或全称，或从列表中选择。",
    )

    def __init__(self, organizations: QuerySet[Organization], *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].rows = organizations
        self.suggested = organizations[:SUGGESTED]


class AppointmentForm(forms.Form):
    person = PersonField(
        label="人员",
        max_length=150,
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
        help_text="填账号或姓名，或从列表中选择。",
    )
    position = forms.ChoiceField(label="党内职务", choices=Appointment.Position)
    duty = TidyField(label="行政职务", max_length=60, required=False)
    starts_on = DayField(label="任职日期", initial=timezone.localdate)

    def __init__(self, people: QuerySet[Person], *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].rows = people
        self.suggested = people[:SUGGESTED]


class EndForm(forms.Form):
    """The last day of a post, not years away."""

    on = DayField(label="免职日期", initial=timezone.localdate)

    def clean_on(self):
        if self.cleaned_data["on"] > timezone.localdate() + timedelta(days=366):
            raise forms.ValidationError("免职日期不能晚于一年以后。")
        return self.cleaned_data["on"]


class AccountForm(forms.Form):
    name = TidyField(label="姓名", max_length=60)
    username = forms.RegexField(
        r"^[A-Za-z0-9._-]{3,60}$",
        label="账号",
        error_messages={"invalid": "账号由 3 至 60 位字母、数字、点、横线组成。"},
        help_text="3 至 60 位字母、数字、点、横线。",
    )
    employee_code = TidyField(label="人员编码", max_length=40, required=False)


class GrantForm(forms.Form):
    person = PersonField(
        label="人员",
        max_length=150,
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
        help_text="填账号或姓名，或从列表中选择。",
    )
    role = forms.ChoiceField(label="角色", choices=Role)
    organization = OrganizationField(
        label="党组织（含其下级）",
        max_length=150,
        widget=forms.TextInput(attrs={"list": "organizations", "autocomplete": "off"}),
        help_text="填组织编码或全称，或从列表中选择。",
    )

    def __init__(self, people: QuerySet[Person], organizations: QuerySet[Organization], *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].rows = people
        self.fields["organization"].rows = organizations
        self.suggested_people, self.suggested_organizations = people[:SUGGESTED], organizations[:SUGGESTED]


class TrailFilterForm(forms.Form):
    person = forms.CharField(label="操作人（账号或姓名）", max_length=60, required=False)
    act = forms.CharField(label="行为", max_length=60, required=False)
    since = DayField(label="从", required=False)
    until = DayField(label="到", required=False)


class UploadForm(forms.Form):
    """A workbook, not yet looked into."""

    file = forms.FileField(
        label="花名册（xlsx）",
        allow_empty_file=True,  # an empty file is refused in our own words
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text="Excel 或 WPS 表格，另存为 xlsx；不超过 20 MB、2 万行。",
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(f"文件超过 {settings.UPLOAD_MAX_BYTES // 1024 // 1024} MB。")
        return file


class LayoutForm(forms.Form):
    """Which sheet, which header rows, which column holds what."""

    sheet = forms.ChoiceField(label="工作表")
    header_start = forms.IntegerField(label="表头起始行", min_value=1, max_value=20_000)
    header_end = forms.IntegerField(label="表头结束行", min_value=1, max_value=20_000)

    def __init__(self, sheets: list[str], headings: list[str], *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [(name, name) for name in sheets]
        columns = [("", "（没有这一列）")]
        columns += [
            (number, f"{address(0, number)[:-1]} 列：{title or '（无标题）'}") for number, title in enumerate(headings)
        ]
        for column in COLUMNS:
            self.fields[f"column_{column.key}"] = forms.TypedChoiceField(
                label=column.label, choices=columns, coerce=int, empty_value=None, required=False
            )

    def clean(self):
        said = self.cleaned_data
        start, end = said.get("header_start"), said.get("header_end")
        if start and end and not start <= end <= start + 2:
            self.add_error("header_end", "表头最多三行，结束行不能在起始行之前。")
        chosen = list(self.columns().values())
        if len(set(chosen)) < len(chosen):
            raise forms.ValidationError("同一列不能对应两个项目。")
        return said

    def columns(self) -> dict[str, int]:
        """Column key -> column number, for the columns that were chosen."""
        chosen = {column.key: self.cleaned_data.get(f"column_{column.key}") for column in COLUMNS}
        return {key: number for key, number in chosen.items() if number is not None}
