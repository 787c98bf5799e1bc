"""The declared model again, in slow and readable Python: its specification.

``docs/reference/declared-model.md`` step by step, under the same headings.
Nothing here is compiled or generated; the modeller's own functions are called
as they were written. Of the compiled model it shares the reading of a
declaration, ``structure.resolve``: which waits there are, and which go on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hailsham.engine import plain as engine
from hailsham.engine.declared.declaration import Declaration, Rule, State, Transition
from hailsham.engine.declared.families import Hazard, Lexis, Thinned
from hailsham.engine.declared.structure import Arm, Wait, resolve
from hailsham.engine.draws import draw_key, purpose
from hailsham.engine.families import plain as families

#: Person, time, from, to, arm.
Event = tuple[int, float, int, int, int]

#: So many candidates of thinning come to nothing before it is given up.
CANDIDATES = 65_536
#: So many moves of one person at one time are an endless loop.
MOVES_AT_ONCE = 10_000
#: What a sum of shares may be off.
SHARE_TOLERANCE = 1e-9


class StoppedError(ArithmeticError):
    """A number of the model, met on the way, with which nobody can live on."""


@dataclass
class Course:
    """How one wait of one person stands."""

    armed: int = 0
    fired: int = 0
    budget: float = math.nan  # [cumulative hazard] what was left of it at ``then``
    then: float = math.nan
    arm: int = -1  # by which the date was found,
    factor: float = 1.0  # and under which effect
    date: float = math.inf


@dataclass
class Person:
    """One life, as far as it has come."""

    address: int
    born: float
    time: float
    state: int
    attributes: dict[str, float]
    courses: list[Course]
    entered: float = math.nan
    arrived: dict[int, float] = field(default_factory=dict)
    moves_now: int = 0


def uniform_wait(budget: float, reading: float, low: float, high: float) -> float:
    """Return the wait for a reading that is equally likely anywhere between two."""
    if reading >= high:
        return math.inf
    here = max(reading, low)
    return max(high - (high - here) * engine.exp(-budget) - reading, 0.0)


def uniform_cumulative(start: float, stop: float, low: float, high: float) -> float:
    """Return what is spent between two readings of a uniform appointment."""
    if start >= high:
        return 0.0
    if stop >= high:
        return math.inf
    return engine.log((high - max(start, low)) / (high - max(stop, low)))


_FAMILIES: dict[str, tuple[Callable[..., float], Callable[..., float]]] = {
    "exponential": (
        lambda budget, _reading, rate: families.exponential_wait(budget, rate),
        families.exponential_cumulative,
    ),
    "gompertz": (engine.gompertz_wait, families.gompertz_cumulative),
    "gompertz_makeham": (families.gompertz_makeham_wait, families.gompertz_makeham_cumulative),
    "weibull": (engine.weibull_wait, families.weibull_cumulative),
    "log_logistic": (families.log_logistic_wait, families.log_logistic_cumulative),
    "log_normal": (families.log_normal_wait, families.log_normal_cumulative),
    "gamma": (families.gamma_wait, families.gamma_cumulative),
    "linear_staircase": (families.linear_staircase_wait, families.linear_staircase_cumulative),
    "lexis": (families.lexis_wait, families.lexis_cumulative),
    "uniform": (uniform_wait, uniform_cumulative),
}


def _numbers(hazard: Hazard) -> tuple[Any, ...]:
    """Return what a family takes after budget and reading."""
    if isinstance(hazard, Lexis):
        breaks, first_year, rates = hazard.table()
        return breaks.tolist(), int(first_year[0]), rates.tolist()
    table = hazard.table()
    return tuple(hazard.numbers().values()) if table is None else (table,)


def ask(function: Callable[..., float], known: Mapping[str, float]) -> float:
    """Return what a function of the modeller's says, given what it asks for by name."""
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    for name in names:
        if math.isnan(known[name]):
            raise StoppedError(f"{name!r} is read before it is set")
    return float(function(*(known[name] for name in names)))


