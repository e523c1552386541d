"""By what kinds of massages are told apart."""

ATTRIBUTES = ("area", "cause", "minutes", "muscle", "pressure", "technique")
