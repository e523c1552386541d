"""What else may stand behind a change after massages: told in the diary, yes or no, and never guessed."""

CIRCUMSTANCES = ("other_treatment", "day_off", "illness", "travel")  # columns of the diary
