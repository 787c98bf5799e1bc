"""Models that are declared, and lived by kernels made for them."""
