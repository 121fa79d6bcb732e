import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from ranker.errors import ProfileRefused
from ranker.ingest.keys import profile_key
from ranker.outreach.profile_url import LONGEST, SHORTEST, profile_of
from ranker.outreach.prospects import prospect_of_url
from ranker.store.engine import Database
from tests.store.databases import empty

SLUGS = st.one_of(
    st.from_regex(r"[a-z0-9]([a-z0-9-]{1,40})?", fullmatch=True),
    st.text(st.sampled_from("abzéößñçåłøžğışàжд中文あ한1-_.'"), min_size=2, max_size=30),
).map(lambda text: unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower()))
HOSTS = st.sampled_from(["", "www.", "de.", "uk.", "br.", "m.", "touch.", "mobile.", "WWW.", "Fr."])
TAILS = st.sampled_from(
    ["", "/", "//", "?trk=x&y=/in/other", "#top", "/?a=b", "/de", "/en-us/", "/details/skills/?x#y"]
)


LOOK_ALIKES = [
    "https://linkedin.com.evil.example/in/ada", "https://evil-linkedin.com/in/ada",
    "https://linkedin.com@evil.example/in/ada", "https://linkedin.com:pass@evil.example/in/ada",
    "https://ada:pass@linkedin.com/in/ada", "https://l\u0456nkedin.com/in/ada", "https://xn--lnkedin-s2e.com/in/ada",
    "https://www.xn--lnkedin-s2e.com/in/ada", "https://linkedin.co/in/ada", "https://linkedin.company/in/ada",
    "https://linkedin.com.de/in/ada", "https://business.linkedin.com/in/ada", "https://www.de.linkedin.com/in/ada",
    "https://xx.yy.linkedin.com/in/ada", "https://evil.example/linkedin.com/in/ada",
    "https://evil.example/?u=linkedin.com/in/ada", "https://evil.example#linkedin.com/in/ada",
    "linkedin.com\\@evil.example/in/ada", "https:\\\\linkedin.com\\in\\ada", "https:/linkedin.com/in/ada",
    "https:linkedin.com/in/ada", "//linkedin.com/in/ada", "javascript:alert(1)//linkedin.com/in/ada",
    "javascript://linkedin.com/in/ada", "data:text/html,linkedin.com/in/ada", "ftp://linkedin.com/in/ada",
    "file:///linkedin.com/in/ada", "https://linkedin.com./in/ada", "https://.linkedin.com/in/ada",
    "https://linkedin.com:8443/in/ada", "https://linkedin.com:443x/in/ada", "https://1inkedin.com/in/ada",
    "https://\uff4cinkedin.com/in/ada", "https://linkedin\u3002com/in/ada",
    "https://linkedin.com%2eevil.example/in/ada", "https://%6cinkedin.com/in/ada", "https://lnkd.in/ada-example",
    "https://wwwlinkedin.com/in/ada", "https://w.linkedin.com/in/ada", "https://d\u0435.linkedin.com/in/ada",
    "https://\u0131n.linkedin.com/in/ada", "https://lin\u212aedin.com/in/ada",
]  # fmt: skip
NO_PROFILES = [
    "https://linkedin.com/company/acme", "https://linkedin.com/school/acme", "https://linkedin.com/in/",
    "https://linkedin.com/in", "https://linkedin.com/in//ada", "https://linkedin.com/in/?ada",
    "https://linkedin.com/", "https://linkedin.com", "linkedin.com", "https://linkedin.com/feed/in/ada",
    "https://linkedin.com//in/ada", "https://linkedin.com/inn/ada", "https://linkedin.com/pub/ada/1/2/3",
    "https://linkedin.com/in/%2Fada", "https://linkedin.com/in/ada%2Fbob",
    "https://linkedin.com/in/..%2F..%2Fcompany", "https://linkedin.com/in/%00ada", "https://linkedin.com/in/%20",
    "https://linkedin.com/in/a%20b", "https://linkedin.com/in/a b", "https://linkedin.com/in/ada\x00",
    "https://linkedin.com/in/a\u200bda", "https://linkedin.com/in/a%E2%80%8Bda",
    "https://linkedin.com/in/a%E2%80%AEda", "https://linkedin.com/in/a\nda", "https://linkedin.com/in/a%0Ada",
    "https://linkedin.com/in/ada\\bob", "https://linkedin.com/in/%5Cada", "https://linkedin.com/in/%E9ada",
    "https://linkedin.com/in/%ada", "https://linkedin.com/in/%zz", "https://linkedin.com/in/%2541da",
    "https://linkedin.com/in/<b>", "https://linkedin.com/in/-", "https://linkedin.com/in/..",
    "https://linkedin.com/%69n/ada", "https://linkedin.com/sales/people/ada", "ada example ltd", "ada@linkedin.com",
    "linkedin.com/in/" + "a" * 201,
]  # fmt: skip


def cased(draw: st.DrawFn, text: str) -> str:
    return "".join(sign.upper() if len(sign.upper()) == 1 and sign.upper().lower() == sign and draw(st.booleans())
                   else sign for sign in text)  # fmt: skip