class Rules:
    """A model as the law of lives: what each person waits for, and what a move does.

    Args:
        model: A sound one.
        key: [draws] From ``draw_key``.
        until: [years] End of observation.
    """

    def __init__(self, model: Declaration, *, key: int, until: float) -> None:
        self.structure = resolve(model).structure
        self.key, self.until = key, until
        named = {one.name: one for one in model.numbered()}
        self.declared: list[Transition] = [named[arm.name] for arm in self.structure.arms]
        self.arms_from = [self.structure.arms_from(s) for s in range(len(self.structure.states))]
        self.can_change = [self.structure.can_change(wait) for wait in self.structure.waits]

    # ------------------------------------------------------------ time and clocks

    def zero(self, person: Person, arm: Arm) -> float | None:
        """Return the time at which the clock of an arm showed 0, ``None`` if it never did."""
        if arm.clock == self.structure.clock:
            return 0.0
        if arm.clock == "calendar":
            return -person.born
        if arm.clock == "age":
            return person.born
        if arm.clock == "since_entry":
            return person.entered
        return person.arrived.get(arm.clock_state)

    def known(self, person: Person) -> dict[str, float]:
        """Return what a function may ask for, but luck."""
        born = 0.0 if self.structure.clock == "age" else person.born
        return person.attributes | {
            "time": person.time,
            "age": person.time - born,
            "since_entry": person.time - person.entered,
        }

    # ------------------------------------------------------------ waits

    def arm(self, person: Person, arm: Arm) -> None:
        """Draw a budget for a wait, and solve its arm."""
        wait = self.structure.waits[arm.wait]
        course = person.courses[arm.wait]
        if wait.is_drawn:
            course.budget = engine.exponential(self.key, person.address, wait.purpose, course.armed)
            course.then = person.time
            course.armed += 1
        self.solve(person, arm)

    def solve(self, person: Person, arm: Arm) -> None:
        """Find the date of a wait under an arm."""
        course = person.courses[arm.wait]
        course.arm, course.factor = arm.code, self.factor(person, arm)
        course.date = self.date(person, arm, course)

    def factor(self, person: Person, arm: Arm) -> float:
        """Return what attributes multiply a hazard by."""
        effect = self.declared[arm.code].effect
        if effect is None:
            return 1.0
        known = self.known(person)
        if isinstance(effect, Mapping):
            terms = [beta * ask(lambda x: x, {"x": known[name]}) for name, beta in effect.items()]
            factor = engine.exp(sum(terms))
        else:
            factor = ask(effect, known)
        if not factor >= 0.0:
            raise StoppedError(f"the effect of {arm.name!r} is {factor!r}")
        return factor

    def date(self, person: Person, arm: Arm, course: Course) -> float:
        """Return when an arm comes, as things are."""
        hazard, zero = self.declared[arm.code].hazard, self.zero(person, arm)
        if not isinstance(hazard, Hazard) or zero is None or course.factor == 0.0:
            return math.inf
        if hazard.is_appointment:
            date = zero + hazard.numbers()["reading"]
            return date if date >= person.time else math.inf
        if isinstance(hazard, Thinned):
            return self.thin(person, arm, hazard, zero)
        reading = self.reading(person, arm, person.time, zero)
        wait, _ = _FAMILIES[arm.kind]
        return person.time + wait(course.budget / course.factor, *reading, *_numbers(hazard))

    def reading(self, person: Person, arm: Arm, time: float, zero: float) -> tuple[float, ...]:
        """Return what the clock of an arm shows; on the Lexis plane, the date and the birth."""
        if arm.kind == "lexis":
            began = 0.0 if self.structure.clock == "calendar" else -person.born
            return time - began, person.born
        return (time - zero,)

    def thin(self, person: Person, arm: Arm, hazard: Thinned, zero: float) -> float:
        """Return when thinning keeps a candidate."""
        course, t = person.courses[arm.wait], person.time
        address = self.structure.waits[arm.wait].purpose
        for j in range(CANDIDATES):
            count = (course.armed - 1) * CANDIDATES + j
            u, v = engine.uniform_pair(self.key, person.address, address, count)
            t += -engine.log(u) / (hazard.bound * course.factor)
            if t >= self.until:
                return math.inf
            value = float(hazard.function(t - zero))
            if not 0.0 <= value <= hazard.bound:
                raise StoppedError(f"{arm.name!r} is {value!r}, and its bound {hazard.bound!r}")
            if v * hazard.bound < value:
                return t
        raise StoppedError(f"{arm.name!r} kept none of {CANDIDATES} candidates")

    def next_arm(self, person: Person) -> tuple[float, int]:
        """Return the date and the code of the arm that wins the race, ``inf`` if none does."""
        dates = [(person.courses[arm.wait].date, arm.code) for arm in self.arms_from[person.state]]
        return min(dates, default=(math.inf, -1))

    # ------------------------------------------------------------ what an event does

    def begin(self, person: Person) -> None:
        """Begin a life where it begins."""
        person.entered = person.arrived[person.state] = person.time
        for arm in self.arms_from[person.state]:
            self.arm(person, arm)

    def move(self, person: Person, code: int, time: float) -> Event:
        """Move somebody by an arm, and return the event."""
        arm, source = self.structure.arms[code], person.state
        person.moves_now = person.moves_now + 1 if time == person.time else 1
        if person.moves_now > MOVES_AT_ONCE:
            raise StoppedError(f"{MOVES_AT_ONCE} moves of one person at {time!r}")
        person.time = time
        target = self.branch(person, arm)
        self.settle(person, source, target, fired=arm.wait)
        self.then(person, arm)
        person.courses[arm.wait].fired += 1
        if target != source:
            person.state, person.entered, person.arrived[target] = target, time, time
        self.wait(person, source, target, fired=arm.wait)
        return person.address, time, source, target, code

    def luck(self, person: Person, arm: Arm, name: str) -> float:
        """Draw the uniform of one event of a wait."""
        address = int(purpose(f"{self.structure.waits[arm.wait].label}: {name}"))
        count = person.courses[arm.wait].fired
        return engine.uniform_pair(self.key, person.address, address, count)[0]

    def branch(self, person: Person, arm: Arm) -> int:
        """Return where an arm leads this time."""
        if len(arm.targets) == 1:
            return arm.targets[0]
        known, rules = self.known(person), self.declared[arm.code].shares
        told = [_value(rule, known) for rule in rules if rule is not None]
        is_open, whole = len(told) < len(rules), sum(told)
        is_short = not is_open and whole < 1.0 - SHARE_TOLERANCE
        if is_short or whole > 1.0 + SHARE_TOLERANCE or not all(0.0 <= x <= 1.0 for x in told):
            raise StoppedError(f"the shares of {arm.name!r} are {told}")
        rest = iter(told)
        u, reached = self.luck(person, arm, "branch"), 0.0
        for target, rule in zip(arm.targets, rules, strict=True):
            reached += 1.0 - whole if rule is None else next(rest)
            if u < reached:
                return target
        return arm.targets[-1]

    def goes_on(self, wait: Wait, source: int, target: int) -> bool:
        """Tell whether a wait that did not fire goes on through a move."""
        return self.structure.goes_on(wait, source, target)

    def settle(self, person: Person, source: int, target: int, *, fired: int) -> None:
        """Let every wait that goes on, and can change, spend what it has lived."""
        for wait in self.structure.waits:
            if (
                wait.code == fired
                or not self.can_change[wait.code]
                or not self.goes_on(wait, source, target)
            ):
                continue
            course = person.courses[wait.code]
            arm = self.structure.arms[course.arm]
            zero, hazard = self.zero(person, arm), self.declared[arm.code].hazard
            if zero is not None and course.factor > 0.0 and isinstance(hazard, Hazard):
                before, *birth = self.reading(person, arm, course.then, zero)
                now, *_ = self.reading(person, arm, person.time, zero)
                _, cumulative = _FAMILIES[arm.kind]
                spent = cumulative(before, now, *birth, *_numbers(hazard))
                course.budget = families.rest_of_budget(course.budget, spent, course.factor)
            course.then = person.time

    def then(self, person: Person, arm: Arm) -> None:
        """Give attributes their new values, all from the values before."""
        rules = self.declared[arm.code].then
        if rules:
            known = self.known(person) | {"luck": self.luck(person, arm, "luck")}
            person.attributes |= {name: _value(rule, known) for name, rule in rules}

    def wait(self, person: Person, source: int, target: int, *, fired: int) -> None:
        """Arm what begins in a state, and solve anew what has become another."""
        for arm in self.arms_from[target]:
            wait, course = self.structure.waits[arm.wait], person.courses[arm.wait]
            hazard = self.declared[arm.code].hazard
            if isinstance(hazard, Hazard) and hazard.is_appointment:
                if source != target or arm.wait == fired:
                    self.solve(person, arm)
                # An appointment is not kept twice.
                if arm.wait == fired and course.date == person.time:
                    course.date = math.inf
            elif arm.wait == fired or not self.goes_on(wait, source, target):
                self.arm(person, arm)
            elif self.can_change[arm.wait]:
                is_new_clock = source != target and arm.clock_state == target
                is_other = course.arm != arm.code or course.factor != self.factor(person, arm)
                if is_other or is_new_clock:
                    self.solve(person, arm)


