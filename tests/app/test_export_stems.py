import numpy as np
import pytest

from stemdesk.audio.reading import open_audio
from stemdesk.mixing.settings import EffectSettings, Point, StripSettings
from stemdesk.mixing.settings import changed as mix_changed
from stemdesk.project.document import Span, changed
from tests.app.export_songs import FRAMES, SongOnDisk, read, residual_db
from tests.app.test_export import worked_on
from tests.app.tiny import STEMS, save_song


@pytest.fixture
def song(tmp_path):
    return SongOnDisk(tmp_path, title="Blue")


def total(delivery):
    return sum(read(delivery, file.lane) for file in delivery.files)


@pytest.mark.parametrize("bits", [16, 24])
@pytest.mark.parametrize("format_name", ["wav", "flac"])
def test_raw_stems_sum_to_the_song_whatever_the_mix(tmp_path, bits, format_name):
    song = SongOnDisk(tmp_path, bits=bits, channels=1 if bits == 24 else 2)
    delivery = song.export("stems", track=worked_on(song.track), format=format_name)
    assert [file.lane for file in delivery.files] == list(STEMS)
    assert (delivery.null.verdict, delivery.null.nonzero_samples) == ("exact", 0)
    assert delivery.reasons == ()
    for name in STEMS:
        assert np.array_equal(read(delivery, name), song.samples[name])


def test_stems_of_a_selection_sum_to_that_part_of_the_song(song):
    span = Span(first_frame=12_345, end_frame=45_678)
    delivery = song.export("stems", selection=span)
    assert delivery.null.verdict == "exact"
    assert delivery.null.frames == 45_678 - 12_345
    assert np.array_equal(total(delivery), song.samples["mixture"][:, 12_345:45_678])


def test_stems_on_a_coarser_grid_are_closed_anew(tmp_path):
    song = SongOnDisk(tmp_path)
    fine = {name: song.samples[name] + 0.3 * 2.0**-20 for name in STEMS[:3]}
    fine["other"] = song.samples["mixture"] - sum(fine.values())
    for name, samples in fine.items():
        save_song(song.files[name], samples, subtype="PCM_24")
    delivery = song.export("stems", subtype="pcm16")
    assert delivery.null.verdict == "exact"
    assert delivery.subtype == "PCM_16"
    assert song.export("stems", name="fine {stem}").subtype == "PCM_24"


def test_stems_above_full_scale_become_float_and_still_null(tmp_path):
    song = SongOnDisk(tmp_path, loudness=2.2)
    assert np.abs(song.samples["other"]).max() > 1.0
    delivery = song.export("stems")
    assert delivery.subtype == "FLOAT"
    assert delivery.null.verdict == "exact"
    assert np.array_equal(read(delivery, "other"), song.samples["other"])


@pytest.mark.parametrize(
    ("format_name", "subtype"), [("wav", "pcm16"), ("flac", "match"), ("wav", "pcm24")]
)
def test_where_float_is_ruled_out_all_stems_get_one_gain(tmp_path, format_name, subtype):
    song = SongOnDisk(tmp_path, loudness=2.2)
    delivery = song.export("stems", format=format_name, subtype=subtype)
    assert delivery.gain == 0.5
    for name in STEMS:
        ratio = read(delivery, name) - delivery.gain * song.samples[name]
        assert np.abs(ratio).max() <= 2 * 2.0**-15  # half a step for every stem it closes
    assert "lowered" in " ".join(delivery.notes)
    assert delivery.null.makeup_db == pytest.approx(6.02, abs=0.01)
    # Half a 16-bit step does not fit 16 bits, but does 24.
    assert (delivery.null.verdict == "exact") == (subtype != "pcm16")
    # As they lie, their sum is the song at half its level: whoever adds them up gets no null.
    assert delivery.verdict.state == ("open" if subtype == "pcm16" else "lowered")
    assert delivery.reasons == ("Common gain applied (-6.02 dB).",)
    assert delivery.verdict.reasons.count("Common gain applied (-6.02 dB).") == 1
    assert residual_db(total(delivery), song.samples["mixture"]) > -20
    assert residual_db(total(delivery) / delivery.gain, song.samples["mixture"]) < -80


def test_stems_that_were_lowered_when_separated_come_out_at_their_own_level(tmp_path):
    song = SongOnDisk(tmp_path, bits=24)
    for name in STEMS:
        save_song(song.files[name], song.samples[name] / 2, subtype="PCM_32")
    track = changed(song.track, separated=changed(song.track.separated, gain=0.5))
    raised = song.export("stems", track=track)
    assert raised.null.verdict == "exact"
    assert np.array_equal(read(raised, "vocals"), song.samples["vocals"])
    mix = song.export("mix", track=track, subtype="pcm24")
    assert (mix.null.verdict, mix.subtype) == ("exact", "PCM_24")


def test_titles_name_the_stem(song):
    delivery = song.export("stems", stems=("bass",))
    with open_audio(delivery.files[0].path) as reader:
        assert reader.info.tags["title"] == "Blue (bass)"
    assert song.left() == ["Song - bass.wav"]
    assert delivery.reasons == ("Not exported: vocals, drums, other.",)


def test_some_stems_that_were_there_already_count_in_the_null(song):
    from stemdesk.files import OverwritePolicy

    song.export("stems", stems=("bass",))
    delivery = song.export("stems", overwrite=OverwritePolicy.SKIP)
    assert set(delivery.kept) == {"bass"}
    assert delivery.null.verdict == "exact"


