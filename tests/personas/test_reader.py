import pytest

from ranker.errors import PersonaEmpty, PersonaUnreadable
from ranker.personas.reader import read_persona
from ranker.personas.spec import PersonaSpec

SIZES = "## Company sizes\n- Tiny: 1-9 employees\n- Mid: 10-249 employees\n- Large: 250+ employees\n\n"


def targets(spec: PersonaSpec) -> list[tuple[str, str, float]]:
    return [(t.bracket, t.title, t.priority) for t in spec.targets]


def whys(spec: PersonaSpec) -> dict[int, str]:
    return {one.place.line: one.why for one in spec.not_understood}


@pytest.mark.parametrize(
    "text",
    [
        "## Sizes\n- Tiny: 1-9 employees\n- Large: 10+ employees\n\n## Targets\n- CEO\n",
        "| Segment | Employees |\n|---|---|\n| Tiny | 1-9 |\n| Large | 10+ |\n\n## Targets\n- CEO\n",
        "## Targets\n### Tiny (1-9 employees)\n- CEO\n### Large (10+ employees)\n- CEO\n",
        "**Tiny (1-9 employees):**\n- CEO\n\n**Large (10 or more employees):**\n- CEO\n",
        "# Us\n\nWe know two kinds:\n\n1. **Tiny**: under 10 staff\n2. **Large**: from 10 staff\n\n## Targets\n- CEO\n",
        "## Targets\n\n| Title | Tiny (1-9) | Large (10+) |\n|---|---|---|\n| CEO | 5/5 | 5/5 |\n",
    ],
)
def test_brackets_come_from_lists_tables_headings_lead_ins_and_columns(text: str) -> None:
    spec = read_persona(text)
    assert [(b.name, b.low, b.high) for b in spec.brackets] == [("Tiny", 1, 9), ("Large", 10, None)]
    assert targets(spec) == [("Tiny", "CEO", 1.0), ("Large", "CEO", 1.0)]
    assert spec.not_understood == ()


def test_a_column_without_a_name_is_named_by_its_size() -> None:
    spec = read_persona(
        "## Targets\n| Title | 1–99 employees | 100-499 | 500+ |\n|---|---|---|---|\n| CEO | 5/5 | | N/A |\n"
    )
    assert [b.name for b in spec.brackets] == ["1–99 employees", "100-499", "500+"]
    assert targets(spec) == [("1–99 employees", "CEO", 1.0), ("500+", "CEO", 0.0)]


def test_without_sizes_there_is_one_bracket() -> None:
    spec = read_persona("# Buyers\n## Targets\n- CEO\n")
    assert [(b.name, b.low, b.high) for b in spec.brackets] == [("All sizes", 1, None)]
    assert spec.name == "Buyers"
    assert read_persona("- CEO: 5/5\n\nTargets: CFO", "Mine").name == "Mine"


@pytest.mark.parametrize(
    ("line", "title", "priority", "order", "quote"),
    [
        ("1. VP of HR (9/10)", "VP of HR", 0.9, 1, "VP of HR · 9/10"),
        ("- Plant Manager — must have", "Plant Manager", 1.0, None, "Plant Manager · must have"),
        ("- HR Director: 4/5 – owns budget", "HR Director", 0.8, None, "HR Director · 4/5"),
        ("* ★★★★☆ Head of Ops", "Head of Ops", 0.8, None, "Head of Ops · ★★★★☆"),
        ("+ Controller [80%]", "Controller", 0.8, None, "Controller · 80%"),
        ("7) COO – 4 out of 5", "COO", 0.8, 7, "COO · 4 out of 5"),
        ("- VP, Sales (low), sometimes", "VP", 0.4, None, "VP · low"),
        ("- **Head** of *R&D*", "Head of R&D", 1.0, None, "Head of R&D"),
        (
            "- CRO (Chief Revenue Officer): 3/5",
            "CRO (Chief Revenue Officer)",
            0.6,
            None,
            "CRO (Chief Revenue Officer) · 3/5",
        ),
    ],
)
def test_a_target_in_a_list(line: str, title: str, priority: float, order: int | None, quote: str) -> None:
    (target,) = read_persona(f"## Primary targets\n{line}\n").targets
    assert (target.title, target.priority, target.order, target.quote) == (title, priority, order, quote)


def test_a_secondary_list_counts_less_and_champions_least() -> None:
    spec = read_persona(
        "## Targets\n- A\n\n## Secondary targets\n- B\n\n**Champions:** C, D (4/5), and Echo. We like them.\n"
    )
    assert [(t.title, t.priority, t.champion) for t in spec.targets] == [
        ("A", 1.0, False),
        ("B", 0.8, False),
        ("C", 0.6, True),
        ("D", 0.8, True),
        ("Echo", 0.6, True),
    ]


