"""An invented comment script of the usual shape: opening, fourteen comments of two to five points, a speech."""

COUNTS = [3, 3, 3, 2, 5, 3, 3, 3, 3, 3, 3, 3, 3, 3]
WORDS = [
    "谋划支部工作的时间偏少",
    "党内制度学得零散，遇事翻文件",
    "主题党日换汤不换药",
    "谈心谈话记录多、解决问题少",
    "支部与科室工作各走各的路",
]
NUMBERS = "一二三四五"
OPENING = (
    "今天我们召开云岭市水务局机关党支部书记述职评议会。会议有三项内容：一是听取述职并点评；二是讲几点意见；三是开展测评。\n"
    "一、现在进行第一项，请各位书记述职，每人不超过5分钟。\n********************\n二是对各位书记逐一点评\n"
)
SPEECH = (
    "第二项，请局长讲话：\n刚才，各位书记作了述职。总的看有几个特点。\n一是态度认真。大家准备充分。\n"
    "二是问题找得准。下面我提三点要求。\n一是要抓学习。二是要抓制度。三是要抓落实。\n"
)


def heading(number: int, place: str = "XXX", name: str = "XXX") -> str:
    return f"{number}、{place}党支部书记{name}同志"


def script_of(headings: list[str], counts: list[int] = COUNTS, *, opening: str = OPENING, speech: str = SPEECH) -> str:
    """The script: one entry a heading, with so many points, marks varying as typists vary them."""
    entries = []
    for place, (head, count) in enumerate(zip(headings, counts, strict=False)):
        mark = "；" if place % 2 else "。"
        points = [f"{NUMBERS[n]}是第{place + 1}支部{WORDS[n]}" for n in range(count)]
        colon = ":" if place == 9 else "："
        entries.append(f"{head}\n主要不足{colon}{mark.join(points)}。\n")
    return opening + "".join(entries) + speech


def open_script() -> str:
    """Fourteen entries with the names left open, as a text from a download site has them."""
    return script_of([heading(number) for number in range(1, 15)])
