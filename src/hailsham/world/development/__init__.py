"""The inner life: knowing and feeling, stages, memory, ties, hopes, letting go, despair.

Each subject has a module with its numbers and closed forms; ``pod`` lives eight
people by them. ``docs/reference/inner-life.md`` says it exactly. Where the
Programme meets the public its inner life is still drawn by ``stand_ins``.
"""