def test_lossy_stems_are_measured_and_say_why_they_do_not_null(song):
    delivery = song.export("stems", format="ogg")
    assert delivery.null.verdict == "open"
    assert "OGG is lossy" in delivery.reasons[0]
    assert delivery.verdict.state == "open"


# With effects.


def test_stems_with_effects_sum_to_the_mix_before_the_master(song):
    track = worked_on(song.track)
    mix = song.export("mix", track=track, subtype="float")
    assert np.abs(read(mix)).max() < 1.0  # the limiter, which the stems do not have, was idle
    delivery = song.export("stems_with_effects", track=track, subtype="float")
    assert read(delivery, "vocals").shape == read(mix).shape
    assert residual_db(total(delivery), read(mix)) < -120
    assert any("before the master" in reason for reason in delivery.reasons)
    tail = read(delivery, "vocals")[:, FRAMES:]
    assert np.abs(tail).max() > 0.001  # the reverb rings on
    assert not read(delivery, "bass")[:, 20_500:39_500].any()  # a muted region


def test_the_master_is_not_in_them(song):
    track = worked_on(song.track)
    louder = mix_changed(
        track.mix,
        master=StripSettings(
            name="master", level_db=-20.0, effects=(EffectSettings(kind="reverb"),)
        ),
        ceiling_db=-20.0,
        automation={**track.mix.automation, "master.level_db": (Point(0.0, -60.0),)},
    )
    plain = song.export("stems_with_effects", track=track, subtype="float")
    same = song.export(
        "stems_with_effects", track=changed(track, mix=louder), subtype="float", name="b {stem}"
    )
    for name in STEMS:
        assert np.array_equal(read(plain, name), read(same, name))


def test_a_master_at_work_does_not_keep_them_from_being_the_song(song):
    automation = {"master.level_db": (Point(0.0, -60.0),)}
    mix = mix_changed(song.track.mix, ceiling_db=-20.0, automation=automation)
    delivery = song.export("stems_with_effects", track=changed(song.track, mix=mix))
    assert (delivery.null.verdict, delivery.reasons) == ("exact", ())


def test_effects_of_different_latencies_stay_aligned(song):
    strips = list(song.track.mix.strips)
    strips[0] = mix_changed(strips[0], effects=(EffectSettings(kind="pitch"),))
    strips[1] = mix_changed(strips[1], level_db=-3.0)
    track = changed(song.track, mix=mix_changed(song.track.mix, strips=tuple(strips)))
    delivery = song.export("stems_with_effects", track=track, subtype="float")
    drums = read(delivery, "drums")[:, :FRAMES]
    assert residual_db(drums, song.samples["drums"] * 10 ** (-3 / 20)) < -120
    mix = read(song.export("mix", track=track, subtype="float"))
    assert residual_db(total(delivery), mix) < -120


def test_a_selection_with_effects_is_that_part_of_the_whole(song):
    track = worked_on(song.track)
    whole = song.export("stems_with_effects", track=track, subtype="float")
    span = Span(first_frame=33_333, end_frame=66_666)
    part = song.export(
        "stems_with_effects", track=track, subtype="float", selection=span, name="part {stem}"
    )
    for name in STEMS:
        assert np.array_equal(read(part, name), read(whole, name)[:, 33_333:66_666])


def test_without_any_effect_they_are_the_stems_and_null(song):
    delivery = song.export("stems_with_effects")
    assert (delivery.subtype, delivery.null.verdict) == ("PCM_24", "exact")
    for name in STEMS:
        assert np.array_equal(read(delivery, name), song.samples[name])


def test_a_strip_pushed_above_full_scale_is_written_as_float(song):
    strips = tuple(mix_changed(strip, level_db=12.0) for strip in song.track.mix.strips)
    track = changed(song.track, mix=mix_changed(song.track.mix, strips=strips))
    delivery = song.export("stems_with_effects", track=track)
    assert delivery.subtype == "FLOAT"
    loud = song.samples["other"] * 10 ** (12 / 20)
    assert np.abs(loud).max() > 1.0
    assert residual_db(read(delivery, "other"), loud) < -120
    flac = song.export("stems_with_effects", track=track, format="flac")
    assert flac.gain == 0.25
    assert residual_db(read(flac, "other"), loud * flac.gain) < -120


def test_muted_strips_are_silent_and_said_to_be(song):
    strips = list(song.track.mix.strips)
    strips[3] = mix_changed(strips[3], mute=True)
    track = changed(song.track, mix=mix_changed(song.track.mix, strips=tuple(strips)))
    delivery = song.export("stems_with_effects", track=track)
    assert not read(delivery, "other").any()
    assert "The other is silent." in delivery.notes


def test_mono_stems_on_a_stereo_bus_have_both_sides(tmp_path):
    song = SongOnDisk(tmp_path, channels=1)
    strips = list(song.track.mix.strips)
    strips[0] = mix_changed(strips[0], pan=0.7)
    track = changed(song.track, mix=mix_changed(song.track.mix, strips=tuple(strips)))
    delivery = song.export("stems_with_effects", track=track, subtype="float")
    mix = read(song.export("mix", track=track, subtype="float"))
    assert mix.shape == read(delivery, "drums").shape == (2, FRAMES)
    assert residual_db(total(delivery), mix) < -120
