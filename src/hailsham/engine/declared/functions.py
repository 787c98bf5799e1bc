"""The modeller's own functions, as text that is compiled with the model.

A function is taken from its source, with the numbers and the functions that
it uses, so that the compiled model can be kept from one day to the next. What
would not give the same bits everywhere is refused.
"""

from __future__ import annotations

import ast
import builtins
import hashlib
import inspect
import math
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from hailsham.engine import arithmetic

#: Functions of ours that a modeller's function may call.
OURS = ("exp", "expm1", "lgamma", "log", "log1p")
BUILTINS = ("abs", "bool", "float", "int", "max", "min", "range")
#: What of ``math`` is the same on every machine.
EXACT = ("ceil", "fabs", "floor", "inf", "isfinite", "nan", "pi", "sqrt", "trunc")


class UnreadableError(ValueError):
    """A function that cannot be compiled with a model; says why, and what would do."""


@dataclass(frozen=True)
class FunctionText:
    """A function as text: its new name, what it asks for, and its own source."""

    name: str
    arguments: tuple[str, ...]
    text: str


class _Names(ast.NodeTransformer):
    """Give names of the modeller's module the names they have in ours."""

    def __init__(self, new: dict[str, str]) -> None:
        self.new = new

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """Return the node with its new name."""
        return ast.Name(self.new.get(node.id, node.id), node.ctx)


def _definition(function: Callable[..., Any]) -> ast.FunctionDef:
    """Return the syntax of a plain ``def``."""
    told = getattr(function, "__name__", repr(function))
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError) as error:
        raise UnreadableError(
            f"the source of {told!r} cannot be read; write it as a def in a file or a notebook"
        ) from error
    node = tree.body[0]
    if not isinstance(node, ast.FunctionDef) or function.__code__.co_name == "<lambda>":
        raise UnreadableError(f"{told!r} is not a plain function; write it as a def of its own")
    if function.__code__.co_freevars:
        unknown = ", ".join(function.__code__.co_freevars)
        raise UnreadableError(
            f"{told!r} uses {unknown} of a function around it; give it as an attribute instead"
        )
    return node


def _refuse_inexact(node: ast.FunctionDef) -> None:
    """Refuse what has other bits on other machines."""
    for part in ast.walk(node):
        if isinstance(part, ast.BinOp | ast.AugAssign) and isinstance(part.op, ast.Pow):
            raise UnreadableError(
                f"{node.name!r} uses **, whose last bits differ between machines; "
                "write x * x, or exp(k * log(x)) with hailsham.engine.exp and log"
            )
        if (
            isinstance(part, ast.Attribute)
            and isinstance(part.value, ast.Name)
            and part.value.id == "math"
            and part.attr not in EXACT
        ):
            raise UnreadableError(
                f"{node.name!r} uses math.{part.attr}, whose last bits differ between machines; "
                f"hailsham.engine has {', '.join(OURS)}"
            )


@cache
def read_function(function: Callable[..., Any]) -> FunctionText:
    """Return a function as text under a name that no other text has.

    Args:
        function: A plain ``def`` that uses its arguments, numbers of its
            module, our ``exp``, ``log`` and their like, exact parts of
            ``math``, and other such functions.

    Raises:
        UnreadableError: If it is anything else; the message says what would do.
    """
    node = _definition(function)
    _refuse_inexact(node)
    lines, new = [], {}
    own = {argument.arg for argument in node.args.args}
    stored = {
        part.id
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }
    read = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    for name in sorted(read - own - stored):
        if name not in function.__globals__:
            if name in BUILTINS and hasattr(builtins, name):
                continue
            raise UnreadableError(f"{node.name!r} uses {name!r}, which is not known in its module")
        value = function.__globals__[name]
        if value is math:
            continue
        if isinstance(value, bool | int | float):
            new[name] = f"({value!r})"
        elif any(value is getattr(arithmetic, ours) for ours in OURS):
            new[name] = next(ours for ours in OURS if value is getattr(arithmetic, ours))
        elif inspect.isfunction(value):
            inner = read_function(value)
            lines.append(inner.text)
            new[name] = inner.name
        else:
            raise UnreadableError(
                f"{node.name!r} uses {name!r}, a {type(value).__name__}; "
                "it may use numbers, plain functions, and exp and log of hailsham.engine"
            )
    node.decorator_list, node.returns = [], None
    for argument in node.args.args:
        argument.annotation = None
    if isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant):
        node.body = node.body[1:] or [ast.Pass()]
    node = _Names(new).visit(node)
    plain = ast.unparse(ast.fix_missing_locations(node))
    digest = hashlib.sha256("\n".join([*lines, plain]).encode()).hexdigest()[:8]
    named = f"{node.name}_{digest}"
    lines.append(plain.replace(f"def {node.name}(", f"def {named}(", 1))
    return FunctionText(named, tuple(arg.arg for arg in node.args.args), "\n\n\n".join(lines))
