"""Words of the index for texts that Pagefind alone would not find."""

import pytest

from nightbook.tracker.data.search_words import fold, search_words


def test_ascii_needs_none() -> None:
    assert search_words("plain words, 3.5 and x_y") == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Größe", "GRÖSSE"),
        ("İzmir", "izmir"),
        ("\u0131l\u0131k", "ILIK"),
        ("naïve", "nai\u0308ve"),
        ("ΟΔΟΣ", "οδος"),
        ("한국어", "\u1112\u1161\u11ab국어"),
        ("ﾃﾞｰﾀ", "データ"),
        ("ﬁt", "fit"),
    ],
)
def test_all_ways_to_write_a_word_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_each_pair_of_characters_without_spaces_is_a_word_without_vowels() -> None:
    words = search_words("機械学習").split()

    assert [len(word) for word in words] == [11, 11, 11, 7]
    assert words[1][6:] == words[2][1:6]
    assert not set("aeiouys") & set("".join(words))


def test_a_word_of_two_scripts_is_found_by_either() -> None:
    first, *codes = search_words("Pythonの学習 Pythonの学習").split()

    assert first == "python"
    assert len(codes) == 3
