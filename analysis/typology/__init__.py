"""Kinds of place: definitions as data, and which areas are of which kind by each of them."""
