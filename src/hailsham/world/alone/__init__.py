"""The Programme standing alone: its children, without the public and its list.

Nobody here waits for an organ, and nobody is looked after by somebody else of
the run: whom a donor has for a carer, and how long a need lets him wait, are
drawn as the inner life's own settings say. So every pod is lived by itself,
in any order and beside any other.
"""
