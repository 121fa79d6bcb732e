from dataclasses import replace

from ranker.outreach import outreach_run
from ranker.outreach.edits import edit
from ranker.outreach.outreach_queries import last_context
from tests.outreach.sequences import REQUEST, prospect_of, write
from tests.store.ranked import World


def test_the_text_about_us_is_that_of_the_last_run_whatever_programs_and_edits_say_since(world: World) -> None:
    assert last_context(world.database) == ""
    prospect = prospect_of(world.database, world.leads["Lead 0001"])
    older = write(world.database, prospect, request=replace(REQUEST, context="We sell compasses."))
    assert last_context(world.database) == "", "of no run: a program asked for it"
    outreach_run.start(world.database, [prospect], REQUEST, None)
    assert last_context(world.database) == REQUEST.context
    edit(world.database, older, {1: "Hello, how is sales?"})
    assert last_context(world.database) == REQUEST.context
