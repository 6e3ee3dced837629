"""Reports out of invented words, as many as asked for: the model that ``copied.py`` searches.

As in the prototype's measurements 35 % of every report are sentences that stand word for word in many others, 25 %
are sentences of a common pattern with names and figures filled in, 40 % are the author's own. Harder than there:
words follow each other by habit (half of the time one of eight usual successors), common sentences and words are as
uneven as in a language (the n-th is used 1/n as often), and patterns are filled from few words, so that reports agree
by chance. Report ``n`` is always the same one: nothing is stored. A model of reports, not reports.
"""

from bisect import bisect
from itertools import accumulate
from random import Random

HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 3_000)]
WORDS, COMMON_SENTENCES, PATTERNS, NAMES = 8_000, 400, 250, 400
BOILERPLATE, PATTERNED = 0.35, 0.25
LENGTH = 2_500

Sentence = list[str]  # words and commas; the stop is put at the end


class Language:
    """The words, sentences and patterns that all reports share."""

    def __init__(self, seed: int = 7):
        random = Random(seed)
        lengths = random.choices([1, 2, 3, 4], [10, 68, 10, 12], k=WORDS)
        self.words = list(dict.fromkeys("".join(random.choices(HAN, k=length)) for length in lengths))
        self.weights = list(accumulate(1 / (rank + 12) for rank in range(len(self.words))))
        self.habits = [[self.draw(random) for _ in range(8)] for _ in self.words]
        self.names = ["".join(random.choices(HAN, k=random.choice([2, 3, 4]))) for _ in range(NAMES)]
        self.common = [self.sentence(random) for _ in range(COMMON_SENTENCES)]
        self.common_weights = list(accumulate(1 / (rank + 8) for rank in range(COMMON_SENTENCES)))
        self.patterns = [self.pattern(random) for _ in range(PATTERNS)]

    def draw(self, random: Random) -> int:
        """A word by its number, common ones more often."""
        return min(bisect(self.weights, random.random() * self.weights[-1]), len(self.words) - 1)

    def sentence(self, random: Random) -> Sentence:
        """Two to five clauses of three to seven words."""
        words: Sentence = []
        last = self.draw(random)
        for clause in range(random.randint(2, 5)):
            if clause:
                words.append("，")
            for _ in range(random.randint(3, 7)):
                words.append(self.words[last])
                last = random.choice(self.habits[last]) if random.random() < 0.5 else self.draw(random)
        return words

    def pattern(self, random: Random) -> Sentence:
        """A sentence with three to five places to fill in: "" for a name, "0" for a figure."""
        words = self.sentence(random)
        spots = [at for at, word in enumerate(words) if word != "，"]
        for at in random.sample(spots, min(len(spots), random.randint(3, 5))):
            words[at] = random.choice(["", "0"])
        return words

    def filled(self, random: Random) -> Sentence:
        """A pattern with names and figures of this report."""
        fill = {"": lambda: random.choice(self.names), "0": lambda: f"{random.randint(1, 60)}项"}
        return [fill[word]() if word in fill else word for word in random.choice(self.patterns)]

    def shared(self, random: Random) -> Sentence:
        """A sentence that stands in many reports word for word."""
        return self.common[
            min(bisect(self.common_weights, random.random() * self.common_weights[-1]), COMMON_SENTENCES - 1)
        ]


def written(language: Language, number: int) -> list[tuple[bool, Sentence]]:
    """Report ``number``, about LENGTH characters long: its sentences, and whether each is its author's own."""
    random = Random(number * 1_000_003 + 17)
    sentences, size = [], 0
    while size < LENGTH:
        kind = random.random()
        if kind < BOILERPLATE:
            sentence = language.shared(random)
        elif kind < BOILERPLATE + PATTERNED:
            sentence = language.filled(random)
        else:
            sentence = language.sentence(random)
        sentences.append((kind >= BOILERPLATE + PATTERNED, sentence))
        size += sum(map(len, sentence)) + 1
    return sentences


def report(language: Language, number: int) -> list[Sentence]:
    """Report ``number`` as sentences."""
    return [sentence for _, sentence in written(language, number)]


def as_text(sentences: list[Sentence]) -> str:
    """The sentences as they are handed in, five to a paragraph."""
    texts = ["".join(sentence) + "。" for sentence in sentences]
    return "\n".join("".join(texts[at : at + 5]) for at in range(0, len(texts), 5))


def passage(
    language: Language, number: int, length: int, changed: float, random: Random, *, anywhere: bool = False
) -> list[Sentence]:
    """``length`` characters in a row out of report ``number``, some of its words replaced by others.

    It begins with a sentence of the author's own: what a copier looks for. ``anywhere``: with any sentence, so that
    one in twenty or so holds next to nothing but what hundreds of reports have too.
    """
    source = written(language, number)
    sizes = [sum(map(len, sentence)) + 1 for _, sentence in source]
    long_enough = [at for at in range(len(source)) if sum(sizes[at:]) >= length]
    own = [at for at in long_enough if source[at][0]]
    begin = random.choice(long_enough if anywhere or not own else own)
    taken: list[Sentence] = []
    left = length
    for _, sentence in source[begin:]:
        part: Sentence = []
        for word in sentence:
            if left <= 0:
                break
            swapped = word != "，" and random.random() < changed
            part.append(language.words[language.draw(random)] if swapped else word)
            left -= len(word)
        left -= 1
        if part:
            taken.append(part)
        if left <= 0:
            break
    return taken


def with_passage(own: list[Sentence], planted: list[Sentence], random: Random) -> list[Sentence]:
    """A report in which a passage takes the place of as many characters of its own."""
    size = sum(sum(map(len, sentence)) + 1 for sentence in planted)
    at = random.randrange(len(own))
    rest = own[:at], own[at:]
    kept = [*rest[0]]
    tail = [*rest[1]]
    while size > 0 and (tail or kept):
        gone = tail.pop(0) if tail else kept.pop()
        size -= sum(map(len, gone)) + 1
    return [*kept, *planted, *tail]
