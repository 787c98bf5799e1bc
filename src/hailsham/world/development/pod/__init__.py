"""A pod of eight age-mates: its people, its clocks, and the loop that lives it."""
