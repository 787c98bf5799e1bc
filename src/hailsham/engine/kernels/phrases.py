"""Source phrases that both generated kernels are made of.

Each returns one scalar expression. ``at`` says where a column of the person
at hand lies, such as ``f[TIME + i]`` in a block or ``person.time`` in an
agenda, so that the two kernels differ in where they read and in nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hailsham.engine.declared.functions import FunctionText
from hailsham.engine.declared.structure import Arm, Structure, Term

#: From the name of a column to the expression that reads it.
Columns = Callable[[str], str]

#: What every generated module begins with.
HEADING = '''"""{title}"""

import math

import numpy as np

from hailsham.engine.arithmetic import exp, expm1, lgamma, log, log1p
from hailsham.engine.compiling import compiled, compiled_bare, compiled_inline
from hailsham.engine.draws import (
    draw_uniforms,
    exponential_of,
    uniform,
    uniform_pair,
)
from hailsham.engine.families.inverted import (
    gamma_cumulative,
    gamma_wait,
    gompertz_makeham_cumulative,
    gompertz_makeham_wait,
    log_logistic_cumulative,
    log_logistic_wait,
    log_normal_cumulative,
    log_normal_wait,
)
from hailsham.engine.families.tabulated import (
    linear_staircase_cumulative,
    linear_staircase_wait,
    linear_staircase_waits,
)
from hailsham.engine.hazards import (
    exponential_cumulative,
    exponential_wait,
    gompertz_cumulative,
    gompertz_parts,
    gompertz_wait,
    gompertz_wait_of,
    gompertz_worth,
    lexis_cumulative,
    lexis_wait,
    rest_of_budget,
    uniform_cumulative,
    uniform_wait,
    weibull_cumulative,
    weibull_wait,
)
'''


def zero(structure: Structure, clock: str, clock_state: int, at: Columns) -> str:
    """Return the time at which a clock showed 0; nothing for the model's own clock."""
    if clock == structure.clock:
        return ""
    if clock == "since_entry":
        return at("entered")
    if clock == "since":
        return at(f"arrived_{clock_state}")
    return at("born") if clock == "age" else f"(-{at('born')})"


def reading(structure: Structure, clock: str, clock_state: int, time: str, at: Columns) -> str:
    """Return what a clock shows at a time."""
    start = zero(structure, clock, clock_state, at)
    if start == time:
        return "0.0"
    return f"({time} - {start})" if start else time


def calendar(structure: Structure, time: str, at: Columns) -> str:
    """Return the date of a time."""
    return reading(structure, "calendar", -1, time, at)


def _numbers(arm: Arm) -> str:
    return ", ".join(f"p[{place}]" for place in arm.numbers)


def _lexis(arm: Arm, at: Columns) -> str:
    table = f"tables[{arm.table}]"
    return f"{at('born')}, {table}.breaks, {table}.first_year[0], {table}.rates"


def wait(structure: Structure, arm: Arm, budget: str, time: str, at: Columns) -> str:
    """Return the wait of an arm at a time for a budget under its own hazard."""
    if arm.kind == "lexis":
        return f"lexis_wait({budget}, {calendar(structure, time, at)}, {_lexis(arm, at)})"
    shown = reading(structure, arm.clock, arm.clock_state, time, at)
    if arm.table >= 0:
        return f"linear_staircase_wait({budget}, {shown}, tables[{arm.table}])"
    if arm.kind == "exponential":
        return f"exponential_wait({budget}, {_numbers(arm)})"
    return f"{arm.kind}_wait({budget}, {shown}, {_numbers(arm)})"


def spent(structure: Structure, arm: Arm, start: str, stop: str, at: Columns) -> str:
    """Return the cumulative hazard of an arm between two times, without its factor."""
    if arm.kind == "lexis":
        begin, end = calendar(structure, start, at), calendar(structure, stop, at)
        return f"lexis_cumulative({begin}, {end}, {_lexis(arm, at)})"
    begin = reading(structure, arm.clock, arm.clock_state, start, at)
    end = reading(structure, arm.clock, arm.clock_state, stop, at)
    if arm.table >= 0:
        return f"linear_staircase_cumulative({begin}, {end}, tables[{arm.table}])"
    return f"{arm.kind}_cumulative({begin}, {end}, {_numbers(arm)})"


def call(function: FunctionText, circumstances: Mapping[str, str], at: Columns) -> str:
    """Return a call of a modeller's function.

    Args:
        function: As text.
        circumstances: Expressions for what it may ask for beside attributes.
        at: Where the attributes lie.
    """
    asked = [
        circumstances[name] if name in circumstances else at(name) for name in function.arguments
    ]
    return f"{function.name}({', '.join(asked)})"


def term(rule: Term, circumstances: Mapping[str, str], at: Columns) -> str:
    """Return the value of a rule: a number, or what a function says."""
    if isinstance(rule, FunctionText):
        return call(rule, circumstances, at)
    return f"p[{rule}]"


def factor(arm: Arm, circumstances: Mapping[str, str], at: Columns) -> str:
    """Return what multiplies the hazard of an arm."""
    if arm.factor:
        return f"float({call(arm.factor, circumstances, at)})"
    if not arm.betas:
        return "1.0"
    total = " + ".join(f"p[{place}] * {at(name)}" for name, place in arm.betas)
    return f"exp({total})"


def functions(structure: Structure) -> list[str]:
    """Return the modeller's functions as source, each once."""
    found: dict[str, str] = {}
    for arm in structure.arms:
        rules = [arm.thinned, arm.factor, *arm.shares, *(rule for _, rule in arm.then)]
        for rule in rules:
            if isinstance(rule, FunctionText):
                for text in rule.text.split("\n\n\n"):
                    found[text] = f"@compiled_inline\n{text}"
    return list(found.values())
