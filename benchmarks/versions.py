"""How long two versions take to compare, also texts made to be slow: as a ratio to five seconds, and how it grows.

Seconds of the processor, so that other work on the machine does not count.

    python -m benchmarks.versions

Every pair is compared once at a tenth of its size and once whole (10 MB in UTF-8, 3.4 million characters; a report
that can be saved has 300,000). The pieces must give back both texts. Exit 1 when a pair takes longer than five
seconds, or more than 15 times as long for ten times the text.
"""

import random
import sys
import time

from reviews.report.compare import compare

SIZE = 3_400_000  # characters: 10 MB
LIMIT = 5.0  # seconds for the largest
GROWTH = 15  # times, for ten times the text; below a tenth of a second it is noise


def pairs(size: int) -> dict[str, tuple[str, str]]:
    """Texts that repeat themselves, that have no sentences, that were turned round, and reports truly edited."""
    rare = random.Random(20261120)
    few = "".join(rare.choice("甲乙。") for _ in range(size))
    ten = "".join(rare.choice("甲乙丙丁戊己庚辛，。") for _ in range(size))
    letters = [chr(0x4E00 + number) for number in range(3_000)]
    sentences = ["".join(rare.choices(letters, k=30)) + "。" for _ in range(size // 31)]
    edited = [one if rare.random() < 0.7 else f"{one[:10]}改{one[11:]}" for one in sentences]
    moved = rare.sample(sentences, len(sentences))
    alike = [f"{'甲乙' * 100}{number}。" for number in range(size // 206)]
    return {
        "three of ten sentences edited": ("".join(sentences), "".join(edited)),
        "all sentences moved": ("".join(sentences), "".join(moved)),
        "one letter, one changed": ("甲" * size, "甲" * (size - 1) + "丁"),
        "one sentence again and again": ("甲。" * (size // 2), "丁甲。" * (size // 3)),
        "end marks only": ("。" * size, "。" * (size - 1) + "丁"),
        "three letters, turned round": (few, few[::-1]),
        "ten letters, turned round": (ten, ten[::-1]),
        "sentences alike but for a number": ("".join(alike), "".join(alike).replace("甲乙", "乙甲")),
        "headings only": ("一、标题\n" * (size // 5), "（一）标题\n" * (size // 6)),
    }


def seconds(before: str, after: str) -> float:
    """How long the comparison takes. Exits when its pieces do not give back both texts."""
    begun = time.process_time()
    pieces = compare(before, after)
    took = time.process_time() - begun
    is_right = "".join(piece.text for piece in pieces if piece.kind != "ins") == before
    if not is_right or "".join(piece.text for piece in pieces if piece.kind != "del") != after:
        sys.exit("the pieces do not give back both texts")
    return took


def main() -> int:
    tenth, whole = pairs(SIZE // 10), pairs(SIZE)
    is_slow = False
    print(f"{'texts':36} {'1 MB':>8} {'10 MB':>8} {'ratio to 5 s':>13} {'growth':>7}")
    for name, texts in whole.items():
        small, large = seconds(*tenth[name]), seconds(*texts)
        growth = large / max(small, 0.1)
        is_slow = is_slow or large > LIMIT or growth > GROWTH
        print(f"{name:36} {small:7.2f}s {large:7.2f}s {large / LIMIT:13.2f} {growth:7.1f}")
    print("too slow" if is_slow else "within the limit")
    return int(is_slow)


if __name__ == "__main__":
    sys.exit(main())
