"""Words by which people say that an appointment did not take place, or not on its day, in a log's note or a
calendar's title: pieces of a regular expression for text without capitals, accents and punctuation."""

CANCELLED = (
    r"cancell?ed|cancellation|called off|abgesagt|absage|storniert|ausgefallen|entfallen|entfallt|fallt aus|fiel aus|"
    r"faellt aus|annul\w*|anulad\w*|anulowan\w*|cancelad\w*|cancelacion|cancellat\w*|disdett\w*|geannuleerd|afgezegd|"
    r"aflyst|afmeldt|avlyst|installd|installt|peruttu|peruutettu|desmarcad\w*|odwo[lł]an\w*|zrusen\w*|otkazan\w*|"
    r"no ?shows?|отменен\w*|отмена|скасован\w*|iptal|ακυρ\w*"
)
CANCELLED_WITHOUT_SPACES = "キャンセル|中止|取消|取り消し|취소"  # in scripts that put no space between words
POSTPONED = (
    r"verschoben|verlegt|umgebucht|postponed|rescheduled|reporte\w*|decale\w*|aplazad\w*|rinviat\w*|spostat\w*|verzet|"
    r"uitgesteld|verplaatst|udsat|flyttet|flyttad|adiad\w*|prze[lł]o[zż]on\w*|przeniesion\w*|перенес\w*"
)
NOT_HELD = (
    r"krank|sick|ill|malade|missed it|verpasst|closed|geschlossen|"
    r"nicht (?:erschienen|gekommen|stattgefunden)|did(?: not|n t) (?:go|come|attend)"
)
