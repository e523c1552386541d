"""Files that are dropped: fresh names, whole or not at all, never over another, for the person of the key alone."""

import io
import stat
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from by_hand import published_home
from hypothesis import given
from hypothesis import strategies as st
from live import NEAR, Live, TestClient, token

from recovery import warehouse
from recovery.errors import HomeError
from recovery.vocabulary.roles import Role
from recovery.web import arriving, files
from recovery.web.arriving import safe_name
from recovery.words import web as words

pytestmark = pytest.mark.slow


@pytest.fixture
def live(tmp_path: Path) -> Live:
    return Live(tmp_path / "home")


def drop(client: TestClient, person: str, *files: tuple[str, bytes], **more: str) -> int:
    address = f"/people/{person}/files"
    data = {"token": token(client.get(address).text), **more}
    return client.post(address, data=data, files=[("files", file) for file in files]).status_code


def sent(live: Live, person: str = "") -> dict[str, bytes]:
    """What lies in the folder of things sent, by the name of each file."""
    folder = live.inbox / person / "sent"
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*/*"))}


def test_files_of_one_form_lie_together_under_their_names_and_get_receipts(live: Live) -> None:
    owner = live.owner()

    assert drop(owner, "me", ("massages 2026.csv", b"date,technique\n"), ("b.zip", b"PK")) == 303

    assert sent(live) == {"b.zip": b"PK", "massages 2026.csv": b"date,technique\n"}
    assert len({path.parent for path in (live.inbox / "sent").glob("*/*")}) == 1
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in (live.inbox / "sent").glob("*/*"))
    page = owner.get("/people/me/files").text
    assert "massages 2026.csv: arrived, 1 kB. The next run reads it." in page
    assert words.WAITING in page


def test_the_same_name_again_is_never_written_over(live: Live) -> None:
    owner = live.owner()

    drop(owner, "me", ("a.csv", b"1"), ("a.csv", b"2"), ("a", b"3"), ("a", b"4"))
    drop(owner, "me", ("a.csv", b"5"))

    contents = sorted(path.read_bytes() for path in (live.inbox / "sent").glob("*/*"))
    assert contents == [b"1", b"2", b"3", b"4", b"5"]
    assert {"a.csv", "a (2).csv", "a", "a (2)"} == set(sent(live))


def test_what_a_person_sends_lies_with_that_person_alone(live: Live) -> None:
    anna = live.browser(Role.PERSON, "anna", address=NEAR)

    assert drop(anna, "anna", ("a.csv", b"1")) == 303
    shown = anna.get("/people/anna/files")
    for person in ("me", "ben"):
        answer = anna.post(
            f"/people/{person}/files", data={"token": token(shown.text)}, files={"files": ("b.csv", b"2")}
        )
        assert answer.status_code == 404

    assert sent(live, "anna") == {"a.csv": b"1"}
    assert sent(live) == sent(live, "ben") == {}


TRAVERSALS = (
    "../../recovery.toml", "..\\..\\x.csv", "/etc/passwd", "C:\\x\\y.csv", "..", ".", "", " ", ".hidden", "~$x.docx",
    "a\x00b.csv", "a\nb.csv", "\u202egpj.exe", "\ud800x", "a/" * 500 + "b.csv", "x" * 1000 + ".csv", "con",
    ".arriving-1",
    "é" * 200 + ".zip", "a.csv.", "%2e%2e%2fx", "<script>alert(1)</script>.csv", '"onload=x".csv',
)  # fmt: skip


@pytest.mark.parametrize("name", TRAVERSALS, ids=range(len(TRAVERSALS)))
def test_no_name_leads_out_of_its_folder(name: str) -> None:
    must_be_plain(safe_name(name))


@given(st.text(alphabet=st.characters(codec=None), max_size=400))
def test_whatever_a_name_is_it_becomes_a_plain_one(name: str) -> None:
    must_be_plain(safe_name(name))


