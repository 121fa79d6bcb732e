from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.store.exports import Preset, list_presets, save_preset
from ranker.store.lead_detail import lead_detail
from ranker.store.reviews import review_lead
from ranker.store.suppression_list import page_entries
from tests.pages.opening import PATIENCE
from tests.store.databases import empty
from tests.store.ranked import FILE, World, ranked_world

PAGE = Path(__file__).parents[2] / "pages" / "results.py"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RANKER_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


@pytest.fixture
def world(folder: Path) -> Iterator[World]:
    database = empty(folder)
    yield ranked_world(database)
    database.close()


def opened(**params: str) -> AppTest:
    """The page at an address, as after a refresh or in a second tab."""
    app = AppTest.from_file(str(PAGE), default_timeout=PATIENCE)
    for name, value in params.items():
        app.query_params[name] = value
    return app.run()


def said(app: AppTest) -> str:
    parts = [*app.markdown, *app.caption, *app.text, *app.info, *app.success, *app.error, *app.warning]
    return "\n".join(str(part.value) for part in parts)


def people(app: AppTest) -> list[str]:
    return list(app.dataframe[0].value["name"])


def click(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def test_with_no_leads_the_page_says_to_import(folder: Path) -> None:
    app = opened()
    assert [button.label for button in app.button] == ["Import leads"]
    assert not app.exception


def test_with_leads_that_are_not_ranked_the_page_says_to_rank(folder: Path) -> None:
    database = empty(folder)
    commit(database, stage_file(database, "leads.csv", FILE.encode()).id)
    database.close()
    app = opened()
    assert [button.label for button in app.button] == ["Rank them"]
    assert "7 leads" in said(app)


def test_the_page_always_says_how_many_of_how_many(world: World) -> None:
    assert "**7 of 7** leads" in said(opened())
    assert "**4 of 7** leads" in said(opened(status="contact"))


def test_the_best_come_first_and_the_order_of_the_address_holds(world: World) -> None:
    assert people(opened())[:2] == ["Lead 0005", "Lead 0001"]
    assert people(opened(sort="name", way="down"))[:2] == ["Lead 0007", "Lead 0006"]
    assert people(opened(sort="company"))[:4] == ["Lead 0001", "Lead 0002", "Lead 0003", "Lead 0004"]


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"q": "sales director"}, {"Lead 0003"}),
        ({"company": "beta"}, {"Lead 0005", "Lead 0006"}),
        ({"size": "11-50,unknown"}, {"Lead 0005", "Lead 0006", "Lead 0007"}),
        ({"status": "not", "score": "5-10"}, {"Lead 0004", "Lead 0006"}),
        ({"rank": "1"}, {"Lead 0001", "Lead 0005"}),
        ({"flag": "champion"}, {"Lead 0002", "Lead 0003"}),
        ({"department": "90"}, {"Lead 0001", "Lead 0002", "Lead 0003", "Lead 0005"}),
    ],
)
def test_filters_of_the_address_hold(world: World, params: dict[str, str], found: set[str]) -> None:
    app = opened(**params)
    assert set(people(app)) == found
    assert f"**{len(found)} of 7** leads" in said(app)


def test_what_makes_no_sense_in_the_address_is_left_out(world: World) -> None:
    app = opened(sort="; drop", status="x", size="big", score="a-b", rank="²", page="99", pick="a,,1", view="?")
    assert "**7 of 7** leads" in said(app)
    assert len(people(app)) == 7
    assert not app.exception
    assert not app.error


def test_a_search_is_written_to_the_address_and_begins_at_the_first_page(world: World) -> None:
    app = opened(sort="name")
    app.text_input(key="results_q").set_value("sales").run()
    assert app.query_params["q"] == "sales"
    assert people(app) == ["Lead 0001", "Lead 0002", "Lead 0003"]
    click(app, "Clear filters")
    assert "q" not in app.query_params
    assert app.text_input(key="results_q").value == ""
    assert len(people(app)) == 7


def test_pills_carry_counts_and_filter(world: World) -> None:
    app = opened()
    app.pills(key="results_status").set_value("contact").run()
    assert app.query_params["status"] == "contact"
    assert "To contact 4" in app.pills(key="results_status").options
    assert "Not contacted 3" in app.pills(key="results_status").options


def test_no_match_says_so_and_offers_the_way_back(world: World) -> None:
    app = opened(q="nobody at all")
    assert "Nobody matches these filters." in said(app)
    app.button(key="results_clear_all").click().run()
    assert len(people(app)) == 7


def test_companies_with_nobody_to_contact_are_listed_as_such(world: World) -> None:
    app = opened(view="companies")
    table = app.dataframe[0].value
    assert list(table["company"]) == ["Alpha", "Béta", "Gamma"]
    assert list(table["to_contact"]) == ["3", "1", "nobody"]
    assert "3 companies, 1 with nobody to contact" in said(app)


