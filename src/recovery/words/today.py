"""What Today says."""

from recovery.words.say import say

NOTHING_YET = say("There is nothing to show yet.")
HOW_TO_BEGIN = say(
    "Put what your devices exported, and a list of your massages, into the inbox, and run: `recovery run`"
)
HOW_WE_KNOW = say("How we know")
FOLLOWS_ONLY = say("This is what follows a massage. Whether the massage is the reason cannot be seen this way.")
WRITE_DOWN = say("Write down")
WRITE_FROM_DISK = say(
    "With `recovery log massage` and `recovery log day`, or on the live page: `recovery serve --open`"
)
