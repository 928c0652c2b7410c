"""One thing on its own: a picture of one table, a claim answered."""
