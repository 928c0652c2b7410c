"""Outcome tables: what is measured, for whom, in which unit, when and how surely; and indicators made of others."""
