"""The inner life of those raised for the Programme.

The full model has its own place here and is not built yet. What the Programme
cannot do without is drawn as a stand-in by ``stand_ins``, and named so
wherever it is shown.
"""
