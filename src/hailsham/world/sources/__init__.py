"""What the two texts say, the rival readings of them, and what is weak in what we made of them."""
