import pytest

from stemdesk.errors import UserError
from stemdesk.settings import Preferences, Window, load_preferences, save_preferences


def test_what_was_stored_comes_back(tmp_path):
    path = tmp_path / "deep" / "settings.toml"
    wished = Preferences(theme="light", threads=3, window=Window(shown=("follow",)))
    save_preferences(wished.with_recent("/a").with_recent("/b").with_recent("/a"), path)
    found = load_preferences(path)
    assert found == wished.but(recent=("/a", "/b"))
    assert load_preferences(tmp_path / "none.toml") == Preferences()


def test_the_users_own_file_lies_in_the_settings_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path))
    save_preferences(Preferences(language="de"))
    assert 'language = "de"' in (tmp_path / "config" / "settings.toml").read_text()
    assert load_preferences().language == "de"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("theme = 'pink'", "damaged.*theme"),
        ("threads = -1", "damaged.*threads"),
        ("= nonsense", "damaged"),
        ("format = 7\nnew = 1", "later StemDesk .format 7"),
        (b"\xff\xfe", "damaged"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_and_kept(tmp_path, text, said):
    path = tmp_path / "settings.toml"
    data = text if isinstance(text, bytes) else text.encode()
    path.write_bytes(data)
    with pytest.raises(UserError, match=said):
        load_preferences(path)
    with pytest.raises(UserError):
        save_preferences(Preferences(), path)
    assert path.read_bytes() == data


def test_only_so_many_recent_projects_are_kept():
    preferences = Preferences()
    for index in range(20):
        preferences = preferences.with_recent(f"/{index}")
    assert len(preferences.recent) == 12
    assert preferences.recent[0] == "/19"
