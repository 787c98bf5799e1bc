"""The model: the public, the list, the regimes that supply it, the Programme."""