def must_be_plain(name: str) -> None:
    assert name
    assert Path(name).name == name
    assert not name.startswith((".", "~", " "))
    assert len(name.encode()) <= 180
    assert not any(letter in name for letter in '/\\\0\n\r<>:"|?*')


def test_a_hostile_name_is_sent_and_shown_as_text(live: Live) -> None:
    owner = live.owner()

    for name in ("../../../evil.csv", "<script>alert(1)<%2Fscript>.csv"):
        assert drop(owner, "me", (name, b"1")) == 303
        assert "<script>alert" not in owner.get("/people/me/files").text

    assert not list(live.inbox.parent.parent.glob("evil*"))
    assert set(sent(live)) == {"evil.csv", "_script_alert(1)_%2Fscript_.csv"} or set(sent(live)) == {
        "evil.csv",
        "_script_alert(1)__script_.csv",
    }


def test_files_before_the_token_or_without_it_leave_nothing(live: Live) -> None:
    owner = live.owner()
    foreign = token(live.browser(Role.PERSON, "anna").get("/people/anna").text)

    for data in ({}, {"token": "x"}, {"token": foreign}):
        assert owner.post("/people/me/files", data=data, files={"files": ("a.csv", b"1")}).status_code == 403
    before = [("files", ("a.csv", b"1")), ("token", (None, token(owner.get("/people/me").text)))]
    assert owner.post("/people/me/files", files=before).status_code == 403

    assert sent(live) == {}
    assert not (live.inbox / "sent").exists()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/plain", b"x"),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"x"),
        ("multipart/form-data; boundary=b", b"nonsense"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data; name=x\r\n" + b"h: v\r\n" * 5000),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\ncontent-disposition: form-data; name="token"\r\n\r\n' + b"x" * 9000,
        ),
    ],
)
def test_what_is_no_form_is_refused(live: Live, content_type: str, body: bytes) -> None:
    answer = live.program(Role.OWNER).post("/people/me/files", content=body, headers={"content-type": content_type})

    assert answer.status_code in (400, 413)
    assert sent(live) == {}


