"""What takes more than one run to say: the evidence, and the rival readings side by side."""
