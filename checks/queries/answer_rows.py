"""One answer, and the answers to one standard, as people read them: plain values over rows that were read before."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from checks.checking import AnswerFacts, Judgement, Progress, final_finding, is_better, progress
from checks.findings import FINDING_NAMES, Finding, finding_of_standard
from checks.models import Action, Answer, Challenge, Evidence
from standards.definition import Indicator, Kind, Standard


@dataclass(frozen=True)
class AnswerRow:
    """One answer with its indicator, and everything that belongs to it.

    `actions` are those that count now, of earlier checks too; `planned` those of its own check, whatever became of
    them.
    """

    answer: Answer
    indicator: Indicator
    standard: Standard
    evidence: Sequence[Evidence]
    challenges: Sequence[Challenge]
    actions: Sequence[Action]
    submission: int
    fewest: int
    planned: Sequence[Action] = ()

    @property
    def conceded(self) -> Judgement | None:
        """What the panel judges instead, where that was conceded for the newest submission."""
        given = [
            one.suggested
            for one in self.challenges
            if one.state == Challenge.State.CONCEDED and one.submission == self.submission
        ]
        return Judgement(given[-1]) if given else None

    @property
    def final(self) -> Finding:
        return final_finding(found=self.answer.found, judgement=self.answer.judged, conceded=self.conceded)

    @property
    def final_word(self) -> str:
        return FINDING_NAMES[self.final]

    @property
    def national(self) -> Finding:
        """What would stand without the employer's local variation."""
        found = Finding(self.answer.finding) if self.answer.finding else None
        return final_finding(found=found, judgement=self.answer.judged, conceded=self.conceded)

    @property
    def national_word(self) -> str:
        return FINDING_NAMES[self.national]

    @property
    def measured_word(self) -> str:
        """The finding of the figures alone; empty where nothing is measured."""
        return FINDING_NAMES[self.answer.found] if self.answer.found else ""

    @property
    def judged_word(self) -> str:
        return FINDING_NAMES[self.answer.judged.finding] if self.answer.judged else ""

    @property
    def better(self) -> bool:
        """Whether it is judged better than it was measured."""
        return is_better(self.answer.judged, self.answer.found)

    @property
    def judged_only(self) -> bool:
        return self.indicator.kind == Kind.JUDGED

    @property
    def asked(self) -> Challenge | None:
        """The panel's open question about it."""
        return next((one for one in self.challenges if one.state == Challenge.State.OPEN), None)

    @property
    def facts(self) -> AnswerFacts:
        return AnswerFacts(
            code=self.indicator.code,
            standard=self.standard.code,
            judged=self.judged_only,
            found=self.answer.found,
            judgement=self.answer.judged,
            commentary=bool(self.answer.commentary),
            reason=bool(self.answer.reason),
            followed=bool(self.actions),
            conceded=self.conceded,
        )

    @property
    def unfollowed(self) -> bool:
        return self.facts.unfollowed

    @property
    def expectation(self) -> str:
        """What the standard expects that it is about, in words; empty: the standard as a whole."""
        found = (one.text for one in self.standard.expectations if one.code == self.indicator.expectation)
        return next(found, "")

    @property
    def overruled(self) -> str:
        """In words, what stands in the place of the figures, where something does."""
        if self.conceded:
            return "as the panel asked, and the manager agreed"
        if self.judged_word and self.measured_word and self.final != self.answer.found:
            return f"judged by the manager; measured: {self.measured_word.lower()}"
        return ""

    @property
    def missing(self) -> list[str]:
        return list(self.facts.missing())


@dataclass(frozen=True)
class StandardAnswers:
    """A standard with its answers."""

    standard: Standard
    rows: Sequence[AnswerRow]

    @cached_property
    def progress(self) -> Progress:
        return progress(row.facts for row in self.rows)

    @cached_property
    def finding(self) -> Finding:
        return finding_of_standard((row.final, row.indicator.essential) for row in self.rows)

    @property
    def word(self) -> str:
        return FINDING_NAMES[self.finding]

    @cached_property
    def national(self) -> Finding:
        return finding_of_standard((row.national, row.indicator.essential) for row in self.rows)

    @property
    def national_word(self) -> str:
        return FINDING_NAMES[self.national]

    @property
    def unfinished(self) -> int:
        return sum(bool(row.missing) for row in self.rows)
