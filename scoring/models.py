"""票箱: boxes, their panels and entries, and what lies in a box. A box never heard of a campaign.

The four ballot tables (Token, Envelope, Mark, WrappedKey) hold no person, no time, no address and no
counter that would keep the order of casting (SECURITY 3.1; tests/scoring/test_schema.py freezes their
columns). ``scoring.booth`` is the only writer of everything here once a box is frozen.
"""

import uuid

from django.db import models
from django.db.models import Q

from organizations.models import Organization, Person
from scoring.policy import labels_in


class Box(models.Model):
    """票箱: one secret vote, from its frozen terms to the opened counts.

    DRAFT -> FROZEN -> OPEN -> CLOSED (sealed) -> OPENED; every one but DRAFT may become INVALID.
    ``state`` is written by ``booth.move_box`` alone.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "准备中"
        FROZEN = "frozen", "已锁定"
        OPEN = "open", "投票中"
        CLOSED = "closed", "已封箱"
        OPENED = "opened", "已开箱"
        INVALID = "invalid", "无效"

    organization = models.ForeignKey(
        Organization, verbose_name="党组织", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField("名称", max_length=200)
    state = models.CharField("状态", max_length=8, choices=State, default=State.DRAFT, editable=False)
    reason = models.CharField("无效原因", max_length=500, blank=True, editable=False)
    is_rehearsal = models.BooleanField("演练", default=False)
    policy = models.JSONField("规则", default=dict)
    frozen = models.JSONField("锁定内容", null=True, editable=False)
    frozen_hash = models.CharField("锁定校验值", max_length=64, blank=True, editable=False)
    entry_count = models.PositiveSmallIntegerField("人数", default=0, editable=False)
    public_key = models.BinaryField("公钥", null=True, editable=False)
    wrong_codes = models.PositiveSmallIntegerField("开箱码输错次数", default=0, editable=False)
    opened_on = models.DateField("开始投票", null=True, editable=False)
    closed_on = models.DateField("封箱", null=True, editable=False)
    unsealed_on = models.DateField("开箱", null=True, editable=False)
    receipts_root = models.CharField("回执校验值", max_length=64, blank=True, editable=False)
    box_root = models.CharField("票箱校验值", max_length=64, blank=True, editable=False)
    tally_hash = models.CharField("计票校验值", max_length=64, blank=True, editable=False)
    # scoring.health's shares, written at the opening; null in boxes opened before they were taken.
    health = models.JSONField("票面质量", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "票箱"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "frozen", "open", "closed", "opened", "invalid"]),
                name="box_state_is_known",
            ),
            models.CheckConstraint(condition=~Q(state="invalid") | ~Q(reason=""), name="box_is_invalid_for_a_reason"),
        ]

    def __str__(self):
        return self.title

    def may_become(self, state: "Box.State") -> bool:
        """True if the one-way table allows this step."""
        return state in NEXT_STATES[self.state]

    @property
    def grade_words(self) -> tuple[str, ...]:
        """等次名称, high to low, as the rules of this box call them."""
        return labels_in(self.policy)

    @property
    def is_closing(self) -> bool:
        """True from the moment somebody began to close it: nobody may cast any more."""
        return Lid.objects.filter(box=self, is_closing=True).exists()


NEXT_STATES: dict[str, set[str]] = {
    Box.State.DRAFT: {Box.State.FROZEN},
    Box.State.FROZEN: {Box.State.OPEN, Box.State.INVALID},
    Box.State.OPEN: {Box.State.CLOSED, Box.State.INVALID},
    Box.State.CLOSED: {Box.State.OPENED, Box.State.INVALID},
    Box.State.OPENED: {Box.State.INVALID},
    Box.State.INVALID: set(),
}


class Lid(models.Model):
    """箱盖: what changes while a box is open.

    A row of its own, because every cast holds a share lock on the box row: the closing flag must be
    committed without waiting for them, or a busy hall would keep the box from ever closing (SECURITY I5).
    """

    box = models.OneToOneField(Box, primary_key=True, on_delete=models.CASCADE, related_name="lid")
    is_closing = models.BooleanField(default=False)
    shown_turnout = models.PositiveIntegerField(default=0)
    is_nearly_all = models.BooleanField(default=False)
    turnout_read_at = models.DateTimeField(null=True)
    wrong_slips = models.PositiveIntegerField(default=0)  # codes that nobody issued, tried while it was open (A8)
    manifest_read_at = models.DateTimeField(null=True)
    altered = models.CharField("与发布清单不同的文件", max_length=500, blank=True)  # SECURITY S17
    last_place = models.PositiveIntegerField(default=0)
    last_hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self):
        return f"{self.box_id}"


class Event(models.Model):
    """票箱记事: one act on a box (never a ballot), chained by hash; goes into the recount package."""

    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="events")
    place = models.PositiveIntegerField()
    at = models.CharField(max_length=40)
    act = models.CharField("行为", max_length=40)
    by = models.CharField("操作人", max_length=60)
    facts = models.JSONField("内容", default=dict)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "票箱记事"
        ordering = ["box", "place"]
        constraints = [models.UniqueConstraint(fields=["box", "place"], name="box_event_has_its_own_place")]

    def __str__(self):
        return f"{self.place} {self.act}"


class Checkpoint(models.Model):
    """检查点: how an open box stood at a minute, chained by hash (SECURITY I8). ``scoring.watching`` writes it.

    ``shown`` is the coarse turnout that everybody sees (S8), never the exact number. ``is_balanced``: used slips and
    paper made up the envelopes in the box.
    """

    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="checkpoints")
    place = models.PositiveIntegerField()
    at = models.CharField("时间", max_length=16)
    shown = models.PositiveIntegerField("已投约")
    is_balanced = models.BooleanField("票数平")
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "检查点"
        ordering = ["box", "place"]
        constraints = [models.UniqueConstraint(fields=["box", "place"], name="checkpoint_has_its_own_place")]

    def __str__(self):
        return f"第 {self.place} 个检查点（{self.at[11:]}）"


class Panel(models.Model):
    """票种: one kind of voters (A票、B票 …) with its weight, its roll and its counts.

    ``issued`` counts the slips made; ``spent`` and ``voided`` are known once the box is closed.
    ``merged_into`` is set at the close for a secret panel with fewer than five ballots (SECURITY S9).
    """

    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="panels")
    code = models.CharField("票种", max_length=8)
    label = models.CharField("名称", max_length=60)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    weight = models.DecimalField("权重", max_digits=7, decimal_places=2, default=100)
    eligible = models.PositiveIntegerField("应到人数")
    spare = models.PositiveIntegerField("备用票", default=0)
    recusals = models.PositiveSmallIntegerField("可回避人数", default=0)
    is_secret = models.BooleanField("无记名", default=True)
    issued = models.PositiveIntegerField("发出电子票", default=0, editable=False)
    paper_issued = models.PositiveIntegerField("发出纸质票", default=0, editable=False)
    paper_returned = models.PositiveIntegerField("收回纸质票", default=0, editable=False)
    paper_invalid = models.PositiveIntegerField("无效纸质票", default=0, editable=False)
    exchanged = models.PositiveIntegerField("换发纸质票收回的测评码", default=0, editable=False)
    spent = models.PositiveIntegerField("已投电子票", default=0, editable=False)
    voided = models.PositiveIntegerField("作废", default=0, editable=False)
    merged_into = models.ForeignKey(
        "self",
        verbose_name="并入",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.CASCADE,
        related_name="absorbed",
    )

    class Meta:
        verbose_name = verbose_name_plural = "票种"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["box", "code"], name="box_panel_code_is_unique"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="box_panel_weight_is_positive"),
        ]

    def __str__(self):
        return self.label

    @property
    def returned(self) -> int:
        """收回: ballots of both kinds; final once the box is closed."""
        return self.spent + self.paper_returned

    @property
    def slip_limit(self) -> int:
        """How many slips and paper ballots may be made and used at most: the roll plus the stated spare."""
        return self.eligible + self.spare

    @property
    def room(self) -> int:
        """How many more slips or paper ballots may be made."""
        return self.slip_limit - self.issued - self.paper_issued


class Entry(models.Model):
    """被测评人: one line of the ballot. Numbered 1, 2, 3 … in the order of the ballot."""

    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="entries")
    number = models.PositiveSmallIntegerField("序号")
    label = models.CharField("名称", max_length=120)
    subtitle = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "被测评人"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["box", "number"], name="box_entry_number_is_unique")]

    def __str__(self):
        return self.label


class Token(models.Model):
    """测评码: a slip by its keyed hash. Nobody's name, no serial, no time."""

    class State(models.TextChoices):
        ISSUED = "issued", "未使用"
        SPENT = "spent", "已使用"
        VOID = "void", "作废"

    mac = models.BinaryField(primary_key=True)
    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="tokens")
    state = models.CharField(max_length=6, choices=State, default=State.ISSUED)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["issued", "spent", "void"]), name="token_state_is_known"),
        ]

    def __str__(self):
        return self.get_state_display()


