"""What the two kinds of ranges are called, in the same words on every page; and what marks them in pictures.

A main number is looked at after every massage, so its range is wide enough for all looks together: a thick bar. All
else is looked at once, with a 95% interval: a thin line.
"""

from recovery.words.say import say

EVERY_LOOK = say("where the true change lies, however often you look")
ONE_LOOK = say("where it may well lie, looked at once (95% interval)")
THICK_BAR = say("Thick bar: {range}.", range=EVERY_LOOK)
THIN_LINE = say("Thin line: {range}.", range=ONE_LOOK)
