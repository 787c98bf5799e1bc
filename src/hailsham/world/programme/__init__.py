"""The Programme: houses, the Cottages, carers, donors, deferral."""
