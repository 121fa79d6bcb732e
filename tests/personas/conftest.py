from pathlib import Path

import pytest

PERSONAS = sorted((Path(__file__).parents[2] / "prompts" / "personas").glob("*.md"))


@pytest.fixture(params=PERSONAS, ids=lambda path: path.stem)
def persona_text(request: pytest.FixtureRequest) -> str:
    path: Path = request.param
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()
