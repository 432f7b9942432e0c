"""What a model card may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from stemdesk.errors import UserError
from stemdesk.separation.card import CARD_NAME, Chunking, card_text, load_card
from stemdesk.separation.card_migrations import FORMAT, MIGRATIONS
from tests.separation.toy_networks import STEMS, make_card


def test_a_card_is_read_as_it_was_written(tmp_path):
    card = make_card(
        chunk=Chunking(128, 16, 64),
        post=["sharpen=2"],
        credits=["Zoë \N{SNOWMAN}"],
        training={"steps": 5, "hours": 1.5, "nested": {"seed": 1}},
        scores={"held out": {"vocals": 6.32}},
        song_peak=True,
        ratio_power=2.0,
        threshold=0.4,
        written_by="0.1.0",
    )
    (tmp_path / CARD_NAME).write_text(card_text(card), encoding="utf-8")
    assert load_card(tmp_path) == card
    assert load_card(tmp_path).closing_stem == "other"
    assert load_card(tmp_path).stft.bins == 513


GOOD = card_text(make_card())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('title = "A toy"\n', ""),
        ('title = "A toy"', "title = 5"),
        ('title = "A toy"', 'title = "A toy"\nwarp = 1'),
        ("steps = 24", "steps = 24\nwarp = 1"),
        ('masks = "ratio"', 'masks = "rational"'),
        ('"drums"', '"vocals"'),
        ('    "drums",\n    "bass",\n    "other",\n', ""),
        ("channels = 2", "channels = 3"),
        ("overlap_steps = 6", "overlap_steps = -1"),
        ("format = 2", "format = 0"),
        ("format = 2", "format = -1"),
        ("first_steps = 0", "first_steps = -1"),
        ("first_steps = 0", "first_steps = 25"),
        ("first_steps = 0", "first_steps = 11"),
        ("first_steps = 0", "first_steps = 13"),
        ("overlap_steps = 6", "overlap_steps = 13"),
        ("overlap_steps = 6", "overlap_steps = 11"),
        ("multiple_of = 1", "multiple_of = 0"),
        ("hop = 256", "hop = 0"),
        ("hop = 256", "hop = 513"),
        ("win_length = 1024", "win_length = 1026"),
        ('masks = "ratio"', 'masks = "ratio"\nclosing = "piano"'),
        ("ratio_power = 1.0", "ratio_power = 0.0"),
        ("threshold = 0.5", "threshold = 1.0"),
        ("id =", "id"),
        ("A toy", "\udcff"),
    ],
)
def test_an_impossible_card_is_refused_by_name(tmp_path, old, new):
    assert GOOD.count(old) == 1
    text = GOOD.replace(old, new).encode("utf-8", "surrogateescape")
    (tmp_path / CARD_NAME).write_bytes(text)
    with pytest.raises(UserError, match="cannot be read") as caught:
        load_card(tmp_path)
    assert str(tmp_path / CARD_NAME) in str(caught.value)


def test_a_missing_card_is_refused(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        load_card(tmp_path)


@pytest.mark.parametrize(("closing", "last"), [(None, "other"), ("vocals", "vocals")])
def test_the_closing_stem_is_delivered_last(tmp_path, closing, last):
    card = make_card(closing=closing)
    (tmp_path / CARD_NAME).write_text(card_text(card), encoding="utf-8")
    card = load_card(tmp_path)
    assert card.network_stems == STEMS
    assert card.stems == [*(stem for stem in STEMS if stem != last), last]
    assert card.closing_stem == last
    assert STEMS[card.mask_settings.closing] == last


@pytest.mark.parametrize(
    ("written_by", "remedy"), [('"9.4"', "StemDesk to 9.4"), ('""', "StemDesk to a newer version")]
)
def test_a_card_of_a_newer_format_is_refused_with_its_version(tmp_path, written_by, remedy):
    text = f'format = 3\nwritten_by = {written_by}\nwarp = 1\nstems = "four"\n'
    (tmp_path / CARD_NAME).write_text(text)
    with pytest.raises(UserError, match=f"has format 3, newer than 2: update {remedy}"):
        load_card(tmp_path)


def test_a_card_without_a_format_is_of_the_first(tmp_path):
    first = (Path(__file__).parent / "cards" / "format_1.toml").read_text(encoding="utf-8")
    text = first.replace("format = 1\n", "")
    assert text != first
    (tmp_path / CARD_NAME).write_text(text, encoding="utf-8")
    assert load_card(tmp_path).format == FORMAT


def test_a_card_of_format_1_is_read_as_one_of_the_newest(tmp_path):
    first = (Path(__file__).parent / "cards" / "format_1.toml").read_bytes()
    (tmp_path / CARD_NAME).write_bytes(first)
    card = load_card(tmp_path)
    assert (card.format, card.id, card.licence) == (FORMAT, "bandmask_fast", "GPL-3.0-or-later")
    assert (card.source, card.source_sha256, card.licence_note) == ("", "", "")
    (tmp_path / CARD_NAME).write_text(card_text(card), encoding="utf-8")
    assert load_card(tmp_path) == card


def test_every_format_before_the_newest_has_its_step():
    assert sorted(MIGRATIONS) == list(range(1, FORMAT))


def test_where_converted_weights_came_from_is_kept(tmp_path):
    card = make_card(source="a package", source_sha256="ab" * 32, licence_note="Free to use.")
    (tmp_path / CARD_NAME).write_text(card_text(card), encoding="utf-8")
    assert load_card(tmp_path) == card


def test_chunks_need_not_overlap(tmp_path):
    (tmp_path / CARD_NAME).write_text(GOOD.replace("overlap_steps = 6", "overlap_steps = 0"))
    assert load_card(tmp_path).chunk.overlap_steps == 0
