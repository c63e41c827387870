"""No dead link in the documents: to files, and to headings in them; addresses elsewhere have their form."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

import pytest

FILE = re.compile(r"((?:rtl|tools|sim|driver|boards|verify|cli|tests|docs)/[\w/.-]*)")
OUTSIDE = ("https", "http", "mailto")


def dead(page: str, link: str, documents) -> str | None:
    """Return what is wrong with a link of a page; of an address elsewhere only its form is looked at."""
    where = urlsplit(link)
    if where.scheme or where.netloc:
        sound = where.scheme in OUTSIDE and (where.scheme == "mailto" or "." in where.netloc) and " " not in link
        return None if sound else "no address"
    path = (documents.root / page).parent / unquote(where.path) if where.path else documents.root / page
    if not path.exists():
        return "is not there"
    target = str(path.resolve().relative_to(documents.root))
    if where.fragment and target in documents.pages and where.fragment not in documents.anchors(target):
        return f"has no heading {where.fragment!r}"
    return None


def test_links_lead_somewhere(page, documents):
    wrong = {link: dead(page, link, documents) for link in documents.links(page)}
    assert {link: why for link, why in wrong.items() if why} == {}


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("docs/guide/1-start.md#a-pc-in-python", None),
        ("docs/guide/1-start.md#a-pc-in-pascal", "has no heading 'a-pc-in-pascal'"),
        ("docs/guide/none.md", "is not there"),
        ("https://example", "no address"),
    ],
)
def test_a_dead_link_would_be_seen(link, why, documents):
    assert dead("README.md", link, documents) == why


def test_there_are_links_to_look_at(documents):
    assert sum(len(documents.links(page)) for page in documents.pages) > 100


def test_files_named_in_the_documents_exist(documents):
    named = [(page, span) for page, span in documents.spans() if page != "CHANGELOG.md" and FILE.fullmatch(span)]
    assert len(named) > 30
    assert [(page, span) for page, span in named if not (documents.root / span).exists()] == []
