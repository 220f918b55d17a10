"""The drawn pages say what the code says, and a page that does not is found."""

import pytest

from tests.checks import docs


def test_a_page_is_stale_until_it_is_drawn(tmp_path):
    assert docs.stale(tmp_path) == list(docs.PAGES)
    docs.write(tmp_path)
    assert not docs.stale(tmp_path)
    page = tmp_path / "docs" / "states.md"
    page.write_text(page.read_text().replace("DRAFT", "DRAUGHT", 1))
    assert docs.stale(tmp_path) == ["docs/states.md"]


@pytest.mark.parametrize(
    ("page", "line"),
    [
        ("permissions", "| `SEND_BATCH` |  |  |  | A* |  |  |  |"),
        ("permissions", "| `WRITE_NOTE` | C | C |  |  |  |  |  |"),
        ("states", "    [*] --> DRAFT"),
        ("gates", "## PROV-02 Credential valid on service date"),
    ],
)
def test_a_page_tells(page, line):
    assert line in docs.drawn()[f"docs/{page}.md"].splitlines()