def test_a_rank_is_taken_from_the_text_only() -> None:
    spec = read_persona("## Targets\n| Rank | Title | Priority |\n|---|---|---|\n| 3 | A | 5/5 |\n| | B | 4/5 |\n")
    assert [t.order for t in spec.targets] == [3, None]


def test_plain_numbers_take_their_scale_from_the_header_or_the_largest() -> None:
    row = "## Targets\n| Title | {} |\n|---|---|\n| A | {} |\n| B | 2 |\n"
    for header, first, expected in (
        ("Priority (1-10)", 4, 0.4),
        ("Priority", 4, 0.8),
        ("Score", 8, 0.8),
        ("Score", 80, 0.8),
    ):
        assert read_persona(row.format(header, first)).targets[0].priority == pytest.approx(expected)


@pytest.mark.parametrize(
    ("role", "brackets"),
    [
        ("CEO (Mid & Large)", ("Mid", "Large")),
        ("CEO (mids)", ("Mid",)),
        ("CEO (250+ employees)", ("Large",)),
        ("CEO (companies with 9+ employees)", ("Mid", "Large")),
        ("CEO (except Tiny)", ("Mid", "Large")),
        ("CEO (only at large companies)", ("Large",)),
        ("CEO (Mid and up)", ("Mid", "Large")),
        ("CEO (Tiny to Mid)", ("Tiny", "Mid")),
        ("CEO (over 249 employees)", ("Large",)),
        ("CEO at companies with fewer than 10 employees", ("Tiny",)),
        ("CEO: at Mid firms", ("Mid",)),
        ("CEO, only at large firms", ("Large",)),
        ("CEO (all sizes)", None),
        ("CEO", None),
    ],
)
def test_an_exclusion_holds_for_the_sizes_it_names(role: str, brackets: tuple[str, ...] | None) -> None:
    spec = read_persona(SIZES + f"## Never contact\n- {role}\n")
    (exclusion,) = spec.exclusions
    assert (exclusion.role, exclusion.brackets, exclusion.hard) == ("CEO", brackets, True)
    assert exclusion.quote == role
    assert spec.not_understood == ()


def test_exclusions_in_tables_lists_and_lead_ins() -> None:
    spec = read_persona(
        SIZES
        + "## Who to avoid\n\nSkip these people: students, interns\n\n- Recruiters – not buyers\n- Finance\n  - CFO\n\n"
        "| Role | Type | Where | Reason |\n|---|---|---|---|\n| PR | soft | Large | noise |\n| HR | hard | | |\n\n"
        "### Soft exclusions\n- Press\n"
    )
    assert [(e.role, e.hard, e.reason, e.brackets) for e in spec.exclusions] == [
        ("students", True, "", None),
        ("interns", True, "", None),
        ("Recruiters", True, "not buyers", None),
        ("Finance", True, "", None),
        ("CFO", True, "", None),
        ("PR", False, "noise", ("Large",)),
        ("HR", True, "", None),
        ("Press", False, "", None),
    ]
    assert spec.exclusions[5].quote == "PR · Large"


def test_a_sub_heading_gives_the_size() -> None:
    spec = read_persona(SIZES + "## Never contact\n### At large companies\n- CEO\n### Everywhere\n- HR\n")
    assert [(e.role, e.brackets) for e in spec.exclusions] == [("CEO", ("Large",)), ("HR", None)]


@pytest.mark.parametrize(
    ("cell", "note", "values"),
    [
        ("5/5", "", [1.0, 1.0, 1.0]),
        ("5/5 → 1/5", "", [1.0, 0.6, 0.2]),
        ("high -> none", "", [1.0, 0.5, 0.0]),
        ("5/5 → 1/5", "Only relevant at Tiny", [1.0, 0.2, 0.2]),
        ("4/5", "Only at Mid & Large", [0.0, 0.8, 0.8]),
        ("4/5", "Only if they run the tools", [0.8, 0.8, 0.8]),
        ("5/5 at Tiny, 1/5 at Large", "", [1.0, 0.6, 0.2]),
        ("must have at 1-9 employees, nice to have at 10-249, irrelevant above", "", [1.0, 0.4, 0.0]),
        ("low at Mid", "", [0.0, 0.4, 0.0]),
        ("–", "", [0.0, 0.0, 0.0]),
    ],
)
def test_a_relevance_may_change_with_size(cell: str, note: str, values: list[float]) -> None:
    text = SIZES + f"## Departments\n| Department | Relevance | Notes |\n|---|---|---|\n| Ops | {cell} | {note} |\n"
    (department,) = read_persona(text).departments
    assert list(department.relevance.values()) == pytest.approx(values)
    assert department.quote == f"Ops · {cell}"
    listed = read_persona(SIZES + f"## Departments\n- Ops: {cell}\n").departments[0]
    if not note and cell != "–":
        assert list(listed.relevance.values()) == pytest.approx(values)


