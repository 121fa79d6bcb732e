"""A slot of a variant with a model: figures, proposals, failures that are no verdicts, limits, and nothing copied."""

import json
from dataclasses import replace

import pytest

from ranker.errors import BudgetSpent, Cancelled, CandidateRefused, ProvidersFailed, UsageError
from ranker.optimizer.llm_subject import LlmSubject
from ranker.optimizer.memory import InMemory
from ranker.optimizer.optimize import optimize
from ranker.optimizer.settings import Settings
from ranker.store import ai_calls
from tests.llm.asking import provider
from tests.optimizer.teacher import PERSONA, Teacher, labelled, setup

BETTER = PERSONA.replace("- Nothing is wanted yet", "- Wanted: Alder, Wanted: Birch")


def subject(database, server, slot="persona", *, leads=None, watch=None, strategy="pointwise", **more):
    return LlmSubject(
        database, "run-1", labelled() if leads is None else leads, setup(server, strategy, **more), slot, watch,
        pause=0.01, cool=0.05,
    )  # fmt: skip


def asked(server, task):
    """What was asked for this, as (above, below)."""
    schema = {"critique": "critique", "edit": "versions"}.get(task, "verdicts")
    return [
        tuple(message["content"] for message in one["body"]["messages"])
        for one in server.requests
        if one["body"]["response_format"]["json_schema"]["name"] == schema
    ]


def spending(database):
    with database.session() as session:
        return ai_calls.spending(session, "run-1")


@pytest.mark.parametrize("strategy", ["pointwise", "two-phase", "cascade"])
def test_a_text_is_measured_at_each_company_whichever_others_are_asked_for(database, strategy):
    with Teacher() as server:
        one = subject(database, server, strategy=strategy)
        every = one.evaluate(BETTER, one.companies)
        calls = len(server.requests)
        again = subject(database, server, strategy=strategy)
        alone = {company: again.evaluate(BETTER, [company])[company] for company in reversed(one.companies)}
        assert alone == every
        assert len(server.requests) == calls  # every answer was there
        worse = one.evaluate(one.start, one.companies)
    assert list(one.companies) == sorted({lead.lead.company for lead in labelled()})
    assert all(every[name]["recall"] > worse[name]["recall"] == 0 for name in every)
    assert {figures["leads"] for figures in every.values()} == {8}


def test_the_errors_are_told_as_rows_of_data_with_the_person_s_label_and_no_company(database):
    with Teacher() as server:
        one = subject(database, server)
        found = one.propose(one.start, one.companies, 4, seed=3)
        critiques, edits = asked(server, "critique"), asked(server, "edit")
    assert len(found) == 4
    assert len(critiques) == len(edits) == 2
    for above, below in critiques:
        rows = [json.loads(line) for line in below.splitlines() if line.startswith("{")]
        assert 1 <= len(rows) <= 4
        assert [row["id"] for row in rows] == list(range(1, len(rows) + 1))
        assert {row["label"] for row in rows} == {"to be contacted, choice 1 of 5 at this company"}
        assert all(row["answer"].startswith("not contacted, score") for row in rows)
        assert all(row["reason"] for row in rows)
        assert PERSONA.strip() in above
        assert "Company 0" not in above + below
    for above, below in edits:
        assert "13| - Nothing is wanted yet" in above
        assert "Manager of Alder" not in above + below
        assert below.startswith("Versions: 2\n")


def test_a_proposal_is_a_whole_text_with_its_critique_and_its_edit_in_words(database):
    with Teacher() as server:
        one = subject(database, server)
        found = one.propose(one.start, one.companies, 4, seed=3)
        scores = [one.evaluate(proposal.text, one.companies) for proposal in found]
    start = PERSONA.splitlines()
    for proposal, figures in zip(found, scores, strict=True):
        assert proposal.text.splitlines()[: len(start)] == start
        assert "Wanted: " in proposal.text
        assert "judged wrongly" in proposal.critique
        assert proposal.edit.startswith("Lets ")
        assert any(company["recall"] > 0 for company in figures.values())


