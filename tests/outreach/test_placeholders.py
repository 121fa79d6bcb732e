"""A hole that was left to be filled is found in every form, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranker.outreach.placeholders import placeholders

HOLES = [
    "[Name]", "[Your company]", "[[first name]]", "[..]", "[…]", "[ ]", "[insert a recent achievement]", "[Ihr Name]",
    "[Nombre de la empresa]", "[Prénom]", "{first_name}", "{{ company }}", "{{{x}}}", "${name}", "#{name}", "{% x %}",
    "{Hi|Hello}", "<Name>", "<first name>", "<<company>>", "<%= name %>", "%FIRST_NAME%", "%%company%%", "%Name%",
    "$NAME", "$first_name", "__NAME__", "____", "__", "*|FNAME|*", "##NAME##", "||name||", "XX", "XXX", "xxx", "XY",
    "XYZ", "X%", "INSERT NAME HERE", "insert your company here", "Insert Name", "Your Name", "Your Company",
    "Prospect Name", "Company Name", "(name)", "(your company)", "(Vorname)", "（name）", "TBD", "TBA", "TODO", "N/A",
    "n/a", "lorem ipsum", "Firma XY", "Company X", "NOMBRE", "VORNAME", "COMPANY", "PRÉNOM", "first_name", "FirstName",
    "【Name】", "［Name］", "｛name｝", "＜Name＞", "〈Name〉", "[Na\u200bme]", "[\u200bName\u200b]", "{\ufeff{x}}",
    "𝐘𝐨𝐮𝐫 𝐍𝐚𝐦𝐞", "Mr./Ms.", "Herr/Frau", "geehrte/r", "Max Mustermann", "John Doe", "......",
]  # fmt: skip


@pytest.mark.parametrize("hole", HOLES)
def test_a_hole_is_found_as_it_stands(hole: str) -> None:
    found = placeholders(f"As you said, {hole} could be of use to you.")
    assert len(found) == 1
    assert hole.strip("%") in found[0] or found[0] in hole


KEPT = [
    "We met the team (we do that a lot) [sic] in 2024 [1].",
    "It costs $500, US$ 5 or 50% of 20%, up 5 %.",
    "C# <3 and a < b and c > d; x > 3.",
    "See [our page](https://ladder.example/a_b_c) or <https://ladder.example>, <ada@ladder.example>.",
    "Your company is growing. Your name came up.",
    "Mein Name ist Ada. Ihr Unternehmen ist groß. Su empresa crece.",
    "What is the name of the company that has a position in your city?",
    "snake_case_words, an XXL shirt, a 2x gain, 10k.",
    "We are B2B, SaaS, and fond of ROI… and of you...",
    "<b>Hello</b><br>",
    "Sizes S/M, and/or, 24/7, w/o.",
    "QA and (QA) and (e.g. leads) and ;-) and :-)",
    "Hello Undine, nobody said null here.",
    "",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_hole_passes(text: str) -> None:
    assert placeholders(text) == ()


def test_a_company_that_is_really_called_so_passes_and_only_it() -> None:
    held = "[solidstart] <Acme> XX GmbH Nombre"
    assert placeholders("At [solidstart], <Acme> and XX GmbH you lead", held) == ()
    assert placeholders("At [solidstart], <Acme> and XX GmbH you lead") == ("[solidstart]", "<Acme>", "XX")
    assert placeholders("At [solidstar], <Acm> and XXX", held) == ("[solidstar]", "<Acm>", "XXX")


@pytest.mark.parametrize("hole", ["[Name]", "{{first_name}}", "<Company>", "%NAME%", "TBD", "N/A", "lorem ipsum"])
def test_no_source_excuses_a_hole(hole: str) -> None:
    assert placeholders(f"Hi {hole}, hello", f"title {hole}")


def test_holes_come_in_order() -> None:
    assert placeholders("Hi [Name] of {company}, at TBD in [Your city](https://x.example)") == (
        "[Name]", "{company}", "TBD", "[Your city]",
    )  # fmt: skip


def test_your_name_as_a_signature_is_a_hole() -> None:
    assert placeholders("Would you talk?\n\nBest,\nYour name") == ("Your name",)


FORMS = ["[{}]", "[[{}]]", "{{{}}}", "{{{{{}}}}}", "{{{{ {} }}}}", "<{}>", "<<{}>>", "%{}%", "%%{}%%", "__{}__",
         "##{}##", "*|{}|*", "||{}||", "${{{}}}", "【{}】", "［{}］", "｛{}｝", "＜{}＞"]  # fmt: skip
TAGS = set("br em ul ol li hr td tr div pre sub sup span code table strong".split())
names = st.from_regex(r"[A-Za-zÄÖÜéñ]{2,12}([ _-][A-Za-zéñ]{2,8})?", fullmatch=True)
known = st.sampled_from(["name", "First Name", "company", "Ihr Name", "Nombre", "job title", "your company", "EMPRESA"])


@given(st.one_of(names, known), st.sampled_from(FORMS), st.sampled_from(["", "\u200b", "\ufeff", "\u00ad"]))
def test_any_name_in_any_bracket_is_found(name: str, form: str, unseen: str) -> None:
    if form == "<{}>" and name.split()[0].casefold() in TAGS:
        return
    hole = form.format(unseen.join([name[:1], name[1:]]))
    found = placeholders(f"Hello {hole}, how are you?")
    assert len(found) == 1
    assert found[0] == hole


@given(st.text(max_size=80), st.text(max_size=20))
def test_every_hole_stands_in_the_text(text: str, held: str) -> None:
    at = 0
    for hole in placeholders(text, held):
        at = text.index(hole, at) + len(hole)
