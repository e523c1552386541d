"""What the live page says."""

from recovery.words.say import say

OTHER_HOST = say("This server has another name.")
OTHER_ORIGIN = say("A page of another site may not ask this server.")
NO_KEY = say("This page opens only for those who have a key.")
HOW_TO_ENTER = say("On the computer of this home, give: recovery open")
WRONG_CODE = say("This code was used or is too old. A new one: recovery open, or recovery keys invite")
ENTER = say("Come in")
ENTER_CODE = say("The code that you were given")
ENTERED = say("You are in.")
TO_THE_PAGE = say("To the page")
TOO_MANY = say("Too many requests at once: wait a moment and try again.")
TOO_MANY_WRONG = say("Too many wrong keys came from here: wait a minute and try again.")
KEYS_UNREADABLE = say("The keys of this home cannot be read. The log of the server says why.")
NOT_YOURS = say("Your key does not open this.")
NOTHING_HERE = say("There is no such page.")
NOT_BY_PAGE = say("This form is too old. Load the page again and fill it in anew.")
TOO_LONG = say("This is too long: more was sent than the page takes.")
OUR_FAULT = say("This went wrong, and it is our fault. The log below .recovery/logs says where; please report it.")
PEOPLE = say("People")
RECOVERY = say("Recovery")
BACK = say("Back")
THE_HOME = say("the home")
NOTHING_PUBLISHED = say(
    "Nothing is worked out yet. Put exports into the inbox, or log a massage, and run: recovery run"
)
LIVE_PAGES = say("Pages of this home")
