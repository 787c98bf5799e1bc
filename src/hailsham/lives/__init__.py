"""What a life is, in memory and on disk. Knows nothing of how lives came about."""
