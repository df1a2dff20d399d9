"""Proposes who takes cases: what each would add to each, who should not be asked, and the best sharing out. Pure.

The loads are those of `caseloads.workload`, and the sharing out that of `caseloads.sharing_out`.
"""

from collections.abc import Collection, Hashable, Mapping
from datetime import date

from caseloads.sharing_out import Bundle, Candidate, Choice, share_out
from caseloads.workload import Inputs, Scheme, State, Workload, score
from caseloads.workload_changes import Given, give, take
from caseloads.workload_scheme import NEWLY_QUALIFIED

Pair = tuple[Hashable, Hashable]


def propose(
    scheme: Scheme,
    inputs: Inputs,
    *,
    team: Hashable,
    shares: Mapping[Hashable, int],
    takes: Collection[Pair] = (),
    leaving_out: Collection[Hashable] = (),
    as_of: date,
) -> dict[Hashable, Choice]:
    """Return a choice for each case that needs a holder in a team; the cases of one family go to one person.

    `shares`: case → the whole percent to give. `takes`: pairs of case and worker whose allocation ends first.
    `leaving_out`: workers who are not asked. One scoring in which everybody is given everything tells what each would
    take on, since no load depends on another's, and no family on another.
    """
    without = take(inputs, takes)
    before = score(scheme, without, as_of=as_of, teams=[team])
    candidates = _candidates(before, leaving_out)
    takers = [candidate.key for candidate in candidates]
    given = [Given(case, taker, team, share) for case, share in shares.items() for taker in takers]
    after = score(scheme, give(without, given, on=as_of), as_of=as_of, teams=[team])
    names = bundle_names(inputs, shares)
    added: dict[str, dict[Hashable, int]] = {name: dict.fromkeys(takers, 0) for name in names.values()}
    families = _families(inputs, names)
    for sign, scored in ((1, after), (-1, before)):
        columns = (scored.lines[name].tolist() for name in ("worker", "case", "family", "line"))
        for worker, case, family, line in zip(*columns, strict=True):
            name = names.get(case) or families.get(family)
            if name and worker in added[name]:
                added[name][worker] += sign * int(line)
    for case, workers in barred(scheme, inputs, before, shares).items():
        for worker in workers:
            added[names[case]].pop(worker, None)
    choices = {choice.bundle: choice for choice in share_out(candidates, [Bundle(*item) for item in added.items()])}
    return {case: choices[name] for case, name in names.items()}


def bundle_names(inputs: Inputs, cases: Collection[Hashable]) -> dict[Hashable, str]:
    """Return for each case the name of the bundle it stays in: its family's, or its own."""
    rows = inputs.cases[inputs.cases["case"].isin(list(cases))]
    pairs = zip(rows["case"].tolist(), rows["family"].tolist(), strict=True)
    return {case: f"family {family}" if family else f"case {case}" for case, family in pairs}


def _families(inputs: Inputs, names: Mapping[Hashable, str]) -> dict[str, str]:
    """Return the bundle of each family that has one: what its members already hold of it changes with it."""
    rows = inputs.cases[inputs.cases["case"].isin(list(names)) & (inputs.cases["family"] != "")]
    return {family: f"family {family}" for family in rows["family"].tolist()}


def barred(
    scheme: Scheme, inputs: Inputs, before: Workload, cases: Collection[Hashable]
) -> dict[Hashable, set[Hashable]]:
    """Return who should not be proposed for each reserved one of some cases: those not registered, and the newly
    qualified who would be alone with it.
    """
    rows = inputs.cases[inputs.cases["case"].isin(list(cases))]
    codes = {code for code, category in scheme.categories.items() if category.reserved}
    reserved = rows.loc[rows["category"].isin(codes), "case"].tolist()
    members = inputs.members
    unregistered = set(members.loc[members["registered"].eq(False).fillna(value=False), "worker"].tolist())
    return {case: unregistered | newly for case, newly in alone(inputs, before, reserved).items()}


def alone(inputs: Inputs, before: Workload, cases: Collection[Hashable]) -> dict[Hashable, set[Hashable]]:
    """Return for each case the newly qualified workers beside whom nobody else holds it."""
    holders: dict[Hashable, set[Hashable]] = {case: set() for case in cases}
    for case, worker in zip(before.lines["case"].tolist(), before.lines["worker"].tolist(), strict=True):
        if case in holders:
            holders[case].add(worker)
    new = inputs.members.loc[inputs.members["stage"].eq(NEWLY_QUALIFIED), "worker"].tolist()
    return {case: {worker for worker in new if not held - {worker}} for case, held in holders.items()}


def _candidates(before: Workload, leaving_out: Collection[Hashable]) -> list[Candidate]:
    """Return everybody with a known load and some capacity."""
    columns = (before.workers[name].tolist() for name in ("worker", "state", "load", "capacity"))
    return [
        Candidate(worker, int(load), int(capacity))
        for worker, state, load, capacity in zip(*columns, strict=True)
        if state == State.SCORED and worker not in leaving_out
    ]
