"""One life, told: what the run holds of it, what kind of life it is, and its sentences."""
