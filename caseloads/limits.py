"""Which limits a worker would go past by being given cases. Pure: two scored workloads in, sentences out."""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass

from caseloads.workload import STATE_NAMES, Flag, State, Workload, one_place
from caseloads.workload_scheme import LIMIT_NAMES, Limit


@dataclass(frozen=True)
class Passed:
    """A limit that one worker would be past, in figures or in words."""

    worker: Hashable
    limit: Limit
    detail: str

    @property
    def said(self) -> str:
        return LIMIT_NAMES[self.limit]


_OF_THE_WORKER: Mapping[str, Limit] = {Flag.NEWLY_QUALIFIED_OVER: Limit.NEWLY_QUALIFIED}
_OF_A_CASE: Mapping[str, Limit] = {
    Flag.NEWLY_QUALIFIED_SOLE: Limit.NEWLY_QUALIFIED,
    Flag.NOT_REGISTERED: Limit.RESERVED,
}


def limits_passed(
    before: Workload, after: Workload, *, workers: Collection[Hashable], cases: Collection[Hashable]
) -> list[Passed]:
    """Return the limits that some workers are past once they hold some cases, by worker as in `after.workers`.

    `before` and `after` are the same team scored without and with the change. Being over counts although the worker
    was over before: the change makes it worse. A load that is not known counts too: nobody can say that it is not
    over. A reserved case counts where it is one of `cases`.
    """
    found = []
    was, now = _texts(before), _texts(after)
    rows = after.workers[after.workers["worker"].isin(list(workers))]
    columns = (rows[name].tolist() for name in ("worker", "over", "state"))
    for worker, over, state in zip(*columns, strict=True):
        if over or state == State.NOT_KNOWN:
            found.append(Passed(worker, Limit.OVER, f"from {was.get(worker, 'nothing')} to {now[worker]}"))
        flags = after.flags[after.flags["worker"] == worker]
        told = (flags[name].tolist() for name in ("flag", "case", "detail"))
        for flag, case, detail in zip(*told, strict=True):
            if limit := _OF_THE_WORKER.get(flag) or (_OF_A_CASE.get(flag) if case in cases else None):
                found.append(Passed(worker, limit, detail))
    return found


def _texts(scored: Workload) -> dict[Hashable, str]:
    """Each worker's load % as people read it, or the state that stands in its place."""
    columns = (scored.workers[name].tolist() for name in ("worker", "load_pct", "state"))
    return {
        worker: STATE_NAMES[State(state)] if state in STATE_NAMES else f"{one_place(int(pct))}\u00a0%"
        for worker, pct, state in zip(*columns, strict=True)
    }