def test_a_seniority_matrix_reads_either_way_round() -> None:
    upright = read_persona(
        SIZES + "## Seniority\n| Level | Tiny | Mid | Large |\n|-|-|-|-|\n| VP | 5/5 | 3/5 | 0/5 |\n\nTargets: A"
    )
    turned = read_persona(
        SIZES + "## Seniority\n| Size | VP |\n|-|-|\n| Tiny | 5/5 |\n| Mid | 3/5 |\n| Large | 0/5 |\n\nTargets: A"
    )
    for spec in (upright, turned):
        (row,) = spec.seniority
        assert (row.name, row.relevance) == ("VP", {"Tiny": 1.0, "Mid": 0.6, "Large": 0.0})
        assert row.quote_at("Mid") == "VP · 3/5"


def test_columns_tell_what_a_table_is_about_where_the_heading_does_not() -> None:
    spec = read_persona(
        "# P\n## People\n| Job title | Priority |\n|-|-|\n| A | 5/5 |\n\n## Grid\n"
        "| Seniority | Score |\n|-|-|\n| VP | 4/5 |\n\n"
        "## More\n| Team | Fit |\n|-|-|\n| Ops | high |\n"
    )
    assert [t.title for t in spec.targets] == ["A"]
    assert [s.name for s in spec.seniority] == ["VP"]
    assert [d.name for d in spec.departments] == ["Ops"]


def test_signals_have_the_words_they_look_for_in_a_title() -> None:
    spec = read_persona(
        SIZES + "## Targets\n- A\n\n## Positive signals\n| Signal | Why |\n|-|-|\n"
        '| "New" or “Green” in their job title | x |\n'
        '| Team of (20+) | y |\n\n**Red flags**\n- "Coach" in title\n\n## Key takeaways\n'
        '1. **"Ops" in the title = top priority** (for companies with 10+ employees).\n'
        '2. Never those with "Ex" in the title\n'
    )
    assert [(s.title_words, s.positive, s.brackets) for s in spec.signals] == [
        (("New", "Green"), True, None),
        ((), True, None),
        (("Coach",), False, None),
        (("Ops",), True, ("Mid", "Large")),
        (("Ex",), False, None),
    ]
    assert spec.not_understood == ()


@pytest.mark.parametrize(
    ("sentence", "score"),
    [
        ("Contact only people who score 60 or more out of 100.", 60),
        ("minimum score: 3.5/5", 70),
        ("qualify from 70%", 70),
        ("**Threshold:** 7", 70),
        ("- A lead needs a score of at least 65", 65),
        ("Nobody below 55 points is contacted.", 55),
    ],
)
def test_a_threshold_is_read_on_a_scale_of_100(sentence: str, score: float) -> None:
    threshold = read_persona(f"## Targets\n- A\n\n## Bottom line\n\n{sentence}\n").threshold
    assert threshold is not None
    assert threshold.score == pytest.approx(score)


def test_the_first_threshold_holds_and_the_second_is_listed() -> None:
    spec = read_persona("Targets: A\n\nMinimum score: 60\n\nMinimum score: 70\n")
    assert spec.threshold is not None
    assert spec.threshold.score == 60
    assert "line 3" in whys(spec)[5]


def test_what_is_not_understood_is_listed_with_its_line_and_why() -> None:
    text = (
        SIZES
        + "## Targets\n| Title | Priority | Size |\n|-|-|-|\n| A | maybe | Tiny |\n| B | 5/5 | Huge |\n| C | | |\n"
        "**Buying trigger:** time\n\n> a saying\n\n## Industries\n- Mining\n\n## Exclusions\n"
        "- CEO (only at scale-ups)\nA word.\n\nSome prose.\n"
    )
    found = whys(read_persona(text + "- HR\n"))
    assert "no priority could be read in 'maybe'" in found[9]
    assert "no size bracket of that name: 'Huge'" in found[10]
    assert "no priority is given" in found[11]
    for line in (12, 14, 17):
        assert "says nothing that a title and a company size can be judged by" in found[line]
    assert "no size bracket of that name" in found[20]
    assert "a sentence" in found[23]


def test_a_bold_lead_in_with_unknown_words_does_not_turn_its_list_into_targets() -> None:
    spec = read_persona("## Targets\n- A\n\n**Pains they name:**\n- too little time\n- Buyer: 4/5\n")
    assert [t.title for t in spec.targets] == ["A", "Buyer"]
    assert "no priority is given" in whys(spec)[5]


def test_code_comments_and_front_matter_say_nothing() -> None:
    text = "---\nkind: x\n---\n## Targets\n<!--\n- Hidden\n-->\n- A\n\n```\n- Code: 5/5\n```\n"
    spec = read_persona(text)
    assert [t.title for t in spec.targets] == ["A"]
    assert spec.not_understood == ()


