"""Rules that are nearly right: each a fault that the comparison of two readings must see."""

import math

from hailsham.engine.model.plain import Rules, _value


class NothingGoesOn(Rules):
    """A move ends every wait."""

    def goes_on(self, wait, source, target):
        return False


class SinceEntryGoesOn(Rules):
    """A wait since entry is not begun anew in a new state."""

    def goes_on(self, wait, source, target):
        acts = {source, target} <= self.structure.wait_states(wait)
        return super().goes_on(wait, source, target) or (acts and wait.can_go_on)


class BudgetIsNotSpent(Rules):
    """What was lived before a change is not taken off."""

    def settle(self, person, source, target, *, fired):
        pass


class BudgetIsDrawnAnew(Rules):
    """A change draws another budget."""

    def wait(self, person, source, target, *, fired):
        drawn = [course.armed for course in person.courses]
        dates = [course.date for course in person.courses]
        super().wait(person, source, target, fired=fired)
        for arm in self.arms_from[target]:
            course = person.courses[arm.wait]
            if course.armed == drawn[arm.wait] and course.date != dates[arm.wait]:
                self.arm(person, arm)


class ChangeIsNotSeen(Rules):
    """A date that was found stays, whatever becomes of attributes."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.can_change = [False for _ in self.can_change]


class SettledByTheNewFactor(Rules):
    """The old budget is spent without the factor under which it was lived."""

    def settle(self, person, source, target, *, fired):
        factors = [course.factor for course in person.courses]
        for course in person.courses:
            course.factor = 1.0
        super().settle(person, source, target, fired=fired)
        for course, factor in zip(person.courses, factors, strict=True):
            course.factor = factor


class OtherShare(Rules):
    """A branch takes the share from the other end."""

    def luck(self, person, arm, name):
        u = super().luck(person, arm, name)
        return 1.0 - u if name == "branch" else u


class LuckOfTheBranch(Rules):
    """The same uniform draw for the branch and for what follows."""

    def luck(self, person, arm, name):
        return super().luck(person, arm, "branch")


class LuckByArming(Rules):
    """The luck of an event is counted by how often its wait was armed."""

    def luck(self, person, arm, name):
        course = person.courses[arm.wait]
        fired, course.fired = course.fired, course.armed
        u = super().luck(person, arm, name)
        course.fired = fired
        return u


class OneValueAfterAnother(Rules):
    """New values are worked out from new values."""

    def then(self, person, arm):
        for name, rule in self.declared[arm.code].then:
            known = self.known(person) | {"luck": self.luck(person, arm, "luck")}
            person.attributes[name] = _value(rule, known)


class StayingIsEntering(Rules):
    """A self-move restarts the clock since entry."""

    def move(self, person, code, time):
        event = super().move(person, code, time)
        person.entered = time
        return event


class FirstArrivalCounts(Rules):
    """A clock since a state counts from the first arrival there."""

    def move(self, person, code, time):
        before = dict(person.arrived)
        event = super().move(person, code, time)
        person.arrived |= before
        return event


class ArrivalIsNotSolved(Rules):
    """A wait on a clock since a state is not solved anew on arrival there."""

    def solve(self, person, arm):
        course = person.courses[arm.wait]
        is_old = course.arm == arm.code and course.factor == self.factor(person, arm)
        if is_old and course.then == person.time and arm.clock_state == person.state:
            return
        super().solve(person, arm)


class LexisByAgeAlone(Rules):
    """The Lexis plane is read by a birth one year off."""

    def reading(self, person, arm, time, zero):
        when, *born = super().reading(person, arm, time, zero)
        return (when, *(birth - 1.0 for birth in born))


class CandidatesInARow(Rules):
    """Thinning takes one uniform after another, where it takes two of one address."""

    def thin(self, person, arm, hazard, zero):
        course = person.courses[arm.wait]
        course.armed += 1
        try:
            return super().thin(person, arm, hazard, zero)
        finally:
            course.armed -= 1


class UniformIsDrawnAtOnce(Rules):
    """A uniform appointment forgets what it has spent of its span."""

    def date(self, person, arm, course):
        if arm.kind == "uniform" and course.factor > 0.0:
            hazard = self.declared[arm.code].hazard
            zero = self.zero(person, arm)
            if zero is not None and person.time - zero < hazard.high:
                share = -math.expm1(-course.budget / course.factor)
                return max(zero + hazard.low + share * (hazard.high - hazard.low), person.time)
        return super().date(person, arm, course)


ALTERED = (
    NothingGoesOn,
    SinceEntryGoesOn,
    BudgetIsNotSpent,
    BudgetIsDrawnAnew,
    ChangeIsNotSeen,
    SettledByTheNewFactor,
    OtherShare,
    LuckOfTheBranch,
    LuckByArming,
    OneValueAfterAnother,
    StayingIsEntering,
    FirstArrivalCounts,
    ArrivalIsNotSolved,
    LexisByAgeAlone,
    CandidatesInARow,
    UniformIsDrawnAtOnce,
)
