"""The inner life of a run, told: a screen, figures, and ordinary lives beside it."""