def test_an_empty_persona_and_one_that_names_nobody_say_what_to_do() -> None:
    with pytest.raises(PersonaEmpty, match="Write whom"):
        read_persona(" \r\n\n")
    with pytest.raises(PersonaUnreadable, match="Add a heading"):
        read_persona("# Hello\n\nWe like people.\n")


def test_other_languages_are_understood() -> None:
    spec = read_persona(
        "# Käufer\n## Unternehmensgröße\n- Klein: bis 49 Mitarbeiter\n- Groß: ab 50 Mitarbeiter\n\n"
        "## Zielpersonen\n| Rolle | Priorität |\n|-|-|\n| Leiter Einkauf | hoch |\n\n"
        '## Nicht kontaktieren\n- Praktikanten (nur bei Groß)\n\n## Señales negativas\n- "Ex" en el cargo\n'
    )
    assert [(b.name, b.low, b.high) for b in spec.brackets] == [("Klein", 1, 49), ("Groß", 50, None)]
    assert targets(spec) == [("Klein", "Leiter Einkauf", 1.0), ("Groß", "Leiter Einkauf", 1.0)]
    assert spec.exclusions[0].brackets == ("Groß",)
    assert spec.signals[0].title_words == ("Ex",)


def test_a_target_in_a_list_may_change_with_size_or_hold_for_some() -> None:
    spec = read_persona(
        SIZES + "## Targets\n- A, 3/5 at Tiny, 5/5 at Large\n- B (Large): must have\n- C – 4/5 (Tiny only)\n"
        "- D: 4/5 at X, 1/5 at Y\n"
    )
    assert targets(spec) == [
        ("Tiny", "A", pytest.approx(0.6)),
        ("Mid", "A", pytest.approx(0.8)),
        ("Large", "A", pytest.approx(1.0)),
        ("Large", "B", 1.0),
        ("Tiny", "C", 0.8),
    ]
    assert "more than one priority" in whys(spec)[10]


def test_a_scale_in_a_heading_or_a_column_is_no_company_size() -> None:
    spec = read_persona(
        SIZES + "## Departments (1-10)\n| Team | Score (1-10) |\n|-|-|\n| Ops | 5 |\n\n## Targets\n- A\n"
    )
    assert [b.name for b in spec.brackets] == ["Tiny", "Mid", "Large"]
    assert list(spec.departments[0].relevance.values()) == [0.5, 0.5, 0.5]


def test_the_columns_of_a_matrix_share_one_scale() -> None:
    text = SIZES + "## Departments\n| Team | Tiny | Mid | Large |\n|-|-|-|-|\n| Ops | 3 | 7 | 10 |\n"
    assert list(read_persona(text).departments[0].relevance.values()) == [0.3, 0.7, 1.0]


def test_headings_that_differ_in_their_size_only_are_brackets_of_their_own() -> None:
    spec = read_persona(
        "## Targets (1-50 employees)\n- CEO\n\n## Targets (51-200 employees)\n- CFO\n\n"
        "## Targets (more than 200 employees)\n- COO\n"
    )
    assert targets(spec) == [("1-50", "CEO", 1.0), ("51-200", "CFO", 1.0), ("201+", "COO", 1.0)]


@pytest.mark.parametrize(
    "line",
    [
        "CEO at firms above 200 employees",
        "CEO ab 201 Mitarbeitern",
        "CEO bei Unternehmen ab 201 Mitarbeitern",
        "CEO en empresas de más de 200 empleados",
        "CEO em empresas com mais de 200 funcionários",
        "CEO dans les entreprises de plus de 200 salariés",
    ],
)
def test_an_exclusion_may_name_its_size_in_other_languages(line: str) -> None:
    spec = read_persona("## Targets\n### Small (1-200)\n- CEO\n### Large (201+)\n- CFO\n\n## Excluir\n- " + line)
    assert [(one.brackets, one.quote) for one in spec.exclusions] == [(("Large",), line)]


def test_words_for_a_field_are_no_size() -> None:
    spec = read_persona("## Targets (1-200)\n- CEO\n\n## Excluir\n- Director en Ventas\n- Leiter bei Behörden\n")
    assert [one.brackets for one in spec.exclusions] == [None, None]


@pytest.mark.parametrize("heading", ["Who decides", "Who buys", "Cargos objetivo", "A quién contactar", "Also fine"])
def test_more_headings_of_targets_are_known(heading: str) -> None:
    assert [target.title for target in read_persona(f"## {heading}\n- CEO\n").targets] == ["CEO"]


def test_exclude_in_a_matrix_is_the_lowest_priority() -> None:
    spec = read_persona("| Role | 1-50 | 51+ |\n|---|---|---|\n| CEO | High | exclude |\n")
    assert targets(spec) == [("1-50", "CEO", 1.0), ("51+", "CEO", 0.0)]
