"""What is typed into the pages of the plan, brought into values that the actions take."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone

from organizations.forms import DayField
from organizations.models import Organization
from reviews.plan.models import Campaign, ContentItem, PanelPlan, Review, Stage
from reviews.plan.presets import PRESETS, PanelSpec
from reviews.plan.quorum import FIELDS as QUORUM
from reviews.plan.timetable import LABELS, Timetable, timetable_of

DATE_FIELDS = {
    "starts_on": "starts_on",
    "report_due_at": "report_due_on",
    "meets_on": "meets_on",
    "filing_due_at": "filing_due_on",
    "ends_on": "ends_on",
}


def date_field(name: str, *, required: bool = True, hint: str = "") -> DayField:
    """A day, picked from the browser's calendar or typed as 2026-12-20."""
    return DayField(label=LABELS[name], required=required, help_text=hint)


def _either(label: str, yes: str, no: str) -> forms.TypedChoiceField:
    """A choice between two words within a sentence; None when left out."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("True", yes), ("False", no)],
        coerce=lambda typed: typed == "True",
        empty_value=None,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )


def _small() -> forms.NumberInput:
    """A number within a sentence."""
    return forms.NumberInput(attrs={"class": "form-control"})


class DatesForm(forms.Form):
    """The five days. ``timetable`` of the cleaned values has them all; those left empty follow the meeting day."""

    def clean(self) -> dict:
        values = super().clean()
        if not values.get("meets_on") or not values.get("year") or self.errors:
            return values
        usual = Timetable.around(values["meets_on"])
        days = {name: values.get(name) or getattr(usual, name) for name in DATE_FIELDS.values()}
        values["timetable"] = Timetable(**days)
        for field, fault in values["timetable"].faults(values["year"]).items():
            self.add_error(DATE_FIELDS[field], fault)
        return values


class NewCampaignForm(DatesForm):
    """A new campaign: from which pattern, whose, which year, when the meeting is."""

    source = forms.ChoiceField(
        label="从哪里开始",
        widget=forms.RadioSelect,
        help_text="沿用往年活动时，考核内容、票种、规则和报告要求照搬；述职人另选，日期另定。",
    )
    organizer = forms.ModelChoiceField(label="组织实施单位", queryset=Organization.objects.none(), empty_label=None)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    title = forms.CharField(
        label="名称", max_length=120, required=False, help_text="留空则为“年度＋党组织书记抓基层党建述职评议考核”。"
    )
    meets_on = date_field("meets_on", hint="其他日期留空时，按会议日推算。")
    place = forms.CharField(label="会议地点", max_length=100, required=False)
    basis = forms.CharField(
        label="依据文件",
        max_length=2000,
        required=False,
        help_text="上级通知、预通知等，一行一份。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    starts_on = date_field("starts_on", required=False, hint="留空：会前 30 天")
    report_due_on = date_field("report_due_at", required=False, hint="留空：会前一周，当日 23:59:59 截止")
    filing_due_on = date_field("filing_due_at", required=False, hint="留空：会后 7 日内")
    ends_on = date_field("ends_on", required=False, hint="留空：会后 180 天，含一次半年通报")

    def __init__(self, *args, organizers, patterns, **kwargs):
        super().__init__(*args, **kwargs)
        self.patterns = {f"campaign:{campaign.pk}": campaign for campaign in patterns}
        presets = [(f"preset:{name}", f"{preset.label}——{preset.description}") for name, preset in PRESETS.items()]
        earlier = [(key, f"沿用：{campaign}（{campaign.organizer}）") for key, campaign in self.patterns.items()]
        self.fields["source"].choices = presets + earlier
        self.fields["source"].initial = presets[0][0]
        self.fields["organizer"].queryset = organizers
        self.fields["year"].initial = timezone.localdate().year

    def clean(self) -> dict:
        values = super().clean()
        if not values.get("title") and values.get("year"):
            values["title"] = f"{values['year']}年度党组织书记抓基层党建述职评议考核"
        return values


class BasicsForm(DatesForm):
    """Title, place, dates ... of a campaign. After publishing only place and dates, with a reason."""

    title = forms.CharField(label="名称", max_length=120)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    basis = forms.CharField(label="依据文件", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    place = forms.CharField(label="会议地点", max_length=100, required=False)
    speaking_minutes = forms.IntegerField(label="述职时限（分钟）", min_value=1, max_value=60)
    # One sentence with four places; what is left empty stays as it is.
    quorum_is_strict = _either("到会人数比较方式", "超过", "不少于")
    quorum_num = forms.IntegerField(label="到会比例分子", min_value=1, max_value=100, required=False, widget=_small())
    quorum_den = forms.IntegerField(label="到会比例分母", min_value=1, max_value=100, required=False, widget=_small())
    quorum_is_binding = _either("到会人数不足时", "不得开始测评", "须写明理由方可开始测评")
    starts_on = date_field("starts_on")
    report_due_on = date_field("report_due_at", hint="当日 23:59:59 截止")
    meets_on = date_field("meets_on")
    filing_due_on = date_field("filing_due_at", hint="当日 23:59:59 截止")
    ends_on = date_field("ends_on")
    reason = forms.CharField(
        label="调整原因", max_length=300, required=False, help_text="发布后调整须写明，并记入留痕。"
    )

    FIXED_AFTER_PUBLISHING = ("title", "year", "basis", "speaking_minutes", *QUORUM)

    def __init__(self, *args, campaign: Campaign, **kwargs):
        days = timetable_of(campaign)
        kwargs["initial"] = {
            **{name: getattr(campaign, name) for name in (*self.FIXED_AFTER_PUBLISHING, "place")},
            **{name: getattr(days, name) for name in DATE_FIELDS.values()},
        }
        super().__init__(*args, **kwargs)
        if campaign.stage == Stage.PLANNING:
            del self.fields["reason"]
        else:
            for name in self.FIXED_AFTER_PUBLISHING:
                self.fields[name].disabled = True

    def clean(self) -> dict:
        values = super().clean()
        for name in QUORUM:
            if values.get(name) is None and name not in self.errors:
                values[name] = self.initial[name]
        num, den = (values.get(name) for name in QUORUM[:2])
        if num and den and num > den:
            self.add_error("quorum_num", "到会比例不能大于 1，请检查分子和分母。")
        return values

    @property
    def values(self) -> dict:
        """The cleaned basics without the days, as the action takes them."""
        return {name: self.cleaned_data[name] for name in (*self.FIXED_AFTER_PUBLISHING, "place")}


class ContentForm(forms.Form):
    """One content item; an empty text takes it off the list."""

    number = forms.IntegerField(label="序号", min_value=1, max_value=99, required=False)
    text = forms.CharField(
        label="内容",
        max_length=ContentItem._meta.get_field("text").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ContentFormSet(forms.BaseFormSet):
    """The items in the order of their numbers; a number left empty puts an item last."""

    @property
    def texts(self) -> list[str]:
        filled = [form.cleaned_data for form in self.forms if form.cleaned_data.get("text", "").strip()]
        filled.sort(key=lambda values: values.get("number") or 100)
        return [values["text"].strip() for values in filled]

    def clean(self) -> None:
        if not any(self.errors) and not self.texts:
            raise ValidationError("至少保留一项考核内容。")


ContentItems = forms.formset_factory(ContentForm, formset=ContentFormSet, extra=2, max_num=40, validate_max=True)


class PanelForm(forms.Form):
    """One class of voters; an empty code takes it off the list."""

    code = forms.CharField(
        label="票种",
        max_length=PanelPlan._meta.get_field("code").max_length,
        required=False,
        validators=[RegexValidator(r"^[A-Za-z0-9]+$", "代号用字母或数字，如 A。")],
    )
    label = forms.CharField(label="人员类别", max_length=40, required=False)
    weight = forms.DecimalField(
        label="权重", min_value=Decimal("0.01"), max_value=1000, decimal_places=2, required=False
    )
    size = forms.IntegerField(label="应到人数", min_value=1, max_value=100000, required=False)
    recusals = forms.IntegerField(label="可回避人数", min_value=0, max_value=100000, required=False, initial=0)
    is_named = forms.BooleanField(label="实名", required=False)

    def clean(self) -> dict:
        values = super().clean()
        if values.get("code"):
            values["code"] = values["code"].upper()
            for name in ("label", "weight", "size"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, f"请填写{values['code']}票的{self.fields[name].label}。")
            if (values.get("recusals") or 0) > (values.get("size") or 0) and not self.errors:
                self.add_error("recusals", "可回避人数不能超过应到人数。")
        elif any(values.get(name) for name in ("label", "weight", "size")) and not self.initial:
            self.add_error("code", "请填写票种代号，如 A。")
        return values


class PanelFormSet(forms.BaseFormSet):
    """The panels as they were typed."""

    @property
    def specs(self) -> list[PanelSpec]:
        filled = [form.cleaned_data for form in self.forms if form.cleaned_data.get("code")]
        return [
            PanelSpec(
                code=each["code"],
                label=each["label"],
                weight=each["weight"],
                size=each["size"],
                recusals=each["recusals"] or 0,
                is_secret=not each["is_named"],
            )
            for each in filled
        ]

    def clean(self) -> None:
        if any(self.errors):
            return
        codes = [spec.code for spec in self.specs]
        if not codes:
            raise ValidationError("至少保留一个票种。")
        if len(set(codes)) < len(codes):
            raise ValidationError("票种代号重复，请为每个票种填写不同的代号。")


Panels = forms.formset_factory(PanelForm, formset=PanelFormSet, extra=2, max_num=12, validate_max=True)


class PickForm(forms.Form):
    """Which organizations were ticked, and how each is to debrief."""

    picked = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        keys = [key for key in self.data.getlist("picked") if key.isdecimal() and len(key) < 19]
        self.fields["picked"].choices = [(key, key) for key in keys]

    @property
    def modes(self) -> dict[int, str]:
        """Organization key -> mode; 现场 where nothing known was said."""
        asked = {key: self.data.get(f"mode-{key}") for key in self.cleaned_data["picked"]}
        return {key: mode if mode in Review.Mode.values else Review.Mode.ONSITE for key, mode in asked.items()}


class ArrangeForm(forms.Form):
    """The numbers and modes of the list as typed: ``order-<review>`` and ``mode-<review>``."""

    def __init__(self, *args, reviews: list[Review], **kwargs):
        super().__init__(*args, **kwargs)
        self.reviews = reviews
        for review in reviews:
            self.fields[f"order-{review.pk}"] = forms.IntegerField(
                label=f"{review.organization}的顺序", min_value=1, max_value=9999
            )
            self.fields[f"mode-{review.pk}"] = forms.ChoiceField(choices=Review.Mode.choices)

    @property
    def numbers(self) -> dict[int, int]:
        return {review.pk: self.cleaned_data[f"order-{review.pk}"] for review in self.reviews}

    @property
    def modes(self) -> dict[int, str]:
        return {review.pk: self.cleaned_data[f"mode-{review.pk}"] for review in self.reviews}
