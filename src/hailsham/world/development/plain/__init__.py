"""The inner life again, in slow and readable Python: its specification.

Nothing here is compiled. The numbers, the columns and the addresses of draws
are those of the kernel; every rule is written a second time, from the page of
reference. Tests hold the two to the last bit.
"""
