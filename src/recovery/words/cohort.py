"""The sentences about a mean over several people: who is in it, and what speaks against believing it."""

from recovery.words.say import say

LENGTH_GOES_WITH_EFFECT = (
    "People with more massages have another effect than people with fewer: who goes on because it helped counts most,"
    " so the mean is not that of people who begin."
)
ERROR_GOES_WITH_EFFECT = (
    "People whose effect is known well have another effect than the others: the weighted mean is not that of all, look"
    " at the one in which all count alike."
)


def many_not_in(people: int, of_all: int) -> str:
    return say(
        "{people} of {of_all} people are not in it: where those who saw no help left early, the mean is too good.",
        people=people,
        of_all=of_all,
    )


def entered(is_gated: bool, is_adjusted: bool) -> str:
    """How a person with an estimate entered the mean."""
    if is_adjusted:
        return say(
            "In the mean by the estimate that allows for what went before: the dates of the massages followed pain, "
            "the number itself or the days before."
        )
    if is_gated:
        return say(
            "In the mean as told, though the dates of the massages followed pain, the number itself or the days "
            "before: there is no estimate that allows for it."
        )
    return say("In the mean by the estimate that is told.")