class Envelope(models.Model):
    """封好的票: one ballot sealed for the custodians' key. Lives from the cast to the opening."""

    receipt = models.BinaryField(primary_key=True)
    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="envelopes")
    sealed = models.BinaryField()
    mac = models.BinaryField()

    def __str__(self):
        return "封好的票"


class Mark(models.Model):
    """开箱后的票: how many of a panel chose what for one entry.

    Counted per item and written in order of content: no row stands for a voter, so no two items
    of one ballot can be joined (SECURITY S12).
    """

    class Choice(models.TextChoices):
        GOOD = "4", "好"
        FAIRLY_GOOD = "3", "较好"
        AVERAGE = "2", "一般"
        POOR = "1", "差"
        ABSTAIN = "0", "弃权"
        INVALID = "x", "无效"
        RECUSED = "-", "回避"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="marks")
    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="marks")
    choice = models.CharField(max_length=1, choices=Choice)
    votes = models.PositiveIntegerField()

    class Meta:
        ordering = ["entry", "panel", "choice"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "panel", "choice"], name="mark_is_counted_once"),
            models.CheckConstraint(
                condition=Q(choice__in=["4", "3", "2", "1", "0", "x", "-"]), name="mark_choice_is_known"
            ),
        ]

    def __str__(self):
        return f"{self.get_choice_display()} {self.votes}"


