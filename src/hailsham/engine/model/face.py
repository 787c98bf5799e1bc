"""The model as its user meets it: declared, checked, lived."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from numpy.typing import ArrayLike

from hailsham.engine.declared.declaration import Declaration, State
from hailsham.engine.declared.soundness import check
from hailsham.engine.declared.soundness.asked import check_run
from hailsham.engine.declared.structure import resolve
from hailsham.engine.kernels.source import write_source
from hailsham.engine.meeting.source import write_source as write_meeting
from hailsham.engine.model.lives import Columns, Lives
from hailsham.engine.model.simulation import CHUNK, Sink, simulate


@dataclass
class Model(Declaration):
    """States, transitions, clocks, attributes and pools of a life course.

    Args:
        name: For messages; it is no part of any draw.
        clock: What times are told in: ``age`` for lives that share nothing,
            ``calendar`` where people meet in pools.
    """

    def simulate(
        self,
        n_people: int,
        *,
        seed: int,
        until: float,
        replicate: int = 0,
        start: State | Sequence[State] | None = None,
        age: ArrayLike = 0.0,
        born: ArrayLike = 0.0,
        attributes: Mapping[str, ArrayLike] | None = None,
        parameters: Mapping[str, float] | None = None,
        first_person: int = 0,
        log: bool = True,
        moments: Sequence[float] = (),
        exposure: tuple[Sequence[float], tuple[int, int]] | None = None,
        columns: Columns | None = None,
        threads: int = 1,
        chunk: int | None = None,
        sink: Sink | None = None,
    ) -> Lives:
        """Live the model.

        Args:
            n_people: How many lives.
            seed: Whole number in [0, 2**32); the same seed is the same luck.
            until: [years] When lives are last seen, in the model's time.
            replicate: Whole number in [0, 2**32): other luck under the same seed.
            start: State in which lives begin, one for all or one each; by
                default the first declared.
            age: [years] Age at which lives begin, one for all or one each.
            born: [years AD] Time of birth, one for all or one each.
            attributes: Values at the beginning, one for all or one each, where
                they are not those declared.
            parameters: Other numbers, by dotted name; nothing is compiled again.
            first_person: Address of the first person: parts of a population
                that are lived apart and joined are the population.
            log: Whether to keep the event log.
            moments: Times at which people are counted in the loop.
            exposure: Ages at which bands begin, from 0 on, and the calendar years
                (from, up to): time lived is added up by state, year and band.
            columns: Which columns of people to keep.
            threads: How many chunks are lived side by side; changes no bit. People who
                meet in pools are lived on one thread, all of them at once.
            chunk: How many people are lived at a stretch, and leave in one piece; changes no
                bit. By default 32,768, and many more where nothing leaves.
            sink: Takes each chunk of log and columns, in order of person; they
                are then not kept.

        Returns:
            What was seen.

        Raises:
            ModelError: HS401 to HS418, before the run where it can be known then.
        """
        model = self.with_parameters(parameters) if parameters else self
        check_run(
            model,
            n_people,
            seed=seed,
            replicate=replicate,
            first_person=first_person,
            until=until,
            age=age,
            born=born,
            moments=moments,
            exposure=exposure,
            watched=(*columns.years, *columns.visits) if columns else (),
            threads=threads,
            chunk=CHUNK if chunk is None else chunk,
        )
        return simulate(
            model,
            n_people,
            seed=seed,
            until=until,
            replicate=replicate,
            start=start,
            age=age,
            born=born,
            attributes=attributes,
            first_person=first_person,
            log=log,
            moments=moments,
            exposure=exposure,
            columns=columns,
            threads=threads,
            chunk=chunk,
            sink=sink,
        )

    def check(
        self,
        *,
        start: Sequence[State] = (),
        given: Collection[str] = (),
        until: float = 110.0,
    ) -> None:
        """Refuse the model if it is not sound; ``simulate`` does so, too.

        Args:
            start: States in which lives begin; by default the first declared.
            given: Attributes that are given for each person when lives begin.
            until: [years] When lives are last seen, in the model's time.

        Raises:
            ModelError: HS401 to HS416, every fault at once.
        """
        check(self, start=start, given=given, until=until)

    def source(self) -> str:
        """Return the kernel that is compiled for the model, as Python."""
        structure = resolve(self).structure
        return write_meeting(structure) if structure.pools else write_source(structure)
