"""The ordered steps of a run, without Prefect."""
