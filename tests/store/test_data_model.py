"""docs/DATA_MODEL.md and the tables say the same."""

import re
from pathlib import Path

import pytest

from ranker.store.tables import METADATA

PAGE = (Path(__file__).parents[2] / "docs" / "DATA_MODEL.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))


def test_every_table_is_explained_and_nothing_else():
    assert sorted(SECTIONS) == sorted(METADATA.tables)


@pytest.mark.parametrize("name", sorted(METADATA.tables))
def test_every_column_is_explained_with_its_reason(name):
    rows = re.findall(r"^\| (`.+?`) \| (\S.*) \|$", SECTIONS[name], re.MULTILINE)
    explained = [column for columns, _ in rows for column in re.findall(r"`(\w+)`", columns)]
    assert sorted(explained) == sorted(column.name for column in METADATA.tables[name].columns)


@pytest.mark.parametrize("name", sorted(METADATA.tables))
def test_every_index_is_explained(name):
    assert sorted(re.findall(r"`(ix_\w+)`", SECTIONS[name])) == sorted(
        index.name for index in METADATA.tables[name].indexes
    )
