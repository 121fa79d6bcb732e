"""Messages without a model: as many as asked for, within their lengths, in the tone, and without a claim or a hole."""

import csv
import itertools
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ranker.outreach.facts import sayable
from ranker.outreach.invented import invented
from ranker.outreach.placeholders import placeholders
from ranker.outreach.sequence import Known, Message, Request, Source, longest
from ranker.outreach.template_words import FILE, contracted, plain, template_words
from ranker.outreach.templated import templated
from ranker.outreach.tone import Tone

CONTEXT = "Rowanta builds call coaching for sales teams. 140 companies use it."
BANDS = (0.0, 0.3, 0.6, 1.0)
TONES = [Tone(*values) for values in itertools.product(BANDS, repeat=3)]


def known(seniority: str = "Vice President", department: str = "Sales", **columns: str) -> Known:
    sources = tuple(Source("lead", name, value) for name, value in columns.items())
    return Known(1, "https://www.linkedin.com/in/x", 1, sources, seniority=seniority, department=department)


ADA = known(first_name="Ada", last_name="Example", title="VP Sales", company="Quellhorn GmbH")
NOBODY = Known(2, "https://www.linkedin.com/in/x", None, ())


def write(of: Known, context: str = CONTEXT, tone: Tone | None = None, messages: int = 3) -> tuple[Message, ...]:
    return templated(of, Request(tone or Tone(), context, messages))[0]


values = st.one_of(
    st.text(max_size=120),
    st.sampled_from(
        ["{{ 7*7 }}", "$company", "${first}", "[First Name]", "<b>Ada</b>", "%(name)s", "Ada\n\nIgnore  all", "A" * 100]
    ),
    st.text("abc ÄÉ.-'&", max_size=100),
)
leads = st.builds(
    lambda columns, seniority, department: known(seniority, department, **columns),
    st.dictionaries(st.sampled_from(["first_name", "last_name", "full_name", "title", "company", "size"]), values),
    st.sampled_from(["", "c_level", "Vice President", "Founder", "Intern", "{{ 7*7 }}"]),
    st.sampled_from(["", "sales", "Human Resources", "Executive", "Environment, Health and Safety", "$who"]),
)
contexts = st.one_of(
    st.text(min_size=1, max_size=300),
    st.text("abcdefg hij,;:. ", min_size=1, max_size=2_000),
    st.sampled_from(["A" * 2_000, "Word " * 400, "We are [Company].", "{{ 7*7 }} is ours.", "$quote", "50% for $5!"]),
)


@settings(deadline=None, max_examples=100)
@given(leads, contexts, st.sampled_from(TONES), st.integers(1, 10))
@example(NOBODY, "x", Tone(), 10)
def test_any_lead_and_context_gives_the_messages_asked_for_without_holes(of, context, tone, messages) -> None:
    written, summary = templated(of, Request(tone, context, messages))

    assert [one.step for one in written] == list(range(1, messages + 1))
    assert len({one.content for one in written}) == messages
    for one in written:
        assert 0 < len(one.content) <= longest(one.step)
        assert not set("{}[]<>").intersection(one.content), one.content
        assert placeholders(one.content) == ()
        assert "  " not in one.content
        assert one.content == one.content.strip()
        assert not re.search(r"\$[a-z]", one.content) or re.search(r"\$[a-z]", context)
        assert one.confidence is None
        assert "template" in one.reasoning
        assert "not written by a model" in one.reasoning
    assert summary.startswith("I used templates, not a model")
    assert templated(of, Request(tone, context, messages)) == (written, summary)


@pytest.mark.parametrize("context", [CONTEXT, "Word " * 400])
@pytest.mark.parametrize("columns", [{}, {"company": "C" * 48}, {"full_name": "Anna " + "B" * 34, "company": "C" * 48}])
def test_every_tone_seniority_and_department_keeps_within_the_lengths(context, columns) -> None:
    words = template_words()
    longest_of = {
        name: max((len(topic), word) for word, (at, topic) in words.topic_of.items() if at == name)[1]
        for name, _ in words.topic_of.values()
    }
    for tone in (Tone(0, 1, 1), Tone(1, 1, 0.3), Tone(1, 1, 1)):
        for seniority, department in zip(
            itertools.cycle(["vp", "c_level", "manager", "intern", ""]), ["", *longest_of.values()], strict=False
        ):
            for one in write(known(seniority, department, **columns), context, tone, 10):
                assert len(one.content) <= longest(one.step)


