import pytest

from stemdesk.app.bench.offers import copy_for_offer, offer_at_once
from stemdesk.errors import UserError
from stemdesk.project.copying import silent


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "media" / "0123456789ab.WAV"
    path.parent.mkdir()
    path.write_bytes(b"sound" * 1000)
    return path


def test_a_file_gets_a_readable_name_at_once_and_keeps_it(path, tmp_path):
    given = offer_at_once(path, "A/B: Song - vocals", tmp_path / "dragged")
    assert given == tmp_path / "dragged" / "A_B_ Song - vocals.wav"
    assert given.samefile(path)
    assert offer_at_once(path, "A/B: Song - vocals", tmp_path / "dragged") == given
    path.unlink()  # the project needs it no more
    assert given.read_bytes() == b"sound" * 1000


def test_a_name_that_is_good_already_is_given_as_it_is(path, tmp_path):
    song = path.with_name("Song.wav")
    path.rename(song)
    assert offer_at_once(song, "Song", tmp_path / "dragged") == song
    assert not (tmp_path / "dragged").exists()


@pytest.mark.parametrize("copied", [False, True])
def test_another_file_of_that_name_stays(path, tmp_path, copied):
    def offered(file):
        if copied:
            folder.mkdir(exist_ok=True)
            return copy_for_offer(file, "Song", folder, silent)
        return offer_at_once(file, "Song", folder)

    folder = tmp_path / "dragged"
    other = path.with_name("ba9876543210.wav")
    other.write_bytes(b"another")
    first, second = offered(path), offered(other)
    assert (first.name, second.name) == ("Song.wav", "Song (2).wav")
    assert (first.read_bytes(), second.read_bytes()) == (b"sound" * 1000, b"another")
    assert (offered(path), offered(other)) == (first, second)


def test_a_copy_that_was_edited_in_its_place_is_not_given_again(path, tmp_path):
    folder = tmp_path / "dragged"
    folder.mkdir()
    first = copy_for_offer(path, "Song", folder, silent)
    first.write_bytes(b"edited")
    assert copy_for_offer(path, "Song", folder, silent).name == "Song (2).wav"
    assert first.read_bytes() == b"edited"
    assert path.read_bytes() == b"sound" * 1000


def test_a_missing_file_is_named(path, tmp_path):
    path.unlink()
    with pytest.raises(UserError, match="0123456789ab"):
        offer_at_once(path, "Song", tmp_path)
