"""Trials: weeks drawn by lot, and the plan that is written beforehand."""