def _value(rule: Rule, known: Mapping[str, float]) -> float:
    """Return a number, or what a function makes of what is known."""
    return ask(rule, known) if callable(rule) else float(rule)


def people(
    model: Declaration,
    rules: Rules,
    n_people: int,
    *,
    start: State | Sequence[State] | None,
    age: float | Sequence[float],
    born: float | Sequence[float],
    attributes: Mapping[str, float | Sequence[float]] | None,
    first_person: int,
) -> list[Person]:
    """Return people as they are before their lives begin."""

    def of(values: Any, i: int) -> Any:
        return values if isinstance(values, int | float | State) else values[i]

    starts = {one.name: math.nan if one.start is None else one.start for one in model.attributes}
    found = []
    for i in range(n_people):
        state = model.declared_states[0] if start is None else of(start, i)
        birth, years = float(of(born, i)), float(of(age, i))
        own = {name: float(of(values, i)) for name, values in (attributes or {}).items()}
        one = Person(
            address=first_person + i,
            born=birth,
            time=years if model.clock == "age" else birth + years,
            state=model.declared_states.index(state),
            attributes=starts | own,
            courses=[Course() for _ in rules.structure.waits],
        )
        found.append(one)
    return found


def live(
    model: Declaration,
    n_people: int,
    *,
    seed: int,
    until: float,
    replicate: int = 0,
    start: State | Sequence[State] | None = None,
    age: float | Sequence[float] = 0.0,
    born: float | Sequence[float] = 0.0,
    attributes: Mapping[str, float | Sequence[float]] | None = None,
    first_person: int = 0,
    parameters: Mapping[str, float] | None = None,
) -> list[Event]:
    """Live people one after another, and return their events in that order.

    Args:
        model: A sound one, without pools.
        n_people: How many.
        seed: Which luck.
        until: [years] End of observation, by the clock of the model.
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
    rules = Rules(model, key=int(draw_key(seed, replicate)), until=until)
    events = []
    for person in people(
        model,
        rules,
        n_people,
        start=start,
        age=age,
        born=born,
        attributes=attributes,
        first_person=first_person,
    ):
        if person.time >= until:
            continue
        rules.begin(person)
        when, code = rules.next_arm(person)
        while when < until:
            events.append(rules.move(person, code, when))
            when, code = rules.next_arm(person)
    return events
