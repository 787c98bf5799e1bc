"""The loops that find the dates of everything that can happen to those in a state.

No loop holds more than one logarithm or exponential: a processor looks ahead
a few hundred steps, and what hangs together for longer than that is waited for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hailsham.engine.declared.structure import Arm, Wait
from hailsham.engine.kernels import phrases
from hailsham.engine.kernels.text import Page, StateText


class DatesText(StateText):
    """The dates of the arms of a state."""

    def armed(self, wait: Wait) -> str:
        """Return how often a wait was armed before."""
        column = self.layout.counter(wait)
        return self.at(column) if column else "0"

    def date_of(self, arm: Arm, budget: str) -> str:
        """Return the date of an arm for a budget under its own hazard.

        Where waits are read from a table, everybody's are read before, at one go.
        """
        time = self.at("time")
        if arm.kind == "linear_staircase":
            shown = phrases.reading(self.structure, arm.clock, arm.clock_state, time, self.at)
            self.page.each(f"f[READING + i] = {shown}", f"f[WAIT + i] = {budget}")
            call = f"f[WAIT:], f[READING:], q[PLACE:], n, tables[{arm.table}]"
            self.page.put(1, f"linear_staircase_waits({call})")
            told = f"{time} + f[WAIT + i]"
        elif arm.kind == "gompertz":
            told = f"{time} + {self._gompertz(arm, budget)}"
        else:
            told = f"{time} + {phrases.wait(self.structure, arm, budget, time, self.at)}"
        if arm.clock == "since":
            arrived = self.at(f"arrived_{arm.clock_state}")
            return f"{told} if {arrived} == {arrived} else math.inf"
        return told

    def _gompertz(self, arm: Arm, budget: str) -> str:
        """Return a wait under a Gompertz hazard; what budgets are worth is found before."""
        level, slope = (f"p[{place}]" for place in arm.numbers)
        shown = phrases.reading(
            self.structure, arm.clock, arm.clock_state, self.at("time"), self.at
        )
        worth = "1.0" if shown == "0.0" else "f[WORTH + i]"
        if shown != "0.0":
            self._worths(arm, shown, slope)
        parts = "f[POWER + i], f[FRACTION + i], f[RATIO + i]"
        self.page.each(f"{parts} = gompertz_parts({budget}, {worth}, {level}, {slope})")
        return f"gompertz_wait_of({parts}, {budget}, {level}, {slope})"

    def _worths(self, arm: Arm, shown: str, slope: str) -> None:
        """Find what budgets are worth; the new-born read 0, and there are many of them."""
        worth = f"gompertz_worth({shown}, {slope})"
        if arm.clock == "since":
            worth = f"{worth} if {shown} == {shown} else 1.0"
        self.page.put(1, "aged = 0")
        self.page.each(f"aged += int({shown} != 0.0)")
        self.page.put(1, "if aged > 0:")
        self.page.each(f"f[WORTH + i] = {worth}", depth=2)
        self.page.put(1, "else:")
        self.page.each("f[WORTH + i] = 1.0", depth=2)

    def draw(self, wait: Wait) -> None:
        """Draw everybody's budget of a wait."""
        column = self.layout.counter(wait)
        counts = f"q[R_{column.upper()}:]" if column else "q[ZERO:]"
        self.page.put(
            1,
            f"purpose = np.uint64({wait.purpose})",
            f"draw_uniforms(f[BUDGET:], q[R_WHO:], {counts}, purpose, key, n, q[HALFWAY:])",
        )
        self.page.each("f[BUDGET + i] = exponential_of(f[BUDGET + i])")

    def factors(self, arm: Arm) -> None:
        """Work out what multiplies the hazard for everybody."""
        if not arm.has_effect:
            return
        told = phrases.factor(arm, self.circumstances(self.at("time"), arm), self.at)
        self.page.put(1, "wrong = 0")
        self.page.each(f"f[FACTOR + i] = {told}", "wrong += int(not f[FACTOR + i] >= 0.0)")
        self._refuse_factors(arm)

    def _refuse_factors(self, arm: Arm) -> None:
        """Stop the run at the first person whose factor is none."""
        met = "f[FACTOR + i]"
        self.page.put(1, "if wrong > 0:")
        self.page.put(2, "for i in range(n):")
        self.page.put(3, f"if not {met} >= 0.0:")
        self.page.put(
            4,
            f"status = UNSET if {met} != {met} else WRONG_FACTOR",
            f"return status, {self.at('who')}, {arm.code}, {met}",
        )

    def of_arms(self) -> list[tuple[str, ...]]:
        """Return the body that finds the date of each arm."""
        return [self._body(place, arm) for place, arm in enumerate(self.arms)]

    def _body(self, place: int, arm: Arm) -> tuple[str, ...]:
        """Return the lines that find the date of one arm."""
        self.page = Page()
        wait = self.structure.waits[arm.wait]
        date = f"f[DUE_{place} + i]"
        if arm.kind == "appointment":
            self._appointment(arm, wait, date)
        elif arm.kind == "thinned":
            self._thinned(arm, wait, date)
        elif wait not in self.layout.lasting:
            self._passing(arm, wait, date)
        elif self.structure.can_change(wait):
            self._changing(arm, wait)
        else:
            self._lasting(arm, wait)
        return tuple(self.page.lines)

    def _count(self, wait: Wait, when: str = "1") -> list[str]:
        column = self.layout.counter(wait)
        return [f"{self.at(column)} += {when}"] if column.startswith("armed") else []

    def _share(self, arm: Arm, wait: Wait) -> tuple[str, str]:
        """Return a new budget under the arm's own hazard, and what keeps a factor of 0 away."""
        self.draw(wait)
        if not arm.has_effect:
            return "f[BUDGET + i]", ""
        return "f[BUDGET + i] / f[FACTOR + i]", " if f[FACTOR + i] > 0.0 else math.inf"

    def _appointment(self, arm: Arm, wait: Wait, date: str) -> None:
        start = phrases.zero(self.structure, arm.clock, arm.clock_state, self.at)
        told = f"p[{arm.numbers[0]}]"
        told = f"({start} + {told})" if start else told
        kept = f"{told} >= {self.at('time')}"
        if self.layout.can_come_again(arm):
            codes = self.structure.waits[arm.wait].arms
            fired = " | ".join(f"({self.is_by(self.at('came'), code)})" for code in codes)
            kept = f"({kept}) & (({told} > {self.at('time')}) | (not ({fired})))"
        if wait in self.layout.appointed:
            date = self.at(f"date_{wait.code}")
            # It is read once, and again when it has fired.
            self.page.each(
                f"told = {told} if {kept} else math.inf",
                f"{date} = told if {date} != {date} else {date}",
            )
        else:
            self.page.each(f"{date} = {told} if {kept} else math.inf")

    def _thinned(self, arm: Arm, wait: Wait, date: str) -> None:
        self.factors(arm)
        start = phrases.zero(self.structure, arm.clock, arm.clock_state, self.at) or "0.0"
        times = "f[FACTOR + i]" if arm.has_effect else "1.0"
        self.page.each(
            f"status, {date} = thin_{arm.code}(key, {self.at('who')}, {self.armed(wait)}, "
            f"{self.at('time')}, until, {times}, {start}, p)",
            f"if status != 0:\n                return status, {self.at('who')}, {arm.code}, {date}",
            *self._count(wait),
        )

    def _passing(self, arm: Arm, wait: Wait, date: str) -> None:
        """Find the date of a wait that everybody who comes arms, and that ends with the stay."""
        self.factors(arm)
        share, guard = self._share(arm, wait)
        told = self.date_of(arm, share)
        self.page.each(f"{date} = ({told}){guard}", *self._count(wait))

    def _lasting(self, arm: Arm, wait: Wait) -> None:
        """Find the date of a wait that goes on through moves, and cannot change meanwhile."""
        date = self.at(f"date_{wait.code}")
        self.page.put(1, "fresh = 0")
        self.page.each(f"fresh += int({date} != {date})")
        self.page.put(1, "if fresh > 0:")
        inner, self.page = self.page, Page()
        self.factors(arm)
        share, guard = self._share(arm, wait)
        told = self.date_of(arm, share)
        self.page.each(
            f"found = ({told}){guard}",
            f"is_new = {date} != {date}",
            f"{date} = found if is_new else {date}",
            *self._count(wait, "int(is_new)"),
        )
        inner.put(1, *self.page.lines)
        self.page = inner

    def _changing(self, arm: Arm, wait: Wait) -> None:
        """Find the date of a wait that goes on, and whose hazard may be another by now."""
        w = wait.code
        date, left = self.at(f"date_{w}"), self.at(f"budget_{w}")
        self.factors(arm)
        factor = "f[FACTOR + i]" if arm.has_effect else "1.0"
        other = [
            f"({self.at(f'factor_{w}')} != {factor})",
            f"({self.at(f'arm_{w}')} != {arm.code})",
        ]
        if arm.clock == "since" and arm.clock_state == self.state:
            # Whoever came here just now reads this clock from 0 again.
            other.append(f"({self.at(f'arrived_{self.state}')} == {self.at('time')})")
        is_new = f"({date} != {date})"
        self.page.put(1, "fresh = 0")
        self.page.each(
            f"q[NEW + i] = int({is_new} | {' | '.join(other)})",
            "fresh += q[NEW + i]",
        )
        self.page.put(1, "if fresh > 0:")
        inner, self.page = self.page, Page()
        self.draw(wait)
        guard = " if f[FACTOR + i] > 0.0 else math.inf" if arm.has_effect else ""
        self.page.each(f"{left} = f[BUDGET + i] if {is_new} else {left}")
        share = f"{left} / {factor}" if arm.has_effect else left
        date_of = self.date_of(arm, share)
        self.page.each(
            f"is_new = {is_new}",
            f"found = ({date_of}){guard}",
            "is_due = q[NEW + i] == 1",
            f"{self.at(f'then_{w}')} = {self.at('time')} if is_due else {self.at(f'then_{w}')}",
            f"{date} = found if is_due else {date}",
            f"{self.at(f'factor_{w}')} = {factor}",
            f"{self.at(f'arm_{w}')} = {arm.code}",
            *self._count(wait, "int(is_new)"),
        )
        inner.put(1, *self.page.lines)
        self.page = inner


