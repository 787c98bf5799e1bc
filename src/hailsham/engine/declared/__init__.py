"""What a modeller declares: words, families of hazards, soundness, and what is compiled of them."""
