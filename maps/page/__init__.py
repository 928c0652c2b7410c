"""The page of a picture: what stands on it, shapes made ready for it, and the letters it is set in."""
