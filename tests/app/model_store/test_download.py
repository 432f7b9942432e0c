"""A file over a network that breaks: resumed, checked, and refused in one sentence."""

from __future__ import annotations

import hashlib
import os

import pytest

from stemdesk.app.model_store import connection
from stemdesk.app.model_store.download import Wanted, download
from stemdesk.app.model_store.package_index import DEFAULT_INDEX, file_address, index_address
from stemdesk.errors import Cancelled, UserError
from tests.app.model_store.file_server import serving

DATA = os.urandom(700_000)
NAME = "thing-1.0-py3-none-any.whl"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)


@pytest.fixture
def server(monkeypatch):
    with serving(NAME, DATA) as (files, address):
        monkeypatch.setenv("PIP_INDEX_URL", f"{address}/simple")
        yield files


@pytest.fixture
def target(tmp_path):
    return tmp_path / "downloads" / NAME


def fetch(target, report=lambda *_: None):
    address = file_address("thing", NAME, "do it by hand")
    sha256 = hashlib.sha256(DATA).hexdigest()
    download(Wanted(address, len(DATA), sha256, "do it by hand"), target, report)


def refused(target, text):
    with pytest.raises(UserError, match=text) as caught:
        fetch(target)
    assert str(caught.value).endswith(": do it by hand.")
    assert not target.exists()


@pytest.mark.parametrize("as_html", [True, False])
def test_a_file_comes_whole(server, target, as_html):
    server.as_html = as_html
    told = []
    fetch(target, lambda done, word: told.append((done, word)))
    assert target.read_bytes() == DATA
    assert list(target.parent.iterdir()) == [target]
    assert told == sorted(told)
    assert told[-1] == (1.0, "downloading")


def test_a_download_that_was_cut_goes_on_where_it_was(server, target):
    server.failure = "cut"
    refused(target, r"broke off after 0\.3 of 0\.7 MB")
    server.failure = ""
    fetch(target)
    assert target.read_bytes() == DATA
    assert server.ranges == ["", f"bytes={len(DATA) // 2}-"]


def test_a_cancelled_download_goes_on_where_it_was(server, target):
    def stop(done, word):
        if done > 0.4:
            raise Cancelled

    with pytest.raises(Cancelled):
        fetch(target, stop)
    assert not target.exists()
    fetch(target)
    assert target.read_bytes() == DATA
    assert int(server.ranges[1].removeprefix("bytes=")[:-1]) > 0.3 * len(DATA)


def test_a_server_that_knows_no_ranges_sends_all_again(server, target):
    server.failure = "cut"
    refused(target, "broke off")
    server.failure = "whole"
    fetch(target)
    assert target.read_bytes() == DATA


def test_what_lay_there_and_is_wrong_is_fetched_anew_the_next_time(server, target):
    target.parent.mkdir()
    target.with_name(f"{NAME}.part").write_bytes(b"x" * 1000)
    refused(target, "not the expected file")
    fetch(target)
    assert target.read_bytes() == DATA


@pytest.mark.parametrize(
    ("failure", "text"),
    [
        ("404", "does not have the file"),
        ("410", "does not have the file"),
        ("403", "does not give the file away"),
        ("407", "proxy asks for a name"),
        ("503", "at the moment"),
        ("other", "not the expected file"),
        ("insecure", "not a secure one"),
        ("no link", "does not have the file"),
    ],
)
def test_each_failure_is_one_sentence(server, target, failure, text):
    server.failure = failure
    refused(target, text)


def test_a_server_that_says_nothing_is_given_up(server, target, monkeypatch):
    monkeypatch.setattr(connection, "SILENCE_SECONDS", 0.2)
    server.failure = "silent"
    refused(target, "does not answer within")


def test_nobody_there(target, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    refused(target, "connection to 127.0.0.1 failed")


def test_a_proxy_that_refuses(target, monkeypatch):
    with serving(NAME, DATA) as (_, address):
        monkeypatch.setenv("https_proxy", address)
        monkeypatch.setenv("PIP_INDEX_URL", "https://index.example.invalid/simple")
        refused(target, "proxy refuses the way to index.example.invalid")


@pytest.mark.parametrize("index", ["http://index.example.invalid", "file:///etc", "ftp://x", "?"])
def test_an_insecure_index_is_refused(target, monkeypatch, index):
    monkeypatch.setenv("PIP_INDEX_URL", index)
    refused(target, "not a secure one")


def test_the_index_is_that_of_pip(monkeypatch, tmp_path):
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    assert index_address() == DEFAULT_INDEX
    settings = tmp_path / "pip.conf"
    settings.write_text("[global]\nindex-url = https://mirror.example.invalid/simple\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    assert index_address() == "https://mirror.example.invalid/simple"
    monkeypatch.setenv("PIP_INDEX_URL", "https://other.example.invalid/simple")
    assert index_address() == "https://other.example.invalid/simple"
