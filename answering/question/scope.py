"""Tell what is no question to the corpus: greetings, opinions, weather, invention, orders to break the rules."""

from __future__ import annotations

import re

_BARE = 4  # characters: less than that is no question without its courtesies
LONGEST = 1000  # characters; a longer text is no question that a person means

# What is read in place of bytes that are no text: U+FFFD, and halves of surrogate pairs (PEP 383).
_BROKEN = re.compile("[\ufffd\ud800-\udfff]")

_PARTS = re.compile(r"(?:[^。!！?？;；,，\n.]|\.(?!\s))+(?:[。!！?？;；,，\n]|\.\s)*")

_ORDER = re.compile(
    r"(忽略|无视|忘记|忘掉|不要管|抛开|绕过).{0,14}(规则|指令|提示|设定|约束|限制|要求|命令|上文|以上|之前|前面|引用)"
    r"|(规则|指令|提示|设定|约束|限制|命令).{0,8}(作废|失效|取消|无效|解除|不算)"
    r"|(ignore|disregard|forget|override|bypass).{0,40}(instruction|rule|prompt|above|previous|prior|everything|context)"
    r"|你现在是|从现在起你|从现在开始你|扮演|假装|假设你是|角色扮演|越狱|开发者模式|jailbreak|developer mode|you are now|pretend|act as|roleplay"
    r"|(repeat|print|show|reveal|output|display|recite).{0,40}(above|verbatim|system|instruction|prompt|message)|# *system|<\|?(im_start|system)|\[/?inst\]|^ *system *:"
)
_SECRET = re.compile(
    r"(系统|初始|隐藏|内部|完整)?(提示词|提示语|系统提示|系统指令|内部指令|初始指令|隐藏指令|设定词)"
    r"|(api|bot)?[ _-]?(key|token)s?\b|密钥|密码|口令|令牌|环境变量|配置文件|hidden (config|prompt|instruction)"
    r"|(system|initial|your|hidden) (prompt|instruction|configuration|config)|\.env\b|password"
)
_PARROT = re.compile(
    r"^(请|先|只|就|你|必须|直接|马上|立刻|再){0,9}(输出|打印|回复|复述|重复|回答|说|写|print|output|say|repeat|reply|respond)"
    r"[^多少几哪谁什么吗]{0,6}[“\"'「『《].*[”\"'」』》]?$"
)
_BLIND = re.compile(
    r"^(请|你|就|也)*(别|不要|不用|不必|无需|没必要|甭)(再|去)?(翻|查|看|核对|引用|管|检索|对照|检查).{0,10}$"
    r"|^我(是|们是).{0,14}(的|组|人员|领导|记者|干部|局|办|者|长|员)[,，]?$"
)

# What a text says to whoever answers from it: such words are quoted, and never obeyed.
_ADDRESSED = re.compile(
    r"(回答|回复|答案|作答|输出)(时|里|中|末尾|开头|结尾)?.{0,8}(只|必须|务必|注明|写明|写上|加上|引用|改为)|(只|必须|务必|请|改为|都)(能|要|在)?.{0,4}(回答|回复|输出|作答)"
    r"|(只|必须|请)说[“\"「『]|优先于.{0,6}规则|\b(answer|reply|respond|say) (only|always|with)\b|\b(always|only) (answer|reply|respond|say)\b"
    r"|^\s*(assistant|system|user)\s*[:：]"
)

