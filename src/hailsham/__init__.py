"""hailsham: the England of *Never Let Me Go*, one life at a time.

Importing this compiles nothing and reads nothing.
"""

from __future__ import annotations

from hailsham.errors import HailshamError

__all__ = ["HailshamError"]
