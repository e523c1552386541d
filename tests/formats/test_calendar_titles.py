"""What titles of events say of a massage."""

import pytest

from recovery.formats.calendar_titles import Said, said_of

TITLES: dict[Said, str] = {
    "massage": "Massage|Physio|Massage 60 min|Thai massage with Kathy|massage after training|Massage for my back|"
    "Sports training, then massage|Massage (kurz)|Masaż|Masáž zad|массаж|マッサージ|마사지|按摩|นวดไทย|μασάζ|"
    "Selkähieronta|Masaj|Couples massage|Massage im Urlaub|Massage nach Rückenschule|Rückenmassage, danach Schule",
    "cancelled": "Massage abgesagt|CANCELLED: Massage|Massage (canceled)|Massage fällt aus|Massage - storniert|"
    "Masaż odwołany|M̶a̶s̶s̶a̶g̶e̶|Massage no show|Massage ausgefallen, krank|マッサージ キャンセル|Physio entfällt",
    "unsure": "Massage?|Massage evtl.|maybe massage|Massage verschoben|Cancel massage|Massage nicht abgesagt|"
    "❌ Massage|yoga cancelled, massage instead|Massage Gutschein einlösen|Massage für Mama|Massage Mom|"
    "sick - no yoga, massage|X Massage|Birthday massage|Massage oder Sauna|need massage",
    "mentioned": "Foot massager delivery|Call: ask about massage price|No massage today|Heute keine Massage|"
    "Massageausbildung|Massagesessel kaufen|Birthday Anna (massage voucher)|Book massage|Massage absagen|"
    "Babymassage|dog massage|Massage: Rechnung bezahlen|massage workshop|Massagekurs VHS|マッサージチェア|Massage gun|"
    "massage school open day|Physiotherapie anrufen|Rezept Massage bestellen",
    "": "Lunch|message from Anna|Zahnarzt|Masse|",
}  # fmt: skip


@pytest.mark.parametrize("said", TITLES)
def test_a_title_says_what_became_of_a_massage(said: Said) -> None:
    titles = TITLES[said].split("|")

    assert {title: said_of(title) for title in titles} == dict.fromkeys(titles, said)


def test_a_category_names_a_massage_and_the_title_what_became_of_it() -> None:
    titles = ("Termin", "abgesagt", "Termin?", "anrufen")

    assert [said_of(title, "Massage") for title in titles] == ["massage", "cancelled", "unsure", "mentioned"]