_GREETING = re.compile(
    r"^(你|您|大家|各位)?(好|好啊|好呀|在吗|在么|在不在)$|^(嗨|哈喽|哈啰|喂|早|早安|早上好|上午好|中午好|下午好|晚上好|晚安)$"
    r"|^(hi|hello|hey|good (morning|afternoon|evening)|greetings)( there)?$"
)
_THANKS = re.compile(
    r"^(多|非常|太)?(谢谢|感谢|谢了|辛苦|多谢|thanks?|thank you|thx)(你|您|了|啦|very much|so much| a lot)*$"
)
_BYE = re.compile(r"^(再见|拜拜|回见|bye|goodbye|see you)(了|啦)?$")
_ABOUT = re.compile(
    r"^(请问)?(你|您|这个机器人|本机器人)(是|叫)(谁|什么|啥)|(你|您)(能|会|可以)(做|干|帮|回答)(些|我)?(什么|啥|哪些)"
    r"|^(怎么|如何)(用|使用)(你|这个|它)?$|^(who|what) are you|what can you do|^help$|^帮助$"
)
_WRITING = re.compile(
    r"(写|作|编|创作|来|吟|赋|拟|起草|改写).{0,12}(首|篇|段|个|副|封|份)?.{0,8}(诗|绝句|律诗|词牌|歌词|歌曲|作文|小说|对联|故事|段子|笑话|剧本|散文|贺信|演讲稿|讲话稿|发言稿|广告词|文案|顺口溜|打油诗|快板)(?!集|词大会)"
    r"|(编造|虚构|杜撰|瞎编|胡编|编一个|编一段|编点|编几个|随便编|造一个)|(make up|invent|fabricate) "
    r"|(write|compose|draft|tell).{0,20}\b(poem|song|story|joke|essay|speech|novel|lyrics|haiku)"
)
_OPINION = re.compile(
    r"(你|您)(个人)?(更|最|怎么|如何)?(支持|赞成|反对|觉得|认为|喜欢|讨厌|看好|看待|站|推荐|评价|相信|投票)|(你|您)(的|有)(看法|观点|意见|立场|想法|建议)"
    r"|(do|would|what do) you (think|support|prefer|like|believe|recommend)|your (opinion|view|favou?rite)"
    r"|(哪个|哪座|哪)(城市|市|省)(更|最)?(宜居吗|值得(去|住|买房)|好玩|漂亮|好吃)|该不该(搬|买|去)|值得(去|住)吗"
)
_WEATHER = re.compile(
    r"天气|下雨吗|下雪吗|气温|^.{0,8}多少度$|冷不冷|热不热|台风.{0,4}(来|到)吗|\bweather\b|will it rain|temperature (today|tomorrow|now)"
)
_CHORE = re.compile(
    r"(翻译|译)(成|为|一下|这)|写.{0,6}(代码|程序|脚本|函数)|(?<![a-z])(python|java|sql|javascript)(?![a-z])|股票|股市|大盘|彩票|星座|算命|几点了|星期几|几月几号|讲个笑话"
    r"|(translate|write (a |some )?(code|program|script))|\d.{0,12}(等于|=)(几|多少)?[?？]?$|(推荐|附近).{0,8}(餐厅|酒店|美食|景点)|订(票|酒店|餐)"
)
_TRIM = re.compile(r"^[\s~～。.!！?？,，、…]+|[\s~～。.!！?？,，、…呀啊哦呢吧哈]+$")


_COURTESY_BEFORE = re.compile(
    r"^(?:(?:您好|你好|大家好|哈喽|嗨|喂|哎+|诶|嗯+|那个|请教一下|请教|请问一下|请问|麻烦问一下|麻烦问下|麻烦|打扰一下|打扰了?|劳驾|急+|在吗|hi|hello|hey|please|excuse me)"
    r"[\s,，。.!！?？~～、:：]*)+(?=.{4})",
    re.IGNORECASE,
)
_COURTESY_AFTER = re.compile(
    r"(?:[\s,，。.!！~～]{0,20}(?:谢谢(?:您|你|啦|了)?|多谢|感谢|辛苦(?:了|啦)?|急用|在线等|急急急|拜托了?|thanks?|thank you|please)){1,6}[\s,，。.!！~～]{0,20}$",
    re.IGNORECASE,
)


def is_broken(text: str) -> bool:
    """Tell whether a text holds what is read in place of bytes that are no text."""
    return _BROKEN.search(text) is not None


def plain(text: str) -> str:
    """Return what a person asks, without the courtesies before and after it."""
    bare = _COURTESY_AFTER.sub("", _COURTESY_BEFORE.sub("", text.strip()))
    return bare if len(bare) >= _BARE else text


def strip_orders(text: str) -> tuple[str, bool]:
    """Return ``text`` (folded) without the parts that give orders to the bot, and whether there were any."""
    kept, dropped = [], False
    for part in _PARTS.findall(text) or [text]:
        bare = _TRIM.sub("", part)
        if _ORDER.search(bare) or _SECRET.search(bare) or _PARROT.search(bare) or _BLIND.search(bare):
            dropped = True
        else:
            kept.append(part)
    return "".join(kept).strip(), dropped


def told_by(text: str) -> tuple[str, bool]:
    """Return what a text (folded) tells without what it orders an answerer to do, and whether it does."""
    parts = _PARTS.findall(text) or [text]
    told = [part for part in parts if not (_ORDER.search(part) or _ADDRESSED.search(part))]
    return "".join(told).strip(), len(told) < len(parts)


def reason(text: str) -> str | None:
    """Return why ``text`` (folded) is no question to the corpus, as a key of the messages, or None."""
    bare = _TRIM.sub("", text)
    rules = (
        ("greeting", _GREETING.search(bare)),
        ("thanks", _THANKS.search(bare)),
        ("goodbye", _BYE.search(bare)),
        ("about", _ABOUT.search(bare)),
        ("creative", _WRITING.search(bare)),
        ("opinion", _OPINION.search(bare)),
        ("weather", _WEATHER.search(bare)),
        ("chore", _CHORE.search(bare)),
    )
    return next((name for name, found in rules if found), None)


def asks_secret(text: str) -> bool:
    """Tell whether ``text`` (folded) fishes for the bot's own instructions or keys."""
    return bool(_SECRET.search(text))
