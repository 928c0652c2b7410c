"""Statements that are said to hold, tried on maps of which the truth is known."""
