"""Families of hazards beyond the closed forms of ``hailsham.engine.hazards``.

``inverted`` solves for its waits, ``tabulated`` takes any function of the
clock, ``special`` holds the functions they need, and ``plain`` says all of it,
the closed forms too, in readable Python.
"""
