"""The home folder, its settings, and the rules of the place: clock, disk and lock."""
