"""`python -m recovery`, and the command `recovery`: what comes before anything else is imported."""

import sys

from recovery.home.memory import collect_seldom, take_small_pages
from recovery.words.say import say


def main() -> None:
    """Runs the command; Ctrl-C while its modules are imported ends it with one line too, as later."""
    collect_seldom()
    take_small_pages()
    try:
        from recovery.cli import main as command
    except KeyboardInterrupt:
        stopped = say("recovery: stopped by {name}; what was published before still stands.", name="SIGINT")
        sys.stderr.write(f"{stopped}\n")
        sys.exit(130)
    command()


if __name__ == "__main__":
    main()
