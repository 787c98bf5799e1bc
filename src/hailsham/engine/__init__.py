"""Life courses in continuous time: draws, hazards, agenda, pools, recorder, declared models.

The engine knows nothing of schools, carers or organs. Its parts are small
compiled functions; ``plain`` says the same in readable Python. What a modeller
needs is named here, and loaded when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hailsham.engine.arithmetic import exp, expm1, lgamma, log, log1p
    from hailsham.engine.declared.declaration import Clock, Pool, State, lost
    from hailsham.engine.declared.families import (
        At,
        Exponential,
        Gamma,
        Gompertz,
        GompertzMakeham,
        Lexis,
        LogLogistic,
        LogNormal,
        Thinned,
        Uniform,
        Weibull,
        from_life_table,
        piecewise_constant,
        piecewise_linear,
        tabulated,
    )
    from hailsham.engine.model.face import Model
    from hailsham.engine.model.lives import Columns, Lives
    from hailsham.engine.model.uncertainty import Varied, draw_parameters, vary

_FAMILIES = (
    *("At", "Exponential", "Gamma", "Gompertz", "GompertzMakeham", "Lexis", "LogLogistic"),
    *("LogNormal", "Thinned", "Uniform", "Weibull", "from_life_table", "piecewise_constant"),
    *("piecewise_linear", "tabulated"),
)
_PLACES = {
    **dict.fromkeys(("exp", "expm1", "lgamma", "log", "log1p"), "arithmetic"),
    **dict.fromkeys(("Clock", "Pool", "State", "lost"), "declared.declaration"),
    **dict.fromkeys(_FAMILIES, "declared.families"),
    **dict.fromkeys(("Columns", "Lives"), "model.lives"),
    **dict.fromkeys(("Varied", "draw_parameters", "vary"), "model.uncertainty"),
    "Model": "model.face",
}

__all__ = [
    "At",
    "Clock",
    "Columns",
    "Exponential",
    "Gamma",
    "Gompertz",
    "GompertzMakeham",
    "Lexis",
    "Lives",
    "LogLogistic",
    "LogNormal",
    "Model",
    "Pool",
    "State",
    "Thinned",
    "Uniform",
    "Varied",
    "Weibull",
    "draw_parameters",
    "exp",
    "expm1",
    "from_life_table",
    "lgamma",
    "log",
    "log1p",
    "lost",
    "piecewise_constant",
    "piecewise_linear",
    "tabulated",
    "vary",
]


def __getattr__(name: str) -> Any:
    """Load what is asked for: the parts alone must not cost the whole."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