def write_dates(states: Sequence[DatesText]) -> list[str]:
    """Return the functions that find the dates of everything that can happen, state by state.

    What is the same for several states is a function of its own, compiled once.
    """
    bodies = {one.state: one.of_arms() for one in states}
    times = Counter(body for own in bodies.values() for body in own)
    names = {body: f"find_{k}" for k, body in enumerate(times) if times[body] > 1}
    page = Page()
    for body, name in names.items():
        page.put(0, "@compiled_bare", f"def {name}(f, q, n, p, tables, key, until):")
        page.put(1, '"""Find a date that is found alike in several states."""')
        page.lines.extend(body)
        page.put(1, "return 0, -1, -1, 0.0", "", "")
    for one in states:
        page.put(0, "@compiled_bare", f"def dates_{one.state}(f, q, n, p, tables, key, until):")
        page.put(1, f'"""Find the dates of everything that can happen to the {one.told}."""')
        for body in bodies[one.state]:
            if body in names:
                call = f"{names[body]}(f, q, n, p, tables, key, until)"
                page.put(1, f"status, person, arm, value = {call}", "if status != 0:")
                page.put(2, "return status, person, arm, value")
            else:
                page.lines.extend(body)
        if f"visits_{one.state}" in one.layout.whole:
            page.each(f"{one.at(f'visits_{one.state}')} += 1")
        page.put(1, "return 0, -1, -1, 0.0", "", "")
    return page.lines