def test_the_same_arguments_give_the_same_proposals_for_nothing_and_another_seed_others(database):
    with Teacher() as server:
        one = subject(database, server)
        first = one.propose(one.start, one.companies, 4, seed=3)
        calls = spending(database).calls
        assert subject(database, server).propose(one.start, one.companies, 4, seed=3) == first
        assert spending(database).calls == calls
        assert one.propose(one.start, one.companies, 4, seed=4) != first


def test_errors_at_other_companies_are_not_looked_at(database):
    with Teacher() as server:
        one = subject(database, server)
        one.propose(one.start, one.companies[:1], 4, seed=3)
        told = "".join(below for _, below in asked(server, "verdicts"))
    assert "Company 00" in told
    assert "Company 01" not in told


def test_nothing_wrong_gives_no_proposal_and_no_call(database):
    good = PERSONA.replace("- Nothing", "- Wanted: Alder, Wanted: Birch, Wanted: Cedar, Wanted: Damson, Wanted: Elm")
    with Teacher() as server:
        one = subject(database, server)
        assert one.propose(good, one.companies, 4, seed=3) == []
        assert not asked(server, "critique")


@pytest.mark.parametrize(
    ("slot", "old", "new"),
    [
        ("persona", PERSONA, "\n"),
        ("persona", PERSONA, "# Somebody\n\nJust words.\n"),
        ("template:pointwise", "{{ persona }}", ""),
        ("template:pointwise", "{{ lead | row }}", "{{ lead.title }}"),
    ],
)
def test_a_text_that_fails_the_slot_s_own_checks_is_refused_before_anything_is_asked(database, slot, old, new):
    with Teacher() as server:
        one = subject(database, server, slot)
        assert old in one.start
        with pytest.raises(CandidateRefused):
            one.evaluate(one.start.replace(old, new), one.companies)
        assert not server.requests


def test_a_slot_that_the_strategy_has_not_is_said_in_words(database):
    with Teacher() as server, pytest.raises(UsageError, match="persona, template:pointwise"):
        subject(database, server, "template:rank")


def test_a_prompt_can_be_optimized_and_the_persona_stays(database):
    with Teacher() as server:
        one = subject(database, server, "template:pointwise")
        (first, *_) = one.propose(one.start, one.companies, 2, seed=1)
        assert "the prompt that a language model judges leads with" in asked(server, "critique")[0][0]
        better, worse = (one.evaluate(text, one.companies) for text in (first.text, one.start))
    assert first.text.startswith(one.start.rstrip("\n"))
    assert sum(figures["recall"] for figures in better.values()) > sum(figures["recall"] for figures in worse.values())


def test_a_network_in_trouble_costs_no_candidate_anything(database):
    faults = ("error_500", "reset", "rate", "not_json")
    with Teacher() as calm:
        expected = subject(database, calm).evaluate(BETTER, subject(database, calm).companies)
    with Teacher(share=0.5, faults=faults, seed=4) as server:
        one = subject(database, server)
        assert one.evaluate(BETTER, one.companies) == expected
    assert server.met["error_500"] + server.met["reset"] > 5


@pytest.mark.parametrize("fault", ["error_500", "auth"])
def test_a_provider_that_is_down_ends_the_search_with_the_reason_and_no_figures(database, fault):
    with Teacher(always=fault) as server:
        one = subject(database, server, leads=labelled(1, 2))
        with pytest.raises(ProvidersFailed):
            one.evaluate(one.start, one.companies)
        with pytest.raises(ProvidersFailed):
            one.propose(one.start, one.companies, 2, 1)


def test_a_lead_that_the_model_will_not_judge_stays_in_every_denominator(database):
    with Teacher(always="refusal") as server:
        one = subject(database, server, leads=labelled(1, 8))
        (figures,) = one.evaluate(BETTER, one.companies).values()
        assert one.propose(one.start, one.companies, 2, 1) == []  # nothing is known of why
    assert (figures["leads"], figures["labelled"], figures["said"], figures["recall"]) == (8, 5, 0, 0.0)


