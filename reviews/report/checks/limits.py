"""报告要求: what a campaign asks of a report, every number and every switch. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from reviews.plan.asks import REPORT_ASKS
from reviews.report.checks.findings import Code
from reviews.report.checks.sections import DUTY, LABELS, PLANS, PRIOR, PROBLEMS

WHOLE_BP = 10_000
# Only what can be seen without judging may stop the handing in (DOMAIN 4.8); all else is advice to people.
MAY_BLOCK = (
    Code.OVER_LENGTH,
    Code.MISSING_SECTION,
    Code.PLACEHOLDER,
    Code.TEMPLATE_RESIDUE,
    Code.CLASSIFIED,
)
# A mark of secrecy is always told: the system must not hold what is secret.
ALWAYS_TOLD = (Code.CLASSIFIED,)
# Smallest and largest value, and the unit, of every number.
BOUNDS = {
    "max_chars": (0, 20_000, "字"),
    "problem_share_bp": (0, WHOLE_BP, "万分之一"),
    "problem_share_min_bp": (0, WHOLE_BP, "万分之一"),
    "problem_share_max_bp": (0, WHOLE_BP, "万分之一"),
    "self_evaluation_chars": (0, 2_000, "字"),
    "self_evaluation_tolerance_bp": (0, WHOLE_BP, "万分之一"),
    "chars_read_a_minute": (60, 600, "字"),
    "spun_words_min": (1, 100, "处"),
    "spun_words_per_10000": (0, 1_000, "处"),
    "praise_times": (1, 50, "倍"),
    "light_share_bp": (0, WHOLE_BP, "万分之一"),
    "subjectless_allowed": (0, 50, "处"),
    "own_words_min": (0, 100, "处"),
    "vague_plans_allowed": (0, 50, "条"),
    "alike_bp": (3_000, WHOLE_BP, "万分之一"),
    "unit_name_chars": (3, 30, "字"),
    "copied_min_chars": (30, 2_000, "字"),
    "copied_max_share_bp": (0, WHOLE_BP, "万分之一"),
}


@dataclass(frozen=True, slots=True)
class ReportLimits:
    """What a campaign asks of a report. The defaults are the preset of the source plan (001#6, B3 to B5).

    Characters are non-blank characters, shares are basis points; ``max_chars`` or
    ``self_evaluation_chars`` 0 means no such rule. A kind of finding in ``blocking`` stops the
    handing in, one in ``off`` is not looked for, every other advises.
    """

    max_chars: int = REPORT_ASKS["max_chars"]
    problem_share_bp: int = 3333  # of the body
    problem_share_min_bp: int = REPORT_ASKS["problem_share_min_bp"]
    problem_share_max_bp: int = REPORT_ASKS["problem_share_max_bp"]
    self_evaluation_chars: int = REPORT_ASKS["self_evaluation_chars"]
    self_evaluation_tolerance_bp: int = 2000  # of the characters asked for, up and down
    # Asked for when handing in, beside the text: every content item anchored to a passage; the data annex (B18).
    items_must_be_anchored: bool = False
    annex_must_be_filled: bool = False
    chars_read_a_minute: int = 260  # punctuation counted
    spun_words_min: int = 3  # so many spun words in one report are no chance
    spun_words_per_10000: int = 10  # and so many in ten thousand characters
    praise_times: int = 4  # sentences of praise to one sentence of problems
    light_share_bp: int = 6000  # of the problems, told without any fact
    subjectless_allowed: int = 0  # problems of "some comrades" let pass in one report
    own_words_min: int = 3  # "I" in the part on the work done
    vague_plans_allowed: int = 1  # plans without measure, time and person let pass in one report
    alike_bp: int = 6000  # from this likeness on, a problem is last year's again (DOMAIN 4.11)
    unit_name_chars: int = 5  # shorter names of other organizations are too common to tell
    copied_min_chars: int = 60  # so many characters shared with one other report are told
    copied_max_share_bp: int = 0  # a larger share that is others' words is not handed in; 0: told only
    required: tuple[str, ...] = (PRIOR, DUTY, PROBLEMS, PLANS)
    blocking: tuple[str, ...] = tuple(code.value for code in MAY_BLOCK)
    off: tuple[str, ...] = ()

    def to_document(self) -> dict:
        """The limits as plain JSON values, for the campaign to keep."""
        return asdict(self) | {name: list(getattr(self, name)) for name in CHOICES}

    @classmethod
    def from_document(cls, document: Mapping) -> "ReportLimits":
        """Limits from JSON; what is left out takes the preset's value.

        Raises ValueError, with a Chinese sentence, for an unknown name or an impossible value.
        """
        if not isinstance(document, Mapping):
            raise ValueError("述职报告要求应是一组参数。")
        unknown = set(document) - {each.name for each in fields(cls)}
        if unknown:
            raise ValueError(f"述职报告要求中有不认识的参数：{'、'.join(sorted(map(str, unknown)))}。")
        limits = cls(**{name: read_value(name, value) for name, value in document.items()})
        if not limits.problem_share_min_bp <= limits.problem_share_bp <= limits.problem_share_max_bp:
            raise ValueError("述职报告要求中问题部分的比例应依次为下限、目标、上限，且不超过 10000（万分之一）。")
        both = sorted(set(limits.blocking) & set(limits.off))
        if both:
            raise ValueError(f"述职报告要求中 {'、'.join(both)} 不能既不检查又不能提交。")
        return limits

    def looks_for(self, code: Code) -> bool:
        """Whether this kind of finding is looked for at all."""
        return code.value not in self.off


# What may stand in each list of names.
CHOICES = {
    "required": tuple(LABELS),
    "blocking": tuple(code.value for code in MAY_BLOCK),
    "off": tuple(code.value for code in Code if code not in ALWAYS_TOLD),
}


def read_value(name: str, value: object) -> object:
    """One parameter as it is kept. Raises ValueError, with a Chinese sentence, for an impossible value."""
    if name in CHOICES:
        known = CHOICES[name]
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) and one in known for one in value):
            raise ValueError(f"述职报告要求中 {name} 的取值只能是：{'、'.join(known)}。")
        return tuple(dict.fromkeys(value))
    if name not in BOUNDS:
        if not isinstance(value, bool):
            raise ValueError(f"述职报告要求中 {name} 只能是 true（是）或 false（否）。")
        return value
    least, most, unit = BOUNDS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"述职报告要求中 {name} 应为 {least} 到 {most} 的整数（{unit}）。")
    return value
