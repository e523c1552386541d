"""How long a massage may last, and by what kinds of massages are told apart."""

MIN_MASSAGE_MIN, MAX_MASSAGE_MIN = 1.0, 480.0  # of one massage, whoever tells of it; longer is a day at a spa

ATTRIBUTES = ("area", "cause", "minutes", "muscle", "pressure", "technique")