@st.composite
def spelled(draw: st.DrawFn) -> tuple[str, str]:
    """(An address as people and tools write it, the slug that it means)."""
    slug = draw(SLUGS.filter(lambda text: any(sign.isalnum() for sign in text)))
    written = cased(draw, slug)
    how = draw(st.sampled_from(["plain", "encoded", "lower", "every", "decomposed"]))
    if how == "decomposed":
        written = unicodedata.normalize("NFD", written)
    if how in {"encoded", "decomposed"}:
        written = quote(written)
    elif how == "lower":
        written = quote(written).replace("%C", "%c").replace("%B", "%b")
    elif how == "every":
        written = "".join(f"%{byte:02X}" for byte in written.encode())
    scheme = draw(st.sampled_from(["", "http://", "https://", "HTTPS://"]))
    port = draw(st.sampled_from(["", ":443", ":80", ":"])) if scheme else draw(st.sampled_from(["", ":443"]))
    host = draw(HOSTS) + cased(draw, "linkedin.com") + port
    part = draw(st.sampled_from(["in", "IN", "In"]))
    around = draw(st.sampled_from(["", " ", "\n", "\t"]))
    return f"{around}{scheme}{host}/{part}/{written}{draw(TAILS)}{around}", slug


def short(url: str) -> bool:
    return len(url.strip()) <= LONGEST


@settings(max_examples=60)
@given(spelled())
def test_every_way_to_write_a_profile_is_one_profile(pair: tuple[str, str]) -> None:
    url, slug = pair
    if short(url):
        assert profile_of(url) == f"linkedin.com/in/{slug}"


@settings(max_examples=60)
@given(spelled())
def test_a_profile_in_one_spelling_is_itself(pair: tuple[str, str]) -> None:
    if short(pair[0]):
        once = profile_of(pair[0])
        assert profile_of(once) == once


@settings(max_examples=60)
@given(spelled())
def test_an_import_and_outreach_see_the_same_person_in_an_address(pair: tuple[str, str]) -> None:
    if short(pair[0]):
        assert profile_key(pair[0]) == profile_of(pair[0])


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = empty(tmp_path_factory.mktemp("profiles"))
    yield opened
    opened.close()


@settings(max_examples=40)
@given(st.lists(spelled(), min_size=2, max_size=4), st.sampled_from(LOOK_ALIKES))
def test_of_each_profile_there_is_one_prospect_and_of_a_look_alike_none(
    database: Database, pairs: list[tuple[str, str]], look_alike: str
) -> None:
    with database.write() as session:
        session.connection().execute(text("DELETE FROM prospect"))
        made = {prospect_of_url(session, url).id: slug for url, slug in pairs if short(url)}
        with pytest.raises(ProfileRefused):
            prospect_of_url(session, look_alike)
        found = session.connection().execute(text("SELECT id, profile_url FROM prospect"))
        assert {row[0]: row[1] for row in found} == {number: f"linkedin.com/in/{slug}" for number, slug in made.items()}
    assert len(made) == len({slug for url, slug in pairs if short(url)})


@given(
    st.text(max_size=600)
    | st.builds("{}linkedin.com/in/{}".format, st.text(max_size=12), st.text(max_size=40))
    | st.builds("https://{}/in/ada{}".format, st.text(max_size=30), st.text(max_size=10))
)
def test_any_text_gives_a_profile_or_a_message_and_no_other_error(text: str) -> None:
    try:
        found = profile_of(text)
    except ProfileRefused:
        pass
    else:
        assert profile_of(found) == found
        assert found.removeprefix("linkedin.com/in/") not in {"", found}


@pytest.mark.parametrize("url", [*LOOK_ALIKES, *NO_PROFILES])
def test_what_looks_like_a_profile_and_is_none_is_refused_in_words(url: str) -> None:
    with pytest.raises(ProfileRefused) as refused:
        profile_of(url)
    assert refused.value.message.endswith(".")


@given(st.sampled_from(LOOK_ALIKES), TAILS)
def test_no_tail_makes_a_look_alike_a_profile(url: str, tail: str) -> None:
    with pytest.raises(ProfileRefused):
        profile_of(url + tail)


def test_lengths_are_those_of_the_rule_and_said_in_words() -> None:
    longest = "https://linkedin.com/in/ada?" + "x" * (LONGEST - len("https://linkedin.com/in/ada?"))
    assert (len(longest), profile_of(longest)) == (LONGEST, "linkedin.com/in/ada")
    with pytest.raises(ProfileRefused, match="too long: it has 513 characters, 512 at most"):
        profile_of(longest + "x")
    with pytest.raises(ProfileRefused, match=f"too short: it has at least {SHORTEST}"):
        profile_of("in/a" + "b" * (SHORTEST - 5))
    with pytest.raises(ProfileRefused, match="has to be on linkedin"):
        profile_of("b" * SHORTEST)
    for blank in ("", "  ", "\n"):
        with pytest.raises(ProfileRefused, match="Write the address"):
            profile_of(blank)


def test_what_is_wrong_is_named() -> None:
    for url, said in (
        ("https://www.linkedin.com/company/acme", "a company's page"),
        ("https://www.linkedin.com/school/acme", "a school's page"),
        ("https://www.linkedin.com/in/", "names nobody"),
        ("https://me:secret@www.linkedin.com/in/ada", "a name or a password"),
        ("javascript:alert('linkedin.com/in/ada')", "begin with https://"),
        ("https://linkedin.com.evil.example/in/ada", "on linkedin.com"),
        ("https://linkedin.com/in/a b", "a space"),
    ):
        with pytest.raises(ProfileRefused, match=said):
            profile_of(url)
