"""The store's databases with the prompts that come with the ranker."""

import pytest

from ranker.templates.shipped import seed_templates
from tests.store.databases import KINDS, fresh


@pytest.fixture(params=KINDS)
def database(request, tmp_path):
    with fresh(request.param, tmp_path) as opened:
        seed_templates(opened)
        yield opened
