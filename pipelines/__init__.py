"""The order of the steps, run by Prefect.

Importing this package sets what Prefect reads of the environment when it is itself imported: nothing is reported to
anybody, nothing is printed, and the user's own `~/.prefect` is neither made nor read.
"""

from recovery.pipelines import environment

environment.before_prefect()
