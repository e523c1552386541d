"""How often the answers of the program are wrong when one looks at them again and again, on people made for this study.

    python -m tests.calibration.study run --minutes 20 --layer a
    python -m tests.calibration.study table

The first, called at the top of the checkout, works for so many minutes and stops; called again it goes on where it
stopped. The second writes the tables of docs/calibration.md from what is there. Layer `a` computes the looks at four
main metrics; `b` asks the program itself, with all that is between the days and the words; `real` draws dates on the
days of real people; `levels` looks for jumps of level where there are none.

The people are made unlike those on which the methods were tuned (`simulator.py`, `pain_people.py`): noise of long
memory, of regimes, of heavy tails; other scales; lives in which something happens. The cells named `HOLD_OUT` in
cells.py were never looked at while anything was chosen.
"""