def test_a_limit_of_calls_is_over_all_kinds_of_calls_and_exact(database):
    with Teacher(latency=0.005) as server:
        one = subject(database, server, max_calls=51)
        one.evaluate(one.start, one.companies)
        assert len(server.requests) == 48
        with pytest.raises(BudgetSpent, match="51 calls"):
            one.propose(one.start, one.companies, 8, 1)
        with pytest.raises(BudgetSpent):
            one.evaluate(BETTER, one.companies)
    assert len(server.requests) == spending(database).calls == 51


def test_a_limit_of_money_is_over_all_kinds_of_calls(database):
    with Teacher() as server:
        one = subject(database, server)
        one.evaluate(one.start, one.companies)
        cap = spending(database).spent * 1.5
        held = subject(database, server, max_usd=cap)
        held.evaluate(one.start, one.companies)
        with pytest.raises(BudgetSpent, match=r"limit of \$"):
            held.evaluate(BETTER, one.companies)
        assert spending(database).spent <= cap


def test_whoever_watches_can_stop_it_and_is_told_how_it_stands(database):
    told = []
    with Teacher(latency=0.4) as server:
        one = subject(database, server, watch=lambda now: told.append(now) or False, concurrency=2)
        with pytest.raises(Cancelled):
            one.evaluate(one.start, one.companies)
    assert told[0].task == "evaluate"
    assert told[0].total == 48
    assert len(server.requests) < 20


def test_another_provider_never_stands_in(database):
    with Teacher(always="error_500") as server, Teacher() as other:
        both = replace(setup(server).settings, providers=(provider(server), provider(other)))
        one = LlmSubject(
            database, "run-1", labelled(1, 2), replace(setup(server), settings=both), "persona", pause=0.01, cool=0.05
        )
        with pytest.raises(ProvidersFailed):
            one.evaluate(one.start, one.companies)
        assert not other.requests


class Chatty(Teacher):
    """It says ``more`` in place of some of its words."""

    def __init__(self, **more):
        super().__init__()
        self.more = more

    def _completion(self, body, said, fault, into):
        found = super()._completion(body, said, fault, into)
        message = found["choices"][0]["message"]
        for word, other in self.more.items():
            message["content"] = message["content"].replace(word, other)
        return found


def test_what_a_critique_quotes_of_a_lead_is_neither_shown_nor_sent_on(database):
    with Chatty(wrongly="like the one at Company 03") as server:
        one = subject(database, server)
        found = one.propose(one.start, one.companies, 2, seed=3)
        ((_, points),) = asked(server, "edit")
    assert len(found) == 2
    assert all(proposal.critique.startswith("Wanted: ") for proposal in found)
    assert "Company 03" not in points


def test_a_critique_that_does_nothing_but_quote_is_asked_nothing_with(database):
    with Chatty(wrongly="like the one at Company 03", Wanted="Company 03") as server:
        one = subject(database, server)
        assert one.propose(one.start, one.companies, 2, seed=3) == []
        assert asked(server, "critique")
        assert not asked(server, "edit")


def test_why_a_text_was_changed_is_not_shown_where_that_quotes_a_lead(database):
    with Chatty(Lets="As at Company 03, lets") as server:
        one = subject(database, server)
        found = one.propose(one.start, one.companies, 2, seed=3)
    assert {proposal.edit for proposal in found} == {"(left out: it quotes a labelled lead)"}


def test_a_whole_search_finds_what_the_leads_have_in_common(database):
    with Teacher() as server:
        one = subject(database, server)
        search = Settings(generations=4, variants=4, folds=0, hold_out=0)
        outcome = optimize(one, InMemory(), search, one.guard)
    best = outcome.search.proposed
    assert outcome.search.standings[best.number].pairs_f1 > outcome.search.standings[0].pairs_f1 + 0.3
    assert set("Alder Birch Cedar Damson Elm".split()) & set(best.text.replace(",", " ").split())
