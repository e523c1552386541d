"""In which encoding a text is written: by its mark, by its zero bytes, as UTF-8, or by what its letters look like."""

import re

UTF_8_BOM = b"\xef\xbb\xbf"

# What people's programs write that is not Unicode.
_CANDIDATES = ("cp1252", "cp1250", "cp1251", "cp932", "gb18030", "cp949", "big5", "euc_jp", "cp1253", "cp1254")
_LATIN = frozenset({"cp1252", "cp1250", "cp1254"})
_RUN_OF_HIGH = re.compile(rb"[\x80-\xff]{4}")  # no word in Latin letters has four accented ones in a row
_CYRILLIC = re.compile("[\0-\x7fЀ-ѿ«»№–—…“”„\xa0°]*")
_TWO_SCRIPTS = re.compile("[A-Za-z][Ͱ-ѿ]|[Ͱ-ѿ][A-Za-z]")  # Greek or Cyrillic in a word with Latin letters
_CENTRAL_EUROPE = re.compile("[øõ].*[šžýìèùûöü]|[šžýìèùûöü].*[øõ]", re.DOTALL)  # Czech ř and Hungarian ő as cp1252
_SAMPLE_BYTES = 16_384
# No sign of a Western text stands so beside a letter: 'masa¿u' is Polish, 'Žwˆ³' Japanese. 'm³' and 'nº' are written.
_ODD = re.compile(
    r"[A-Za-zÀ-ž][¡¿¹¢£¤¥¦¨¯¸¼¾ˆ˜‡†‰¬±÷×µ¶ƒ‚‹›•]|[A-Za-zÀ-ž](?<!\bm)(?<!\b[cdk]m)³|[ˆ˜‡†ƒ‚¸¨¯•][A-Za-zÀ-žª]"
)
_EAST_ASIAN = re.compile("[\0-\x7f\u3000-\u9fff\uac00-\ud7af\uf900-\ufaff\uff01-\uff60]*")  # without half-width kana
_JAPANESE_RUN = re.compile("[\u3005\u3040-\u30ff\u4e00-\u9fff]+")
_MULTIBYTE = ("cp932", "gb18030", "cp949", "big5", "euc_jp")


def marked_encoding(head: bytes) -> str:
    """The Unicode encoding that the first bytes show by a mark or by their zeros; '' where they show none."""
    if head.startswith(UTF_8_BOM):
        return "utf-8-sig"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # UTF-16 without its mark: digits, commas and Latin letters have a zero beside them, always on the same side.
    if len(head) < 16:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd * 10 > len(head) and not even and _is_text(head, "utf-16-le"):
        return "utf-16-le"
    if even * 10 > len(head) and not odd and _is_text(head, "utf-16-be"):
        return "utf-16-be"
    return ""


def encoding_by_letters(data: bytes) -> str:
    """The encoding of a text that is no Unicode, by its letters; cp1252 where nothing speaks against it."""
    from charset_normalizer import from_bytes  # most runs meet no such file

    lines = [line for line in data.split(b"\n") if not line.isascii()]
    sample = b"\n".join(lines)
    if len(sample) > _SAMPLE_BYTES:
        start = sample[:_SAMPLE_BYTES]
        sample = start.rpartition(b"\n")[0] or start
    if _is_shift_jis(sample):
        return "cp932"
    found = from_bytes(sample, cp_isolation=list(_CANDIDATES), enable_fallback=False)
    # Encodings that give the same letters are one match; a short text matches several, so the order decides.
    likely = [name for match in found for name in match.could_be_from_charset if _decodes(data, name)]
    if _RUN_OF_HIGH.search(sample):
        if "cp1251" in likely and _is_cyrillic(sample.decode("cp1251", errors="replace")):
            return "cp1251"
        likely = [name for name in likely if name not in _LATIN] or likely
    if "cp1250" in likely and "cp1252" in likely and _CENTRAL_EUROPE.search(sample.decode("cp1252", errors="replace")):
        return "cp1250"
    if "cp1252" in likely or not likely:
        return _unless_odd(data, sample)
    return "cp1252" if _TWO_SCRIPTS.search(sample.decode(likely[0], errors="replace")) else likely[0]


def _unless_odd(data: bytes, sample: bytes) -> str:
    """cp1252, but where its letters make no words and those of another encoding do."""
    if not _ODD.search(sample.decode("cp1252", errors="replace")):
        return "cp1252"
    if _decodes(data, "cp1250") and not _ODD.search(sample.decode("cp1250", errors="replace")):
        return "cp1250"
    for name in _MULTIBYTE:
        if _decodes(data, name) and _EAST_ASIAN.fullmatch(data.decode(name)):
            return name
    return "cp1252"


def _is_shift_jis(sample: bytes) -> bool:
    """Whether most letters begin with a byte that Korean and Chinese texts hardly use, and stand in Japanese words.

    The quote and the dash of Western texts are such bytes too, and make a kanji alone of it and the letter behind.
    """
    try:
        text = sample.decode("cp932")
    except UnicodeDecodeError:
        return False
    runs = _JAPANESE_RUN.findall(text)
    letters = "".join(runs)
    leads = [letter.encode("cp932")[0] for letter in letters]
    others = sum(not letter.isascii() for letter in text) - len(letters)
    return (
        sum(len(run) > 1 for run in runs) * 2 > len(runs)
        and sum(0x81 <= lead <= 0x9F for lead in leads) * 2 > len(leads)
        and others * 4 <= len(letters)
    )


def _is_cyrillic(text: str) -> bool:
    return bool(_CYRILLIC.fullmatch(text)) and not _TWO_SCRIPTS.search(text)


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_text(head: bytes, encoding: str) -> bool:
    text = head.decode(encoding, errors="ignore")
    return sum(letter < " " and letter not in "\t\n\r\f" for letter in text) * 20 <= len(text)
