"""What is left of the song when an export is taken from it, held against plain arithmetic."""

import numpy as np
import pytest

from stemdesk.app.bench.verdict import judged
from stemdesk.audio.null import measure_null
from stemdesk.files import OverwritePolicy
from stemdesk.mixing.settings import EffectSettings, Point
from stemdesk.mixing.settings import changed as mix_changed
from stemdesk.project.document import Region, Span, changed
from tests.app.export_songs import FRAMES, SongOnDisk, read
from tests.app.test_export import worked_on
from tests.app.tiny import RATE, STEMS, save_song


@pytest.fixture
def song(tmp_path):
    return SongOnDisk(tmp_path)


def rms_db(residual):
    return 20 * np.log10(np.sqrt(np.mean(np.square(residual))))


def check(report, residual):
    """A report's figures are those of a residual computed by hand."""
    channels, frames = residual.shape
    assert (report.channels, report.frames) == (channels, frames)
    assert report.nonzero_samples == np.count_nonzero(residual)
    assert report.peak_dbfs == pytest.approx(20 * np.log10(np.abs(residual).max()), abs=1e-6)
    seconds = [residual[:, first : first + RATE] for first in range(0, frames, RATE)]
    assert report.by_second == pytest.approx([rms_db(each) for each in seconds], abs=1e-6)
    assert report.worst_second == max(
        range(len(seconds)), key=lambda second: np.sum(np.square(seconds[second]))
    )
    powers = [10 ** (level_db / 10) for *_, level_db in report.by_band]
    assert 10 * np.log10(sum(powers)) == pytest.approx(rms_db(residual), abs=0.01)


def test_a_mix_with_effects_tells_what_it_adds_to_the_song_and_why(song):
    delivery = song.export("mix", track=worked_on(song.track), subtype="float")
    check(delivery.null, song.samples["mixture"] - read(delivery)[:, :FRAMES])
    verdict = delivery.verdict
    assert (verdict.state, verdict.report, verdict.without) == ("unmeant", delivery.null, ())
    assert "Effects are active." in verdict.reasons
    tail_seconds = (read(delivery).shape[1] - FRAMES) / RATE
    told = f"Effects sound on for {tail_seconds:.2f} s after the song; this part is not compared."
    assert told in verdict.reasons


def test_the_residual_lies_in_the_octave_of_what_was_changed(tmp_path):
    song = SongOnDisk(tmp_path, separated=False)
    tone = 0.5 * np.sin(2 * np.pi * 1000.0 * np.arange(FRAMES) / RATE)
    save_song(song.files["mixture"], np.stack([tone, tone]), subtype="FLOAT")
    master = mix_changed(song.track.mix.master, level_db=-6.0)
    track = changed(song.track, mix=mix_changed(song.track.mix, master=master))
    report = song.export("mix", track=track).null
    left_db = rms_db(tone * (1 - 10 ** (-6 / 20)))
    levels = {band[:2]: band[2] for band in report.by_band}
    (loudest,) = [band for band, level_db in levels.items() if level_db > left_db - 10]
    assert loudest[0] < 1000 < loudest[1]
    assert levels[loudest] == pytest.approx(left_db, abs=0.1)
    assert report.by_second[:2] == pytest.approx([left_db] * 2, abs=0.01)


def test_stems_with_effects_are_summed_and_held_against_the_song(song):
    track = worked_on(song.track)
    delivery = song.export("stems_with_effects", track=track, subtype="float")
    summed = sum(read(delivery, name).astype(float) for name in STEMS)[:, :FRAMES]
    check(delivery.null, song.samples["mixture"] - summed)
    assert delivery.verdict.state == "unmeant"
    assert any("before the master" in reason for reason in delivery.verdict.reasons)


def test_an_instrumental_as_heard_is_held_against_the_song_without_that_stem(song):
    track = worked_on(song.track)
    delivery = song.export("minus_one", track=track, stem="vocals", subtype="float")
    wanted = song.samples["mixture"] - song.samples["vocals"]
    check(delivery.null, wanted - read(delivery)[:, :FRAMES])
    assert (delivery.verdict.state, delivery.verdict.without) == ("unmeant", ("vocals",))
    muted, *why = delivery.reasons
    assert "with the vocals muted" in muted
    assert {"A polarity is turned.", "Effects are active."} < set(why)


def test_what_was_done_to_the_stem_that_is_muted_is_no_reason(song):
    strips = list(song.track.mix.strips)
    effect = EffectSettings(kind="reverb")
    strips[0] = mix_changed(strips[0], level_db=-9.0, effects=(effect,))
    automation = {f"{strips[0].name}.pan": (Point(0.0, 0.5),)}
    mix = mix_changed(song.track.mix, strips=tuple(strips), automation=automation)
    region = Region(stem=strips[0].name, first_frame=0, end_frame=9000, mute=True)
    track = changed(song.track, mix=mix, regions=(region,))
    delivery = song.export("minus_one", track=track, stem=strips[0].name, subtype="float")
    assert delivery.reasons[0].endswith("muted.")
    assert not {"Effects are active.", "Faders or pans are moved."} & set(delivery.reasons)
    assert not any("automated" in each or "Regions" in each for each in delivery.reasons)
    assert delivery.null.nonzero_samples == 0
    other = song.export("minus_one", track=track, stem=strips[1].name, subtype="float", name="b")
    assert "Effects are active." in other.reasons


def test_what_was_left_out_is_no_residual_but_never_a_green_seal(song):
    delivery = song.export("stems", stems=("bass", "drums"))
    assert delivery.null.nonzero_samples == 0
    assert (delivery.verdict.state, delivery.verdict.without) == ("unmeant", ("vocals", "other"))
    other = song.export("minus_one", stem="drums", name="heard {stem}")
    assert other.null.nonzero_samples == 0
    assert (other.verdict.state, other.verdict.without) == ("unmeant", ("drums",))


