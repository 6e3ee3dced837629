"""开箱仪式: whose opening code is which, and which keys have come. No code is stored, nor what would open one."""

from django.db import models
from django.utils import timezone

from organizations.models import Person
from reviews.ballot.models import Round


class Keeper(models.Model):
    """开箱码保管: one opening code by its keyed hash, and who keeps it, if that was said when it was made.

    ``mark`` tells at once that a code was mistyped or is another keeper's. A code has 120 random bits: its hash is
    of no help in guessing it.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="keepers")
    number = models.PositiveSmallIntegerField("第几份")
    person = models.ForeignKey(Person, verbose_name="保管人", null=True, on_delete=models.PROTECT, related_name="+")
    mark = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="opening_code_has_its_own_number"),
            models.UniqueConstraint(fields=["round", "person"], name="one_opening_code_a_keeper"),
        ]

    def __str__(self):
        return f"第 {self.number} 份"


class Arrival(models.Model):
    """到场的钥匙: a keeper has entered his code and waits for the other one, a few minutes long.

    ``locked`` opens only with a secret that lies in the browser of the first keeper and nowhere on the server:
    both codes of a pair are locked for it. Database, its log, a backup and the server's own keys open nothing.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="arrivals")
    keeper = models.OneToOneField(Keeper, on_delete=models.CASCADE, related_name="arrival")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    lock = models.BinaryField()
    locked = models.BinaryField()
    is_first = models.BooleanField()
    until = models.DateTimeField("有效至")

    class Meta:
        ordering = ["-is_first", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "person"], name="two_keys_are_two_people"),
            models.UniqueConstraint(fields=["round", "is_first"], name="one_first_and_one_second_key"),
        ]

    def __str__(self):
        return f"{self.person} {self.keeper}"

    @property
    def is_over(self) -> bool:
        """True once its minutes have passed."""
        return self.until <= timezone.now()