def test_an_open_company_shows_its_people_in_order(world: World) -> None:
    company = lead_detail(world.database, world.leads["Lead 0001"]).company_id
    app = opened(view="companies", open=str(company))
    members = app.dataframe[1].value
    assert list(members["name"]) == ["Lead 0001", "Lead 0002", "Lead 0003", "Lead 0004"]
    assert "3 of 4 people to contact" in said(app)


def test_a_lead_shows_how_its_title_was_read_the_persona_and_every_column(world: World) -> None:
    app = opened(lead=str(world.leads["Lead 0001"]))
    assert "Vice President ← “vp”" in said(app).replace("\\", "")
    assert "Sales ← “sales”" in said(app).replace("\\", "")
    assert "VP Sales · 5/5" in said(app)
    assert "(line 12)" in said(app)
    detail = lead_detail(world.database, world.leads["Lead 0001"])
    assert detail.judged is not None
    assert f"Run {detail.judged.run_id}" in said(app)
    assert "% sure" in said(app)
    columns = app.dataframe[-1].value
    assert dict(zip(columns["Column"], columns["Value"], strict=True))["Note"] == "=SUM(A1:A9)"


def test_a_lead_that_is_gone_is_told_in_words(world: World) -> None:
    app = opened(lead="999")
    assert "There is no lead 999 any more" in said(app)
    assert not app.exception


def test_overruling_shows_at_once_and_can_be_taken_back(world: World) -> None:
    lead = world.leads["Lead 0004"]
    app = opened(lead=str(lead))
    app.text_input(key=f"results_note_{lead}").set_value("buys for *everyone*")
    click(app, "Should be contacted")
    assert "A person said: should be contacted" in said(app)
    assert world.ranks()["Lead 0004"] == 4
    assert lead_detail(world.database, lead).reviews[0].note == "buys for *everyone*"
    click(app, "Take it back")
    assert "Lead 0004" not in world.ranks()


def test_an_overruled_lead_says_so_in_the_list(world: World) -> None:
    review_lead(world.database, world.leads["Lead 0001"], "out")
    app = opened(overruled="1")
    assert list(app.dataframe[0].value["status"]) == ["– Not contacted (by a person)"]


def test_a_title_is_put_right_in_place_and_the_verdict_is_marked_as_old(world: World) -> None:
    lead = world.leads["Lead 0004"]
    app = opened(lead=str(lead))
    app.text_input(key=f"results_fix_title_{lead}_Accountant").set_value("Head of Finance")
    click(app, "Save the title")
    assert lead_detail(world.database, lead).fields["title"] == "Head of Finance"
    assert "changed since this verdict" in said(app)


def test_a_size_that_is_none_is_refused_in_words(world: World) -> None:
    lead = world.leads["Lead 0004"]
    app = opened(lead=str(lead))
    app.text_input(key=f"results_fix_size_{lead}_51-200").set_value("many")
    click(app, "Save the size")
    assert "“many” is no number of people" in said(app)
    assert lead_detail(world.database, lead).fields["size"] == "51-200"


def test_do_not_contact_takes_a_lead_out_of_the_ranks(world: World) -> None:
    lead = world.leads["Lead 0001"]
    app = opened(lead=str(lead))
    app.radio(key=f"results_hold_{lead}").set_value("email").run()
    click(app, "Put on the do-not-contact list")
    entries = page_entries(world.database).entries
    assert [(entry.kind, entry.shown) for entry in entries] == [("email", "one@alpha.example")]
    assert "Lead 0001" not in world.ranks()
    assert "On the do-not-contact list" in said(app)


def test_the_export_says_how_many_it_would_hold(world: World) -> None:
    app = click(opened(), "Export")
    assert "= 4 people" in said(app)
    app.number_input(key="results_top").set_value(1).run()
    assert "= 2 people" in said(app)


def test_hand_picked_people_are_kept_in_the_address_and_offered_for_export(world: World) -> None:
    pick = f"{world.leads['Lead 0007']},{world.leads['Lead 0001']}"
    app = opened(pick=pick, q="founder")
    assert "2 picked by hand" in said(app)
    click(app, "Export")
    assert "= 2 people" in said(app)


def test_a_preset_keeps_the_columns(world: World) -> None:
    app = click(opened(), "Export")
    app.multiselect(key="results_columns_Usual columns").set_value(["Phone", "rank"]).run()
    app.text_input(key="results_keep").set_value("Calls")
    click(app, "Keep")
    assert list_presets(world.database) == [Preset("Calls", ("Phone", "rank"), "csv", {})]


def test_a_preset_whose_columns_are_gone_says_so(world: World) -> None:
    save_preset(world.database, Preset("Old", ("Phone", "Fax"), "csv", {}))
    app = click(opened(), "Export")
    app.selectbox(key="results_preset").set_value("Old").run()
    assert "no file has it any more: Fax" in said(app)


def test_the_pictures_say_in_words_what_they_show(world: World) -> None:
    text = said(opened(view="pictures"))
    assert "51–200: 3 (75%) of 4" in text
    assert "Entered 7; Judged 7 (0 could not be judged); Fit the persona 4 (3 do not); To contact 4" in text