def cut(name: str, size: int, *, is_whole: bool) -> Iterator[bytes]:
    yield b'--b\r\ncontent-disposition: form-data; name="files"; filename="first.csv"\r\n\r\n1\r\n'
    yield f'--b\r\ncontent-disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode()
    for _ in range(size // 1_000_000):
        yield bytes(1_000_000)
    if is_whole:
        yield b"\r\n--b--\r\n"


FORM = {"content-type": "multipart/form-data; boundary=b"}


def test_a_form_that_breaks_off_leaves_the_files_that_were_whole_and_no_other(live: Live) -> None:
    program = live.program(Role.OWNER)

    answer = program.post("/people/me/files", content=cut("b.bin", 3_000_000, is_whole=False), headers=FORM)

    assert answer.status_code == 400
    assert words.BROKE_OFF in answer.text
    assert sent(live) == {"first.csv": b"1"}


@pytest.mark.slow
def test_the_size_of_a_file_costs_no_memory(live: Live) -> None:
    program = live.program(Role.OWNER)
    program.post("/people/me/files", content=cut("warm.bin", 1_000_000, is_whole=True), headers=FORM)
    upload = files.Upload(FORM["content-type"], lambda: arriving.delivery_folder(live.settings, "me"), str, str)

    tracemalloc.start()
    for piece in cut("b.bin", 60_000_000, is_whole=True):
        upload.feed(piece)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 8_000_000
    assert upload.arrived[-1].size == 60_000_000


def test_a_zip_bomb_lies_as_it_was_sent(live: Live) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.csv", bytes(30_000_000))

    assert drop(live.owner(), "me", ("bomb.zip", packed.getvalue())) == 303

    assert sent(live) == {"bomb.zip": packed.getvalue()}


def test_a_key_sends_as_much_as_its_quota_and_the_owner_more(live: Live) -> None:
    live.app.app.state.quota.most_bytes = 10  # type: ignore[attr-defined]
    anna = live.browser(Role.PERSON, "anna")

    assert drop(anna, "anna", ("a.csv", b"123456789012")) == 413
    assert drop(live.owner(), "me", ("a.csv", b"123456789012")) == 303
    assert sent(live, "anna") == {}


def test_a_disk_without_room_is_told_before_anything_is_sent(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "ROOM_LEFT_BYTES", 1 << 60)

    answer = live.program(Role.OWNER).post("/people/me/files", files={"files": ("a.csv", b"1")})

    assert answer.status_code == 409
    assert "has no room" in answer.text
    assert sent(live) == {}


def test_a_folder_that_leads_elsewhere_or_is_another_persons_takes_nothing(live: Live, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (live.inbox / "sent").symlink_to(tmp_path / "elsewhere")
    assert arriving.folder_of(live.settings, "me") == live.inbox / "received"
    (live.inbox / "anna" / "massages.csv").unlink()
    (live.inbox / "anna" / "diary.csv").unlink()
    (live.inbox / "anna").rmdir()
    (live.inbox / "anna").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(HomeError, match="leads elsewhere"):
        arriving.folder_of(live.settings, "anna")


def test_a_person_named_sent_does_not_get_what_the_owner_sends(tmp_path: Path) -> None:
    from recovery.actions.init import init
    from recovery.home.settings import load_settings

    init(tmp_path, "Europe/Berlin", ["sent"])
    settings = load_settings(tmp_path)

    assert (
        settings.subject_of(arriving.folder_of(settings, "me").relative_to(settings.home.inbox).as_posix() + "/x")
        == "me"
    )
    assert arriving.folder_of(settings, "sent") == settings.home.inbox / "sent" / "sent"


def test_what_a_killed_server_left_half_arrived_goes(live: Live) -> None:
    folder = arriving.delivery_folder(live.settings, "anna")
    (folder / f"{arriving.ARRIVING}1").write_bytes(b"half")
    (folder / "whole.csv").write_bytes(b"whole")

    arriving.remove_unfinished(live.settings)

    assert [path.name for path in folder.iterdir()] == ["whole.csv"]


def test_receipts_say_in_plain_words_what_became_of_a_persons_files(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    published_home(folder, ("me", "anna", "ben"))
    with warehouse.connect(folder / "recovery.duckdb") as connection:
        connection.execute("delete from files")
        connection.executemany(
            "insert into files values (?, null, null, ?, ?, ?, null, null, ?)",
            [
                ("sent/1/a.csv", "me", "loaded", 1200, None),
                ("sent/1/b.csv", "me", "partial", 65, "row 67: no such day, see rejected"),
                ("sent/1/c.bin", "me", "rejected", 0, "is <b>cut</b> short"),
                ("sent/1/d.csv", None, "unrecognised", 0, "recovery map"),
                ("e.zip", "me", "loaded", 0, None),
                ("e.zip!/1.fit", "me", "loaded", 5, None),
                ("e.zip!/2.jpg", "me", "ignored", 0, "a photo"),
                ("f.zip", "me", "loaded", 0, None),
                ("f.zip!/1.fit", "me", "loaded", 5, None),
                ("anna/f.csv", "anna", "duplicate", 5, None),
                ("diary.csv", "me", "loaded", 1, None),
            ],
        )
    live = Live(folder)

    page = live.owner().get("/people/me/files").text

    for sentence in (
        "a.csv: read. 1,200 records.",
        "b.csv: read, but not all of it. 65 records. Row 67: no such day",
        "c.bin: nothing was read. Is &lt;b&gt;cut&lt;/b&gt; short",
        "d.csv: we do not know this file yet.",
        "e.zip: of the files in it 1 read, 1 not needed.",
        "f.zip: read, with 1 file in it.",
        "diary.csv: read. 1 record.",
    ):
        assert sentence in page
    assert "f.csv" not in page
    assert "f.csv: we had this already." in live.browser(Role.PERSON, "anna").get("/people/anna/files").text
    assert "rejected" not in page
