"""By what massages are told apart."""

ATTRIBUTES = ("area", "cause", "minutes", "muscle", "pressure", "technique")
