"""What a reminder in a calendar says: shown on locked screens, so nothing of what was told."""

from recovery.words.say import say

NAME = say("Recovery: reminders")
AFTERNOON = say("How is your back now, 0 to 10?")
BEFORE_MASSAGE = say("Before the massage: how is your back now, 0 to 10?")
