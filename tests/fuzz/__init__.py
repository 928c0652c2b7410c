"""Damage every kind of file that placeatlas reads, many times, and see that each is read whole or refused in one error."""
