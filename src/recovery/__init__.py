"""Movement, rest and sleep around massages, from what a person's devices exported."""

import os

# The products in recovery.effects are small: more threads of OpenBLAS wait for each other, at 4 to 11 times the CPU on
# two busy cores, and the last bits of a sum may depend on their number. Heeded because NumPy is loaded after this.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
