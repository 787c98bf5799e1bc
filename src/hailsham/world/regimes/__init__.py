"""Ways of supplying organs, one file each."""
