"""People who meet, again in slow and readable Python: the specification of pools.

``docs/reference/declared-model.md``, the part on pools, step by step. What an
event does to one person is ``model.plain``; here is who is next, who is
served by what, and what follows for the others. Everything is looked for
among everybody, each time.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hailsham.engine.declared.declaration import Declaration, Pool, State
from hailsham.engine.declared.structure import ITS, Arm
from hailsham.engine.draws import draw_key
from hailsham.engine.model.plain import Event, Person, Rules, StoppedError, ask, people

#: What comes first of what is due at one time.
BEGINS, EXPIRES, HAPPENS = range(3)


@dataclass
class Item:
    """Something scarce that is used once, and what it remembers of its giver."""

    came: float
    expires: float
    attributes: dict[str, float]


@dataclass
class Place:
    """What a pool without servers has: places that are all alike."""

    attributes: dict[str, float] = field(default_factory=dict)


#: What can be granted, and what those who got it hold.
Thing = Item | Place | Person


@dataclass
class Queue:
    """A pool as it stands: who waits, what there is, who holds what."""

    pool: Pool
    waiting: dict[int, float] = field(default_factory=dict)  # since when, by person
    priority: dict[int, float] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    held: dict[int, Thing] = field(default_factory=dict)
    used: dict[int, Item] = field(default_factory=dict)  # the latest item each one got
    servers: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)

    def load(self, person: Person) -> int:
        """Return how many somebody serves."""
        return sum(thing is person for thing in self.held.values())


class Meeting(Rules):
    """A model as the law of people who meet."""

    def __init__(self, model: Declaration, *, key: int, until: float, crowd: list[Person]) -> None:
        super().__init__(model, key=key, until=until)
        self.crowd = crowd
        self.begun = [False] * len(crowd)
        self.queues = [Queue(pool) for pool in model.pools]
        states = model.declared_states
        self.serve_in = [
            states.index(one.served_by) if one.served_by else None for one in model.pools
        ]
        self.number = {person.address: i for i, person in enumerate(crowd)}
        self.moved_by: Arm | None = None
        self.is_leaving = False

    # ------------------------------------------------------------ what functions may ask for

    def known(self, person: Person) -> dict[str, float]:
        """Return what a function may ask for, with what belongs to who or what serves one."""
        its = dict.fromkeys(self.structure.attributes, math.nan)
        if (queue := self._asked_about(person)) is not None:
            i = self.number[person.address]
            thing = queue.used.get(i) or queue.held.get(i)
            its |= thing.attributes if thing else {}
        return super().known(person) | {f"{ITS}{name}": value for name, value in its.items()}

    def _asked_about(self, person: Person) -> Queue | None:
        """Return the pool whose ``its_...`` a person means."""
        if self.moved_by is not None and self.moved_by.kind in ("pool", "lost"):
            return self.queues[self.moved_by.pool]
        for k, queue in enumerate(self.queues):
            is_plain = queue.pool.places is not None and queue.pool.served_by is None
            if not is_plain and person.state in self.served_states(k):
                return queue
        return None

    def waiting_states(self, k: int) -> set[int]:
        """Return the states in which one waits for a pool."""
        return {s for arm in self._arms(k, "pool") for s in arm.sources}

    def served_states(self, k: int) -> set[int]:
        """Return the states to which a pool leads."""
        return {s for arm in self._arms(k, "pool") for s in arm.targets}

    def _arms(self, k: int, kind: str) -> list[Arm]:
        return [arm for arm in self.structure.arms if arm.kind == kind and arm.pool == k]

    def arm_in(self, k: int, state: int, kind: str) -> int:
        """Return the arm by which somebody in a state is served or lost, -1 for none."""
        return next((arm.code for arm in self._arms(k, kind) if state in arm.sources), -1)

    # ------------------------------------------------------------ what an event does

    def branch(self, person: Person, arm: Arm) -> int:
        """Return where an arm leads this time."""
        self.moved_by = arm
        return super().branch(person, arm)

    def settle(self, person: Person, source: int, target: int, *, fired: int) -> None:
        """Let waits spend, and note whether the person goes elsewhere."""
        super().settle(person, source, target, fired=fired)
        self.is_leaving = source != target

    def then(self, person: Person, arm: Arm) -> None:
        """Give attributes their new values; who ceases to serve has no load."""
        super().then(person, arm)
        for k, queue in enumerate(self.queues):
            has_load = queue.pool.load in self.structure.attributes
            if self.is_leaving and person.state == self.serve_in[k] and has_load:
                person.attributes[queue.pool.load] = 0.0
        self.moved_by = None

    def write_load(self, queue: Queue, server: Person, time: float) -> None:
        """Write how many somebody serves: settled and solved, and no event."""
        if queue.pool.load in self.structure.attributes:
            server.time = time
            self.settle(server, server.state, server.state, fired=-1)
            server.attributes[queue.pool.load] = float(queue.load(server))
            self.wait(server, server.state, server.state, fired=-1)

    def happen(self, i: int, code: int, time: float) -> Event:
        """Let an event happen, with all that follows for the pools."""
        event = self.move(self.crowd[i], code, time)
        self.meet(i, event[2], event[3], time)
        for k, queue in enumerate(self.queues):
            if self.structure.arms[code].gives == k:
                keeps = queue.pool.shelf_life
                attributes = dict(self.crowd[i].attributes)
                queue.items.append(Item(time, time + (keeps or math.inf), attributes))
        return event

    def meet(self, i: int, source: int, target: int, time: float) -> None:
        """Let somebody leave and join queues, give back, begin or cease to serve."""
        for k, queue in enumerate(self.queues):
            if target not in self.waiting_states(k):
                queue.waiting.pop(i, None)
            else:
                queue.waiting.setdefault(i, time)
                queue.priority[i] = self.urgency(queue, i, time)
        for k, queue in enumerate(self.queues):
            if target not in self.served_states(k) and i in queue.held:
                thing = queue.held.pop(i)
                if isinstance(thing, Person):
                    self.write_load(queue, thing, time)
            if target == self.serve_in[k] != source:
                queue.servers.append(i)
            elif source == self.serve_in[k] != target:
                queue.servers.remove(i)
                left = sorted(c for c, thing in queue.held.items() if thing is self.crowd[i])
                queue.lost += left
                queue.held = {c: thing for c, thing in queue.held.items() if c not in left}

    # ------------------------------------------------------------ who is served by what

    def urgency(self, queue: Queue, i: int, time: float) -> float:
        """Return the priority of somebody who waits."""
        if queue.pool.priority is None:
            return 0.0
        known = self.crowd[i].attributes | {"waited": time - queue.waiting[i]}
        value = ask(queue.pool.priority, known)
        if math.isnan(value):
            raise StoppedError("a priority is no number")
        return value

    def offered(self, queue: Queue) -> list[Thing]:
        """Return what there is, in the order in which it is offered."""
        if queue.pool.places is None:
            return list(queue.items)
        places = int(queue.pool.places)
        if queue.pool.served_by is None:
            return [Place()] if len(queue.held) < places else []
        loads = sorted((queue.load(self.crowd[i]), i) for i in queue.servers)
        return [self.crowd[i] for load, i in loads if load < places]

    def fits(self, queue: Queue, i: int, thing: Thing) -> bool:
        """Tell whether somebody may be served by something."""
        if queue.pool.fits is None:
            return True
        its = {f"{ITS}{name}": value for name, value in thing.attributes.items()}
        return bool(ask(queue.pool.fits, self.crowd[i].attributes | its))

    def serve(self, time: float) -> Event | None:
        """Grant one thing to one person; ``None`` if no pool can."""
        for k, queue in enumerate(self.queues):
            priority, things = queue.pool.priority, self.offered(queue)
            if not things:
                continue
            if priority and "waited" in priority.__code__.co_varnames:
                queue.priority = {i: self.urgency(queue, i, time) for i in queue.waiting}
            in_turn = sorted(queue.waiting, key=lambda i: (-queue.priority[i], queue.waiting[i], i))
            for i in in_turn:
                for thing in things:
                    if self.fits(queue, i, thing):
                        return self.grant(k, i, thing, time)
        return None

    def grant(self, k: int, i: int, thing: Thing, time: float) -> Event:
        """Let somebody have something, and move by it."""
        queue = self.queues[k]
        del queue.waiting[i]
        if isinstance(thing, Item):
            queue.items = [item for item in queue.items if item is not thing]
            queue.used[i] = thing
        else:
            queue.held[i] = thing
        if isinstance(thing, Person):
            self.write_load(queue, thing, time)
        return self.happen(i, self.arm_in(k, self.crowd[i].state, "pool"), time)

    def lose(self, time: float) -> Event | None:
        """Move the next of those whom somebody ceased to serve; ``None`` if nobody is left."""
        for k, queue in enumerate(self.queues):
            while queue.lost:
                i = queue.lost.pop(0)
                if (arm := self.arm_in(k, self.crowd[i].state, "lost")) >= 0:
                    return self.happen(i, arm, time)
        return None

    # ------------------------------------------------------------ who is next

    def due(self) -> tuple[float, int, int]:
        """Return what is due next: its time, its kind, and whom it is about."""
        dates = [(math.inf, HAPPENS, -1)]
        for i, person in enumerate(self.crowd):
            if not self.begun[i]:
                dates.append((person.time, BEGINS, i))
            else:
                dates.append((self.next_arm(person)[0], HAPPENS, i))
        dates += [(item.expires, EXPIRES, -1) for one in self.queues for item in one.items]
        return min(dates)

    def live(self) -> list[Event]:
        """Live everybody to the end, and return the events in order of time."""
        events: list[Event] = []
        time, kind, i = self.due()
        while time < self.until:
            if kind == BEGINS:
                self.begun[i] = True
                self.begin(self.crowd[i])
                self.meet(i, -1, self.crowd[i].state, time)
            elif kind == EXPIRES:
                for queue in self.queues:
                    queue.items = [item for item in queue.items if item.expires > time]
            else:
                events.append(self.happen(i, self.next_arm(self.crowd[i])[1], time))
            while (event := self.lose(time) or self.serve(time)) is not None:
                events.append(event)
            time, kind, i = self.due()
        return events


def live_together(
    model: Declaration,
    n_people: int,
    *,
    seed: int,
    until: float,
    replicate: int = 0,
    start: State | Sequence[State] | None = None,
    age: float | Sequence[float] = 0.0,
    born: float | Sequence[float] = 0.0,
    attributes: Mapping[str, Any] | None = None,
    first_person: int = 0,
    parameters: Mapping[str, float] | None = None,
) -> list[Event]:
    """Live people who meet, and return their events in the order of time.

    Args:
        model: A sound one, told by the calendar.
        n_people: How many.
        seed: Which luck.
        until: [years AD] End of observation.
        replicate: Which repetition.
        start: State in which they begin, one or each his own; by default the first.
        age: [years] Age at which they begin.
        born: [years AD] Time of birth.
        attributes: Values with which they begin.
        first_person: Address of the first.
        parameters: Other numbers, by their dotted names.

    Raises:
        StoppedError: If a number stops the run.
    """
    model = model.with_parameters(parameters or {})
    key = int(draw_key(seed, replicate))
    crowd = people(
        model,
        Rules(model, key=key, until=until),
        n_people,
        start=start,
        age=age,
        born=born,
        attributes=attributes,
        first_person=first_person,
    )
    return Meeting(model, key=key, until=until, crowd=crowd).live()