@pytest.mark.parametrize("step", range(1, 11))
@pytest.mark.parametrize("of", [ADA, NOBODY])
def test_every_step_of_every_dimension_of_the_tone_is_seen_in_every_message(of, step) -> None:
    texts = {tuple(tone.bands().values()): write(of, tone=tone, messages=10)[step - 1].content for tone in TONES}

    assert len(texts) == len(set(texts.values())) == 64


def test_formal_messages_have_no_contraction_and_no_exclamation_mark_and_casual_ones_contract() -> None:
    formal = " ".join(one.content for one in write(ADA, tone=Tone(1, 1, 1), messages=10))
    casual = " ".join(one.content for one in write(ADA, tone=Tone(0, 1, 1), messages=10))

    assert "'" not in formal
    assert "!" not in formal
    assert formal.startswith("Dear Ada Example,\n")
    assert casual.startswith("Hey Ada,\n")
    assert casual.count("'") >= 5


@pytest.mark.parametrize("band", range(4))
def test_the_checker_of_invented_facts_finds_none(band) -> None:
    words, found = template_words(), []
    topics = sorted({name: word for word, (name, _) in words.topic_of.items()}.values())[band::4]
    for seniority, department in zip(itertools.cycle(words.seniority_of), topics, strict=False):
        of = known(seniority, department, first_name="Ada", company="Quellhorn GmbH", title=f"{seniority} {department}")
        for one in write(of, tone=Tone(BANDS[band], BANDS[band], BANDS[band]), messages=10):
            found += [(mark.kind, mark.text, one.content) for mark in invented(one.content, sayable(of, CONTEXT))]

    assert found == []


def test_a_direct_message_asks_or_says_its_point_first() -> None:
    opening, _, _, reminder = write(ADA, tone=Tone(0.6, 0.6, 1), messages=5)[:4]

    assert opening.content.split("\n")[1].startswith("In brief: Rowanta builds call coaching for sales teams.")
    assert reminder.content.split("\n")[1].startswith("Yes or no:")


@pytest.mark.parametrize(
    ("messages", "roles"),
    [
        (1, ["opening"]),
        (2, ["opening", "value"]),
        (3, ["opening", "value", "goodbye"]),
        (5, ["opening", "value", "question", "reminder", "goodbye"]),
    ],
)
def test_a_sequence_begins_with_an_opening_and_from_three_on_ends_with_a_goodbye(messages, roles) -> None:
    said = [re.search(r"\((\w+)\)", one.reasoning) for one in write(ADA, messages=messages)]

    assert [found and found[1] for found in said] == roles


def test_what_the_sender_does_is_told_whole_and_once_in_the_first_two_messages() -> None:
    long = f"Rowanta {'listens to calls and ' * 6}helps. More."

    assert [one.content.count("Rowanta builds") for one in write(ADA)] == [1, 0, 0]
    opening, value, _ = write(ADA, long)
    assert "…" in opening.content
    assert long.split(".")[0] + "." in value.content
    assert "More." not in opening.content + value.content


def test_seniority_and_department_change_what_is_said() -> None:
    of = {"first_name": "Ada", "company": "Quellhorn"}
    texts = [
        [one.content for one in write(known(seniority, department, **of), messages=5)]
        for seniority, department in [
            ("c_level", "finance"), ("vp", "finance"), ("manager", "finance"), ("individual", "finance"), ("vp", "hr"),
        ]
    ]  # fmt: skip

    for one, other in itertools.combinations(texts, 2):
        assert one[0] != other[0]
        assert one[1] != other[1]


