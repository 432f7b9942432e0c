"""Whatever a text holds, reading it gives a value or one sentence."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from stemdesk.daw.dawproject_reading import DawProject
from stemdesk.errors import UserError
from stemdesk.mixing.recipe import load_recipe
from stemdesk.parsing.bounds import Excessive, Unreadable, file_bytes
from stemdesk.parsing.json_text import outline, read_json, read_json_as
from stemdesk.parsing.toml_text import read_toml
from stemdesk.parsing.xml_document import read_xml
from stemdesk.parsing.yaml_text import read_yaml
from stemdesk.parsing.zip_archive import extract_entry, is_inside, opened_zip
from stemdesk.project.encoding import decoded
from stemdesk.separation.card import load_card
from stemdesk.settings import load_preferences

DEEP = "[" * 1000 + "]" * 1000
DIGITS = "9" * 5000
EXCESSIVE_JSON = [DEEP, '{"a":' * 900 + "1" + "}" * 900, DIGITS, "1" * 400, "1e999", '"\\ud800"']
EXCESSIVE_TOML = [
    f"a = {DEEP}",
    "a = " + "{a = " * 900 + "1" + "}" * 900,
    f"a = {DIGITS}",
    f"a = 0x{DIGITS}",
    "a." * 400_000 + "a = 1",
    "[" + '"a".' * 400 + "a]",
    "#" * (2 << 20),
]


@pytest.mark.parametrize("text", EXCESSIVE_JSON)
def test_json_beyond_its_bounds_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(Excessive, match=r"nested|number|character"):
        read_json(text)


@pytest.mark.parametrize("text", ["", "{", "[1,]", "NaN", "\x00", b"\xff\xfe", b'"\xed\xa0\x80"'])
def test_what_is_no_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(Unreadable):
        read_json(text)


def test_names_that_are_no_utf8_pass_only_where_they_are_expected() -> None:
    assert read_json('"a\\udcff"', names=True) == "a\udcff"
    with pytest.raises(Excessive):
        read_json('"a\\udcff"')
    with pytest.raises(Excessive):
        read_json('"a\\ud800"', names=True)


def test_numbers_without_end_pass_only_between_own_processes() -> None:
    assert read_json("-Infinity", infinite=True) == float("-inf")
    with pytest.raises(Unreadable):
        read_json("-Infinity")


def test_a_mark_in_front_of_the_text_is_no_mistake() -> None:
    assert read_json(b"\xef\xbb\xbf[1]") == [1]
    assert read_toml(b"\xef\xbb\xbfa = 1") == {"a": 1}


def test_a_value_of_another_type_is_named() -> None:
    with pytest.raises(Unreadable, match="at `"):
        read_json_as('{"a": "x"}', dict[str, int])
    assert read_json_as('{"1": 2}', dict[int, int]) == {1: 2}


@pytest.mark.parametrize("text", EXCESSIVE_TOML)
def test_toml_beyond_its_bounds_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(Excessive):
        read_toml(text)


def test_toml_holds_silence() -> None:
    assert read_toml("gain_db = -inf") == {"gain_db": float("-inf")}


@pytest.mark.parametrize(
    "text",
    [
        DEEP,
        "&a [*a]",
        "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 40)),
        "- x\n" * 100_000,
        "{[a]: b}",
        "a: [",
        "\x00",
    ],
)
def test_yaml_that_grows_or_is_none_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read_yaml(text)


def test_yaml_takes_every_value_for_text() -> None:
    assert read_yaml("title: No\nartist: 311") == {"title": "No", "artist": "311"}


@pytest.mark.parametrize(
    "text",
    [
        b'<!DOCTYPE l [<!ENTITY a "aaaa">]><l>&a;</l>',
        b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><l>&a;</l>',
        b"<a>" * 100_000,
        b"<a>" + b"<b/>" * 500_000,
        b"<a" + b"".join(b' a%d="1"' % number for number in range(200_000)) + b"/>",
        b'<?xml version="1.0" encoding="nonsense"?><a/>',
        b"<a>",
        b"",
        b"\x00" * 100,
    ],
)
def test_xml_that_grows_or_is_none_is_refused(text: bytes) -> None:
    with pytest.raises(Unreadable):
        read_xml(io.BytesIO(text))


def test_xml_is_read_as_it_stands() -> None:
    root = read_xml(io.BytesIO('<a x="ü">t<b y="1"/>u</a>'.encode()))
    assert (root.tag, root.get("x"), root.text, root[0].attrib, root[0].tail) == (
        "a", "ü", "t", {"y": "1"}, "u",
    )  # fmt: skip


def test_a_file_larger_than_any_real_one_is_not_read_whole() -> None:
    with pytest.raises(Excessive):
        file_bytes(Path("/dev/zero"), 1000)
    with pytest.raises(Unreadable):
        file_bytes(Path("a\0b"))


def test_the_outline_tells_what_stands_at_the_top() -> None:
    text = f'{{"id": 7, "params": {{"a": {DEEP}, "id": 8}}, "n": {DIGITS}, "s": "[{{\\""}}'
    assert outline(text) == {"id": 7, "params": None, "n": None, "s": '[{"'}
    assert outline(DEEP) == {}
    assert outline("}{") == {}


@pytest.mark.parametrize("text", EXCESSIVE_TOML)
def test_every_toml_file_of_the_user_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "card.toml"
    path.write_text(text)
    for read in (load_preferences, load_recipe, lambda path: load_card(path.parent)):
        with pytest.raises(UserError) as refused:
            read(path)
        assert str(refused.value).count("\n") == 0


@pytest.mark.parametrize("text", [text for text in EXCESSIVE_JSON if text != "1e999"])
def test_a_project_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(UserError, match="is damaged"):
        decoded(f'{{"format": 1, "tracks": [{text}]}}'.encode(), "Song.stemdesk")


# Zip files and DAWprojects


def _project(path: Path, xml: str | bytes, **entries: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.xml", xml)
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def _arrangement(inner: str) -> str:
    return (
        '<Project version="1.0"><Structure><Track id="t" name="T"/></Structure><Arrangement>'
        f'<Lanes timeUnit="seconds"><Lanes track="t"><Clips>{inner}</Clips></Lanes></Lanes>'
        "</Arrangement></Project>"
    )


def _clip(audio: str) -> str:
    return _arrangement(f'<Clip time="0" duration="1"><Audio><File path="{audio}"/></Audio></Clip>')


def test_damaged_compression_is_refused(tmp_path: Path) -> None:
    path = _project(tmp_path / "a.dawproject", _clip("a.wav") + " " * 5000, **{"a.wav": b"x" * 999})
    whole = path.read_bytes()
    project = DawProject(path)
    for start in range(45, 200, 7):
        path.write_bytes(whole[:start] + b"\xff" * 8 + whole[start + 8 :])
        try:
            DawProject(path)
        except UserError:
            continue
    at = whole.index(b"a.wav") + 5
    path.write_bytes(whole[:at] + b"\xff" * 4 + whole[at + 4 :])
    with pytest.raises(UserError, match="cannot be read"):
        project.extract(project.clips[0].pieces[0], tmp_path)


@pytest.mark.parametrize("name", ["../up.wav", "/root.wav", "a/../../up.wav", "C:/x.wav", "..\\x"])
def test_names_that_lead_out_of_the_archive_are_refused(tmp_path: Path, name: str) -> None:
    assert not is_inside(name)
    path = _project(tmp_path / "a.dawproject", _clip(name), **{name: b"x"})
    project = DawProject(path)
    inner = tmp_path / "in"
    inner.mkdir()
    with pytest.raises(UserError, match="leads out"):
        project.extract(project.clips[0].pieces[0], inner)
    assert list(inner.iterdir()) == []


def test_a_long_name_is_unpacked_under_a_shorter_one(tmp_path: Path) -> None:
    name = "audio/" + "n" * 4000 + ".wav"
    project = DawProject(_project(tmp_path / "a.dawproject", _clip(name), **{name: b"sound"}))
    assert project.extract(project.clips[0].pieces[0], tmp_path).read_bytes() == b"sound"


def test_a_long_name_outside_is_missing(tmp_path: Path) -> None:
    xml = _clip("n" * 4000).replace("<File ", '<File external="true" ')
    project = DawProject(_project(tmp_path / "a.dawproject", xml))
    with pytest.raises(UserError, match="is missing"):
        project.extract(project.clips[0].pieces[0], tmp_path)


def test_clips_that_refer_to_each_other_without_end_are_refused(tmp_path: Path) -> None:
    audio = '<Audio><File path="a.wav"/></Audio>'
    shared = f'<Clips id="c0"><Clip time="0" duration="9">{audio}</Clip></Clips>'
    for number in range(1, 30):
        two = f'<Clip time="0" duration="9" reference="c{number - 1}"/>' * 2
        shared += f'<Clips id="c{number}">{two}</Clips>'
    ring = '<Clips id="r"><Clip time="0" duration="9" reference="r"/></Clips>'
    for name, inner in {
        "grow": f'{shared}<Clip time="0" duration="9" reference="c29"/>',
        "ring": f'{ring}<Clip time="0" duration="9" reference="r"/>',
    }.items():
        path = _project(tmp_path / f"{name}.dawproject", _arrangement(inner))
        with pytest.raises(UserError, match="without end"):
            DawProject(path)


@pytest.mark.parametrize(
    "xml",
    [
        b"<Project>" + b" " * (70 << 20),
        b"<Project>" * 5000,
        b'<!DOCTYPE a [<!ENTITY a "a">]><a/>',
    ],
)
def test_a_document_that_is_too_much_is_refused(tmp_path: Path, xml: bytes) -> None:
    with pytest.raises(UserError, match="is damaged"):
        DawProject(_project(tmp_path / "a.dawproject", xml))


def test_an_archive_that_would_fill_the_disk_is_refused(tmp_path: Path) -> None:
    path = _project(tmp_path / "a.dawproject", _clip("a.wav"), **{"a.wav": bytes(1000)})
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")  # what the list says of the last entry's length
    data[at + 24 : at + 28] = struct.pack("<I", 3_000_000_000)
    path.write_bytes(data)
    with pytest.raises(UserError, match=r"unpack to 3\.0 GB"):
        DawProject(path)


def test_an_archive_with_endless_entries_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, *[0] * 13, 0)[:46]
    listed = entry * 200_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFF0, 0xFFF0, len(listed), 0, 0)
    path.write_bytes(listed + end)
    with pytest.raises(Excessive, match="too many entries"), opened_zip(path):
        pass


def test_silence_may_be_packed_as_far_as_it_goes(tmp_path: Path) -> None:
    path = _project(tmp_path / "a.dawproject", _clip("a.wav"), **{"a.wav": bytes(50 << 20)})
    with opened_zip(path) as archive:
        extract_entry(archive, "a.wav", tmp_path / "b.wav")
    assert (tmp_path / "b.wav").stat().st_size == 50 << 20
