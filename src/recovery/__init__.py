"""Movement, rest and sleep around massages, from what a person's devices exported."""
