"""Nobody's organs: England as recorded, with what medicine did inside it.

The list is kept, so that need is seen; nothing is supplied, and every life
ends as it would have. There is nothing to set.
"""
