"""What heart rates may be: two limits, since a reader and the stored record are asked different things."""

MIN_BPM = 20.0
MAX_BPM = 230.0  # of a record that counts: above every formula of the highest heart rate at an age
MAX_SENSOR_BPM = 250.0  # of a reading in a file: beyond, and at 255, a sensor tells that it measured nothing

# A reading from above 230 to 250 is thus a record of its file, and is then left out and counted as one of a size that
# cannot be (loading/plausible.py). With one limit the readers would leave it out as no measurement: the published
# values would be the same, the counts in the receipts would not.
