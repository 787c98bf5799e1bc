"""Kernels that are written for a declared model: their source, their log, what they watch."""
