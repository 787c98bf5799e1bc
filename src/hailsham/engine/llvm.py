"""What is asked of LLVM by name, because no loop is ever turned into it.

*Packing* copies those of a list who are chosen, close together: eight at a
time, with no branch. A loop that copies one person, and then moves on by one
or by none, cannot run in vectors: where each goes hangs on how many went
before. Processors have an instruction for just this; where one has none, LLVM
writes eight steps instead, with the same result. *Fetching* asks for a row
before its turn. This is the only place that speaks to LLVM itself; what is
asked for stands beside it in plain Python, which is what runs where Numba is
switched off.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

Counts = NDArray[np.int64]

#: People that are copied at a stroke. A list has so many places to spare at its end.
LANES = 8
#: Every one of them chosen.
ALL_LANES = np.uint8(2**LANES - 1)


def _vector(
    context: Any, builder: Any, kind: Any, array: Any, place: Any, element: Any
) -> tuple[Any, Any]:
    """Return the type of so many elements, and where they lie in an array."""
    of_lanes = ir.VectorType(element, LANES)
    start = builder.gep(context.make_array(kind)(context, builder, array).data, [place])
    return of_lanes, builder.bitcast(start, of_lanes.as_pointer())


def _everywhere(builder: Any, value: Any) -> Any:
    """Return a vector that holds a number in every lane."""
    empty = ir.Constant(ir.VectorType(value.type, LANES), ir.Undefined)
    first = builder.insert_element(empty, value, ir.Constant(ir.IntType(32), 0))
    order = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(first, empty, order)


def _chosen_lanes(_: Any, q: Any, place: Any, wanted: Any, left: Any) -> tuple[Any, Any]:
    """Return signature and code of ``chosen_lanes``."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        array, start, number, end = given
        whole = ir.IntType(64)
        of_lanes, there = _vector(context, builder, signature.args[0], array, start, whole)
        shown = builder.load(there, align=8)
        lanes = ir.Constant(of_lanes, list(range(LANES)))
        is_wanted = builder.icmp_signed("==", shown, _everywhere(builder, number))
        is_listed = builder.icmp_signed("<", lanes, _everywhere(builder, end))
        return builder.bitcast(builder.and_(is_wanted, is_listed), ir.IntType(LANES))

    return types.uint8(q, types.int64, types.int64, types.int64), generate


def _count_lanes(_: Any, chosen: Any) -> tuple[Any, Any]:
    """Return signature and code of ``count_lanes``."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        byte = ir.IntType(LANES)
        name = f"llvm.ctpop.i{LANES}"
        count = cgutils.get_or_insert_function(builder.module, ir.FunctionType(byte, [byte]), name)
        return builder.zext(builder.call(count, given), ir.IntType(64))

    return types.int64(types.uint8), generate


def _pack_lanes(_: Any, column: Any, source: Any, target: Any, chosen: Any) -> tuple[Any, Any]:
    """Return signature and code of ``pack_lanes``."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        array, start, stop, lanes = given
        kind = signature.args[0]
        element = context.get_data_type(kind.dtype)
        of_lanes, there = _vector(context, builder, kind, array, start, element)
        mask = builder.bitcast(lanes, ir.VectorType(ir.IntType(1), LANES))
        letter = "f" if isinstance(kind.dtype, types.Float) else "i"
        compress = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(of_lanes, [of_lanes, mask.type, of_lanes]),
            f"llvm.experimental.vector.compress.v{LANES}{letter}64",
        )
        empty = ir.Constant(of_lanes, ir.Undefined)
        packed = builder.call(compress, [builder.load(there, align=8), mask, empty])
        _, goal = _vector(context, builder, kind, array, stop, element)
        builder.store(packed, goal, align=8)
        return context.get_dummy_value()

    return types.void(column, types.int64, types.int64, types.uint8), generate


def _fetch(_: Any, array: Any, place: Any) -> tuple[Any, Any]:
    """Return signature and code of ``fetch``."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        whole, number = ir.IntType(64), ir.IntType(32)
        rows = context.make_array(signature.args[0])(context, builder, given[0])
        step = cgutils.unpack_tuple(builder, rows.strides)[0]
        at = builder.add(builder.ptrtoint(rows.data, whole), builder.mul(given[1], step))
        told = ir.FunctionType(ir.VoidType(), [ir.PointerType(), number, number, number])
        prefetch = cgutils.get_or_insert_function(builder.module, told, "llvm.prefetch.p0")
        # To be read, into every cache, and what is fetched are numbers.
        how = [number(one) for one in (0, 3, 1)]
        builder.call(prefetch, [builder.inttoptr(at, ir.PointerType()), *how])
        return context.get_dummy_value()

    return types.none(array, types.uint64), generate


def _written_as(asked: Callable[..., Any]) -> Callable[[Callable[..., Any]], Any]:
    """Return what puts LLVM's own code in the place of a plain function, where Numba is on."""
    return lambda plain: plain if numba.config.DISABLE_JIT else intrinsic(asked)


@_written_as(_chosen_lanes)
def chosen_lanes(q: Counts, place: int, wanted: int, left: int) -> int:
    """Return, a bit a lane, where a column of whole numbers shows one number.

    Args:
        q: The vector.
        place: Where the first lane lies.
        wanted: The number.
        left: How many of the lanes belong to the list; the others are never chosen.
    """
    return sum((q[place + lane] == wanted) << lane for lane in range(min(left, LANES)))


@_written_as(_count_lanes)
def count_lanes(chosen: int) -> int:
    """Return how many lanes are chosen."""
    return int(chosen).bit_count()


@_written_as(_pack_lanes)
def pack_lanes(column: NDArray[Any], source: int, target: int, chosen: int) -> None:
    """Copy the chosen lanes at one place of a vector to another place of it, close together.

    What lies behind the last of them, up to a whole number of lanes, is
    written over with nothing that means anything.
    """
    kept = [column[source + lane] for lane in range(LANES) if int(chosen) >> lane & 1]
    column[target : target + len(kept)] = kept


@_written_as(_fetch)
def fetch(array: NDArray[Any], place: np.uint64) -> None:
    """Ask for what one place of the first axis holds, soon to be read; nothing else happens.

    A row that nobody touched for long takes as long to come as a hundred
    additions, and who will be next is often known before their turn.
    """
