"""Words by which a search finds what Pagefind cannot: scripts without spaces, accents, emoji.

Pagefind divides text at spaces, and knows words by their start. So each pair of neighbouring characters of a
script without spaces becomes a word of its own; a text that has all pairs of a query has nearly always the
query itself. `search/words.js` makes the same words of a query.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

SEPARATOR = "\u241f"  # between the text of an entry and these words, which nobody is shown

# Thai, Lao, Myanmar, Khmer; Japanese, Chinese, Korean, whose words have endings; symbols and emoji.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2600-\u27bf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\U0001f300-\U0001faff\U00020000-\U0003ffff]+"
)
# Pagefind drops symbols, and cuts off English endings: a code without vowels has none.
_DIGITS = "bcdfghjklmnpqrtv"
_CODE_LENGTH = 5
# Pagefind takes a word of the index that a word of the query begins with, such as `b`, for what was meant. No
# text has the letter with which a code begins, and none ends where a pair goes on.
_START = "\u0298"
_END = "x"
_SIGMA = "\u03c3"  # also at the end of a word, where it is written in another way


def search_words(text: str) -> str:
    """Return the words for all that is not ASCII in a text, each once.

    Example:
        >>> search_words("plain Größe of İzmir"), search_words("学習") == search_words("学習")
        ('grosse izmir', True)

    """
    words = (found for word in text.split() if not word.isascii() for found in _words(word))
    return " ".join(dict.fromkeys(words))


def _words(word: str) -> Iterator[str]:
    folded = fold(word)
    yield from _UNSPACED.sub(" ", folded).split()
    for run in _UNSPACED.findall(folded):
        yield from (_START + _code(first) + _code(second) for first, second in pairwise(run))
        yield _START + _code(run[-1]) + _END  # for a query of one character


def fold(text: str) -> str:
    """Return the text without accents and cases: the same for all ways to write a word."""
    parts = unicodedata.normalize("NFKD", text.upper().lower().replace("ς", _SIGMA))
    kept = "".join(character for character in parts if unicodedata.category(character) != "Mn")
    return unicodedata.normalize("NFC", kept)


def _code(character: str) -> str:
    digits = f"{ord(character):0{_CODE_LENGTH}x}"
    return "".join(_DIGITS[int(digit, 16)] for digit in digits)