@pytest.mark.parametrize(
    ("columns", "greeting"),
    [
        ({"first_name": "Ada"}, "Hello Ada,"),
        ({"first_name": "ADA 🚀"}, "Hello ADA,"),
        ({"first_name": "MAREN"}, "Hello Maren,"),
        ({"full_name": "Dr. Ada Example, PhD"}, "Hello Ada,"),
        ({"full_name": "Jo-Anne D. Specimen (she/her)"}, "Hello Jo-Anne,"),
        ({"full_name": "A. Example"}, "Hello,"),
        ({"full_name": "Ada"}, "Hello,"),
        ({"first_name": "A" * 100}, "Hello,"),
        ({"first_name": "{{ 7*7 }}"}, "Hello,"),
        ({"first_name": "[First Name]"}, "Hello,"),
        ({"first_name": "null"}, "Hello,"),
        ({"first_name": "ada@example.com"}, "Hello,"),
        ({"full_name": "Lead 0001"}, "Hello,"),
        ({"first_name": "Lead", "last_name": "0001"}, "Hello,"),
        ({}, "Hello,"),
    ],
)
def test_only_what_reads_like_a_first_name_is_greeted_by(columns, greeting) -> None:
    assert write(known(**columns))[0].content.split("\n")[0] == greeting


@pytest.mark.parametrize(
    ("company", "spoken"),
    [
        ("Quellhorn GmbH", "Quellhorn"),
        ("Acorn & Flint, Inc.", "Acorn & Flint"),
        ("Veltrax B.V.", "Veltrax"),
        ("3D Hubsters", "3D Hubsters"),
        ("Limited", "Limited"),
        ("quellhorn.com", ""),
        ("{{ 7*7 }} Ltd", ""),
        ("N/A", ""),
        ("C" * 100, ""),
    ],
)
def test_a_company_is_called_as_people_speak_of_it_or_not_at_all(company, spoken) -> None:
    text = write(known("Vice President", "Sales", company=company), tone=Tone(0.6, 0, 0))[0].content

    assert ("a say in sales" + (f" at {spoken}." if spoken else ".")) in text


def test_a_title_that_looks_like_a_template_is_neither_run_nor_shown() -> None:
    text = " ".join(one.content for one in write(known("", "", title="{{ 7*7 }} $company"), messages=10))

    assert "49" not in text
    assert "7*7" not in text


def test_the_reasoning_names_what_was_filled_in() -> None:
    opening, value, _ = write(ADA)

    for words in ("the name", "the company", "the department", "first sentence about us"):
        assert words in opening.reasoning
    assert "the company" not in value.reasoning
    assert "nothing is filled in" in write(NOBODY)[1].reasoning


def test_every_department_and_level_of_the_vocabulary_has_its_words() -> None:
    words, folder = template_words(), FILE.parents[2] / "ranker" / "titles" / "vocabulary"
    functions, levels = (
        list(csv.DictReader((folder / name).read_text("utf-8-sig").splitlines()))
        for name in ("functions.csv", "levels.csv")
    )

    assert [row["label"] for row in functions if plain(row["label"]) not in words.topic_of] == []
    assert [row["function"] for row in functions if plain(row["function"]) not in words.topic_of] == []
    assert [row["label"] for row in levels if plain(row["label"]) not in words.seniority_of] == []
    assert [row["level"] for row in levels if plain(row["level"]) not in words.seniority_of] == []


def test_the_sentences_of_the_file_claim_no_number_but_the_length_of_a_call_and_never_hope_to_find_you_well() -> None:
    text = FILE.read_text(encoding="utf-8").split("[salutation]", 1)[1]

    assert set(re.findall(r"\d+", text)) == {"15"}
    assert "finds you well" not in text


@pytest.mark.parametrize(
    ("whole", "short"),
    [
        ("I am here, and it is fine.", "I'm here, and it's fine."),
        ("You will see that I would.", "You'll see that I'd."),
        ("That is how it is.", "That's how it is."),
        ("It does not, has not, will not.", "It doesn't, hasn't, won't."),
    ],
)
def test_contractions_are_those_that_people_write(whole, short) -> None:
    assert contracted(whole) == short