class PaperBatch(models.Model):
    """纸质票批次: a counted pile of paper ballots, keyed by two tellers blind to each other (SECURITY 3.5).

    Who keyed and who decided stands here, and how many sheets; never what a sheet says. ``scoring.paper`` writes it.
    """

    class State(models.TextChoices):
        KEYING = "keying", "录入中"
        CHECKING = "checking", "待监票人核定"
        ACCEPTED = "accepted", "已入箱"

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="paper_batches")
    number = models.PositiveSmallIntegerField("批次")
    sheets = models.PositiveSmallIntegerField("清点张数")
    exchanged = models.PositiveSmallIntegerField("换发纸质票收回的测评码", default=0)
    state = models.CharField("状态", max_length=8, choices=State, default=State.KEYING, editable=False)
    first_by = models.ForeignKey(Person, verbose_name="第一计票人", on_delete=models.PROTECT, related_name="+")
    second_by = models.ForeignKey(
        Person, verbose_name="第二计票人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by = models.ForeignKey(Person, verbose_name="监票人", null=True, on_delete=models.PROTECT, related_name="+")
    is_first_done = models.BooleanField("第一遍录完", default=False)
    is_second_done = models.BooleanField("第二遍录完", default=False)
    differing = models.PositiveIntegerField("两遍不同的项", default=0)
    invalid = models.PositiveSmallIntegerField("无效张数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "纸质票批次"
        ordering = ["panel__position", "panel", "number"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "number"], name="paper_batch_number_is_unique"),
            models.CheckConstraint(
                condition=Q(state__in=["keying", "checking", "accepted"]), name="paper_batch_state_is_known"
            ),
            models.CheckConstraint(condition=~Q(first_by=models.F("second_by")), name="two_tellers_are_two_people"),
            models.CheckConstraint(
                condition=~Q(decided_by=models.F("first_by")) & ~Q(decided_by=models.F("second_by")),
                name="scrutineer_is_no_teller_of_the_batch",
            ),
        ]

    def __str__(self):
        return f"{self.panel.label}第 {self.number} 批"

    @property
    def valid(self) -> int:
        """有效: sheets that are not void as a whole; known once the batch is accepted."""
        return self.sheets - self.invalid


class KeyedSheet(models.Model):
    """录入的纸质票: one reading of one sheet, locked with a key that only the web server has.

    Lives until its batch is accepted or thrown away. ``reading``: 1 and 2 the tellers, 3 the scrutineer.
    """

    batch = models.ForeignKey(PaperBatch, on_delete=models.CASCADE, related_name="keyed")
    reading = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    kept = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "reading", "position"], name="sheet_is_keyed_once_a_reading"),
        ]

    def __str__(self):
        return f"{self.batch_id}/{self.reading}/{self.position}"


class WrappedKey(models.Model):
    """The box's private key, locked once for every pair of opening codes. No code is stored."""

    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="wrapped_keys")
    pair = models.CharField(max_length=3)
    salt = models.BinaryField()
    wrapped = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["box", "pair"], name="pair_of_codes_is_unique_in_its_box")]

    def __str__(self):
        return self.pair


class ReceiptList(models.Model):
    """封箱回执: the published receipt codes of a closed box, sorted, one a line."""

    box = models.OneToOneField(Box, primary_key=True, on_delete=models.CASCADE, related_name="receipt_list")
    codes = models.TextField()

    def __str__(self):
        return f"{self.box_id}"