def test_an_effect_that_changes_no_sample_leaves_the_seal_green(song):
    idle = EffectSettings(kind="compressor", values={"threshold_db": 0.0, "ratio": 1.0})
    strips = (mix_changed(song.track.mix.strips[0], effects=(idle,)), *song.track.mix.strips[1:])
    track = changed(song.track, mix=mix_changed(song.track.mix, strips=strips))
    delivery = song.export("mix", track=track)
    assert (read(delivery) == song.samples["mixture"]).all()
    assert (delivery.verdict.state, delivery.reasons) == ("exact", ())


def test_a_tail_alone_keeps_the_seal_from_being_green(song):
    late = EffectSettings(kind="delay", values={"time_ms": 1900.0})
    master = mix_changed(song.track.mix.master, effects=(late,))
    track = changed(song.track, mix=mix_changed(song.track.mix, master=master))
    early = np.zeros_like(song.samples["mixture"])
    early[:, -1000:] = 0.25
    for name in ("mixture", "other"):
        save_song(song.files[name], early)
    for name in STEMS[:3]:
        save_song(song.files[name], np.zeros_like(early))
    delivery = song.export("mix", track=track, subtype="float")
    assert delivery.null.nonzero_samples == 0
    assert np.abs(read(delivery)[:, FRAMES:]).max() > 0.01
    assert delivery.verdict.state == "unmeant"
    assert any("after the song" in reason for reason in delivery.reasons)


def test_a_mono_song_is_held_against_both_sides_of_a_panned_mix(tmp_path):
    song = SongOnDisk(tmp_path, channels=1)
    strips = list(song.track.mix.strips)
    strips[0] = mix_changed(strips[0], pan=0.7)
    track = changed(song.track, mix=mix_changed(song.track.mix, strips=tuple(strips)))
    for what, without in (("mix", ()), ("minus_one", ("drums",))):
        delivery = song.export(what, track=track, stem="drums", subtype="float", name="{stem}")
        wanted = song.samples["mixture"] - sum(song.samples[name] for name in without)
        check(delivery.null, np.repeat(wanted, 2, axis=0) - read(delivery))
        assert "The song is mono: it was compared with both sides." in delivery.reasons


def test_seconds_of_a_selection_are_counted_from_where_it_begins(song):
    region = Region(stem="drums", first_frame=60_000, end_frame=61_000, mute=True)
    track = changed(song.track, regions=(region,))
    span = Span(first_frame=RATE // 2, end_frame=RATE // 2 + 60_000)
    delivery = song.export("mix", track=track, selection=span, subtype="float")
    wanted = song.samples["mixture"][:, span.first_frame : span.end_frame]
    residual = wanted - read(delivery)
    assert delivery.null.nonzero_samples == np.count_nonzero(residual) > 0
    assert (delivery.verdict.start_seconds, delivery.null.worst_second) == (0.5, 0)


def test_a_stem_that_lies_lowered_in_the_project_is_raised_before_it_is_added(tmp_path):
    song = SongOnDisk(tmp_path, bits=24)
    for name in STEMS:
        save_song(song.files[name], song.samples[name] / 2, subtype="PCM_32")
    track = changed(song.track, separated=changed(song.track.separated, gain=0.5))
    delivery = song.export("minus_one", track=track, stem="bass", is_exact=True)
    assert (read(delivery) == song.samples["mixture"] - song.samples["bass"]).all()
    assert (delivery.verdict.state, delivery.reasons) == ("exact", ())


def test_a_lowered_instrumental_is_not_exact_but_says_by_how_much_it_is(tmp_path):
    song = SongOnDisk(tmp_path, loudness=6.0)
    assert np.abs(song.samples["mixture"] - song.samples["bass"]).max() > 1.0
    delivery = song.export("minus_one", stem="bass", is_exact=True, format="flac")
    assert delivery.gain == 0.5
    assert (delivery.verdict.state, delivery.null.nonzero_samples) == ("lowered", 0)
    assert delivery.verdict.reasons == ("Common gain applied (-6.02 dB).",)


def test_files_that_cannot_be_compared_are_told_and_not_measured(song):
    song.out.mkdir()
    save_song(song.out / "Song - bass.wav", song.samples["bass"], rate=48_000)
    delivery = song.export("stems", overwrite=OverwritePolicy.SKIP)
    assert (delivery.null, delivery.verdict.state) == (None, "unmeant")
    assert "48000 Hz" in delivery.reasons[-1]
    assert delivery.reasons[-1].startswith("The null was not checked.")


def test_a_kept_file_that_is_longer_than_the_song_is_no_null(song):
    song.out.mkdir()
    longer = np.pad(song.samples["bass"], ((0, 0), (0, 500)))
    save_song(song.out / "Song - bass.wav", longer)
    delivery = song.export("stems", overwrite=OverwritePolicy.SKIP)
    assert delivery.verdict.state == "open"
    assert "500 samples longer" in delivery.verdict.reasons[0]


def test_stems_of_the_project_that_lie_lowered_are_not_exact_either(song):
    stems = [song.files[name] for name in STEMS]
    plain = measure_null(song.files["mixture"], stems)
    assert judged("", plain, ("Effects are active.",)).state == "exact"
    lowered = type(plain)(**{**_fields(plain), "makeup_db": 6.0206})
    verdict = judged("", lowered, ("Effects are active.",))
    assert verdict.state == "lowered"
    assert verdict.reasons == ("Common gain applied (-6.02 dB).", "Effects are active.")


def _fields(report):
    return {name: getattr(report, name) for name in report.__struct_fields__}
