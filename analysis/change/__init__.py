"""Change through time: what moved beyond error, trends, emerging patterns, and early warning. Records hold numbers and codes, no words."""
