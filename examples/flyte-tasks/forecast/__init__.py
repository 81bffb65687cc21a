"""Forecasts of electricity demand: two tasks, each in an image of its own, and the workflow that joins them."""
