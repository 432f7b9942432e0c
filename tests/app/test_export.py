import math

import mutagen
import numpy as np
import pytest

from stemdesk.app.exporting import file as export_file
from stemdesk.app.exporting.null import forecast_null
from stemdesk.app.exporting.request import (
    ExportRequest,
    awaited_stems,
    needs_awaited_stems,
    with_awaited_stems,
)
from stemdesk.app.exporting.source import look_at
from stemdesk.audio.loudness import loudness_of_file
from stemdesk.audio.reading import open_audio
from stemdesk.errors import Cancelled, UserError
from stemdesk.files import OverwritePolicy
from stemdesk.mixing.regions import RegionStem, Stretch
from stemdesk.mixing.renderer import Renderer
from stemdesk.mixing.settings import EffectSettings, Point
from stemdesk.mixing.settings import changed as mix_changed
from stemdesk.mixing.sources import FileStem
from stemdesk.project.document import Region, Span, Tempo, changed
from stemdesk.project.edits.mix import set_value
from tests.app.export_songs import FRAMES, SongOnDisk, read, residual_db
from tests.app.tiny import RATE, save_song


@pytest.fixture
def song(tmp_path):
    return SongOnDisk(tmp_path, title="Blue", artist="Me", genre="Rock")


def worked_on(track, **fields):
    """A track with faders, pans, effects, automation and regions at work."""
    mix = track.mix
    strips = list(mix.strips)
    strips[0] = mix_changed(
        strips[0],
        level_db=-4.0,
        pan=-0.4,
        effects=(EffectSettings(kind="reverb", values={"amount": 0.5}),),
    )
    strips[1] = mix_changed(strips[1], effects=(EffectSettings(kind="compressor"),))
    strips[2] = mix_changed(strips[2], invert=True)
    automation = {"drums.level_db": (Point(0.2, 0.0), Point(1.5, -20.0))}
    mix = mix_changed(mix, strips=tuple(strips), automation=automation, **fields)
    regions = (
        Region(stem="bass", first_frame=20_000, end_frame=40_000, mute=True),
        Region(stem="other", first_frame=5000, end_frame=30_000, gain_db=-9.0),
    )
    return changed(track, mix=mix, regions=regions)


def played(song, track):
    """What the app plays of a song: its renderer, all of it."""
    sources = {}
    for strip in track.mix.strips:
        stretches = [
            Stretch(each.first_frame, each.end_frame, -math.inf if each.mute else each.gain_db)
            for each in track.regions
            if each.stem == strip.name
        ]
        sources[strip.name] = RegionStem(FileStem(song.files[strip.name]), stretches)
    renderer = Renderer(sources, track.mix, 2)
    blocks = []
    while (block := renderer.read(9999)).shape[1]:
        blocks.append(block)
    renderer.close()
    for source in sources.values():
        source.source.close()
    return np.concatenate(blocks, axis=1)


def test_a_mix_nothing_was_done_to_is_the_song_and_proved_to_be(song):
    delivery = song.export("mix")
    assert song.left() == ["Song - mix.wav"]
    assert (read(delivery) == song.samples["mixture"]).all()
    assert (delivery.null.verdict, delivery.reasons, delivery.subtype) == ("exact", (), "PCM_16")
    assert delivery.verdict.state == "exact"


def test_a_mix_is_bit_for_bit_what_the_app_plays(song):
    track = worked_on(song.track)
    delivery = song.export("mix", track=track, subtype="float")
    heard = played(song, track)
    assert heard.shape[1] > FRAMES + RATE // 2  # the reverb sounds on
    assert np.array_equal(read(delivery), heard)
    assert any("Effects" in reason for reason in delivery.reasons)
    assert delivery.verdict.state == "unmeant"


def test_a_selection_is_that_part_of_the_whole(song):
    track = worked_on(song.track)
    whole = read(song.export("mix", track=track, subtype="float"))
    span = Span(first_frame=31_234, end_frame=60_001)
    delivery = song.export("mix", track=track, subtype="float", selection=span, name="part")
    assert np.array_equal(read(delivery), whole[:, 31_234:60_001])


def test_a_selection_has_all_that_a_slow_effect_has_heard_before(song):
    slow = {"threshold_db": -30.0, "ratio": 20.0, "release_ms": 1000.0}
    effects = (EffectSettings(kind="compressor", values=slow),)
    master = mix_changed(song.track.mix.master, effects=effects)
    ride = {f"{name}.level_db": (Point(0.5, 0.0), Point(0.55, -40.0)) for name in song.files}
    del ride["mixture.level_db"]
    mix = mix_changed(song.track.mix, master=master, automation=ride)
    track = changed(song.track, mix=mix)
    whole = read(song.export("mix", track=track, subtype="float"))
    first = round(1.3 * RATE)
    span = Span(first_frame=first, end_frame=FRAMES)
    part = read(song.export("mix", track=track, subtype="float", selection=span, name="part"))
    assert np.array_equal(part, whole[:, first:FRAMES])


def test_a_selection_without_effects_starts_near_and_is_limited_as_in_the_whole(tmp_path):
    song = SongOnDisk(tmp_path)
    strips = tuple(mix_changed(strip, level_db=10.0) for strip in song.track.mix.strips)
    track = changed(song.track, mix=mix_changed(song.track.mix, strips=strips))
    whole = read(song.export("mix", track=track, subtype="float"))
    assert np.abs(whole).max() == 1.0
    span = Span(first_frame=2 * RATE - 5000, end_frame=FRAMES)
    part = read(song.export("mix", track=track, subtype="float", selection=span, name="part"))
    assert np.array_equal(part, whole[:, 2 * RATE - 5000 :])
    rounded = song.export("mix", track=track, subtype="pcm16", name="rounded")
    assert (read(rounded).max(), rounded.gain) == (1.0 - 2.0**-15, 1.0)
    nulled = song.export("mix", selection=span, name="plain")
    assert (nulled.null.verdict, nulled.null.frames) == ("exact", FRAMES - span.first_frame)


@pytest.mark.parametrize(("subtype", "bits"), [("pcm16", 15), ("pcm24", 23)])
def test_integers_hold_what_was_rendered_to_half_a_step(song, subtype, bits):
    track = worked_on(song.track)
    rounded = read(song.export("mix", track=track, subtype=subtype))
    heard = played(song, track)
    step = 2.0**-bits
    assert np.abs(rounded - np.minimum(heard, 1.0 - step)).max() <= step / 2


def test_minus_one_is_the_mix_with_that_stem_muted(song):
    track = worked_on(song.track)
    automation = {**track.mix.automation, "vocals.mute": (Point(0.0, 0.0),)}
    track = changed(track, mix=mix_changed(track.mix, automation=automation))
    delivery = song.export("minus_one", track=track, stem="vocals", subtype="float")
    assert song.left() == ["Song - instrumental.wav"]
    strips = tuple(
        mix_changed(strip, mute=True) if strip.name == "vocals" else strip
        for strip in track.mix.strips
    )
    muted = mix_changed(worked_on(song.track).mix, strips=strips)
    assert np.array_equal(read(delivery), played(song, changed(track, mix=muted)))
    assert "muted" in delivery.reasons[0]


def test_an_exact_instrumental_is_the_song_less_its_vocals(song):
    track = worked_on(song.track)  # which does not matter
    delivery = song.export("minus_one", track=track, stem="vocals", is_exact=True)
    assert (read(delivery) == song.samples["mixture"] - song.samples["vocals"]).all()
    assert (delivery.null.verdict, delivery.reasons) == ("exact", ())
    other = song.export("minus_one", stem="drums", is_exact=True, selection=Span(
        first_frame=100, end_frame=9000))  # fmt: skip
    wanted = (song.samples["mixture"] - song.samples["drums"])[:, 100:9000]
    assert (read(other) == wanted).all()
    assert other.null.verdict == "exact"
    assert song.left() == ["Song - instrumental.wav", "Song - no drums.wav"]


def test_a_loudness_and_true_peak_are_met_and_measured_on_the_file(song):
    delivery = song.export("mix", loudness_lufs=-16.0, true_peak_dbtp=-2.0)
    (file,) = delivery.files
    measured = loudness_of_file(file.path)
    assert measured.integrated_lufs == pytest.approx(-16.0, abs=0.5)
    assert measured.true_peak_dbtp <= -1.95
    assert (file.loudness_lufs, file.true_peak_dbtp) == (
        measured.integrated_lufs,
        measured.true_peak_dbtp,
    )
    assert delivery.verdict.state == "unmeant"
    assert "LUFS" in " ".join(delivery.reasons)


def test_a_true_peak_that_an_encoder_raises_is_told(tmp_path):
    song = SongOnDisk(tmp_path, separated=False)
    rng = np.random.default_rng(3)
    plucks = np.repeat(rng.choice([-0.5, 0.5], (2, FRAMES // 60 + 1)), 60, axis=1)[:, :FRAMES]
    save_song(song.files["mixture"], plucks)
    delivery = song.export("mix", format="mp3", loudness_lufs=-1.0, true_peak_dbtp=-9.0)
    (file,) = delivery.files
    assert file.true_peak_dbtp > -8.9
    assert f"MP3 raises the true peak to {file.true_peak_dbtp:.1f} dBTP." in delivery.notes


def test_a_selection_meets_its_loudness_too(song):
    track = worked_on(song.track)
    span = Span(first_frame=RATE, end_frame=2 * RATE)
    delivery = song.export("mix", track=track, loudness_lufs=-23.0, selection=span)
    with open_audio(delivery.files[0].path) as reader:
        assert reader.info.frames == RATE
    assert delivery.files[0].loudness_lufs == pytest.approx(-23.0, abs=0.5)


@pytest.mark.parametrize("format_name", ["flac", "ogg", "mp3"])
def test_other_formats_are_as_long_and_tagged_and_say_what_they_lose(song, format_name):
    tags = {"title": "Red", "album": "Colours", "date": "2024", "genre": ""}
    delivery = song.export("mix", format=format_name, tags=tags)
    path = delivery.files[0].path
    with open_audio(path) as reader:
        assert reader.info.frames == FRAMES
        assert reader.info.tags["title"] == "Red"
        samples = reader.read(FRAMES)
    told = {name: str(value[0]) for name, value in mutagen.File(path, easy=True).items()}
    told.pop("encoder", None)
    assert {**tags, "artist": "Me"} == {**told, "genre": ""}
    if format_name == "flac":
        assert delivery.null.verdict == "exact"
        assert (samples == song.samples["mixture"]).all()
    else:
        assert (delivery.null.verdict, delivery.verdict.state) == ("open", "open")
        assert "lossy" in " ".join(delivery.reasons)
        assert residual_db(samples, song.samples["mixture"]) < 0


def test_a_song_that_was_never_separated_exports_as_it_sounds_and_nothing_else(tmp_path):
    song = SongOnDisk(tmp_path, separated=False, channels=1)
    assert (read(song.export("mix")) == song.samples["mixture"]).all()
    for what in ("stems", "stems_with_effects", "minus_one"):
        with pytest.raises(UserError, match="has not been separated yet"):
            song.export(what, stem="vocals")
    panned = mix_changed(song.track.mix.strips[0], pan=-1.0)
    track = changed(song.track, mix=mix_changed(song.track.mix, strips=(panned,)))
    left, right = read(song.export("mix", track=track, name="panned"))
    assert np.abs(left).max() > 0.3
    assert not right.any()


def test_while_a_song_is_being_separated_it_exports_as_the_song_alone(tmp_path):
    song = SongOnDisk(tmp_path)
    master = mix_changed(song.track.mix.master, level_db=-6.0)
    track = changed(song.track, separated=None, mix=mix_changed(song.track.mix, master=master))
    halved = read(song.export("mix", track=track, subtype="float"))
    assert residual_db(halved, song.samples["mixture"] * 10 ** (-6 / 20)) < -120


MIX_OF_STEMS = {
    "mute": lambda track: set_value(track, "vocals.mute", 1.0),
    "solo": lambda track: set_value(track, "drums.solo", 1.0),
    "level": lambda track: set_value(track, "vocals.level_db", -60.0),
    "pan": lambda track: set_value(track, "bass.pan", 1.0),
    "all of it": lambda track: worked_on(track),
    "automation": lambda track: changed(
        track, mix=mix_changed(track.mix, automation={"vocals.mute": (Point(0.0, 1.0),)})
    ),
    "region": lambda track: changed(
        track, regions=(Region(stem="vocals", first_frame=0, end_frame=RATE, mute=True),)
    ),
}


@pytest.mark.parametrize("deed", MIX_OF_STEMS)
@pytest.mark.parametrize("selection", [None, Span(first_frame=RATE, end_frame=2 * RATE)])
def test_a_mix_of_stems_to_come_is_refused_instead_of_the_song(tmp_path, deed, selection):
    song = SongOnDisk(tmp_path)
    awaiting = changed(MIX_OF_STEMS[deed](song.track), separated=None)
    request = ExportRequest("mix", tmp_path / "out", selection=selection)
    for source in (None, look_at({"mixture": song.files["mixture"]})):
        with pytest.raises(UserError, match="needs stems that are not there yet"):
            forecast_null(awaiting, request, source)
    with pytest.raises(UserError, match="needs stems that are not there yet"):
        song.export("mix", track=awaiting, selection=selection)
    assert not (tmp_path / "out").exists()
    assert needs_awaited_stems(awaiting, request)
    assert not needs_awaited_stems(song.track, request)


@pytest.mark.parametrize(
    "request_of",
    [
        {"what": "mix"},
        {"what": "stems"},
        {"what": "stems", "stems": ("vocals",)},
        {"what": "stems_with_effects"},
        {"what": "minus_one", "stem": "vocals"},
        {"what": "minus_one", "stem": "vocals", "is_exact": True},
        {"what": "mix", "format": "mp3"},
    ],
)
@pytest.mark.parametrize("deed", MIX_OF_STEMS)
def test_what_is_foretold_of_stems_to_come_is_what_comes(tmp_path, deed, request_of):
    song = SongOnDisk(tmp_path)
    complete = MIX_OF_STEMS[deed](song.track)
    awaiting = changed(complete, separated=None)
    request = ExportRequest(folder=tmp_path / "out", **request_of)
    source = look_at({"mixture": song.files["mixture"]}).awaiting(awaited_stems(awaiting))
    foretold = forecast_null(with_awaited_stems(awaiting), request, source)
    assert foretold == forecast_null(complete, request, look_at(song.files))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"what": "minus_one"}, "No stem is named"),
        ({"what": "minus_one", "stem": "kazoo"}, "no stem kazoo"),
        ({"what": "stems", "loudness_lufs": -14.0}, "balance of stems"),
        ({"what": "mix", "loudness_lufs": 3.0}, "loudness of 3 LUFS"),
        ({"what": "mix", "selection": Span(first_frame=5, end_frame=5)}, "not within"),
        ({"what": "mix", "selection": Span(first_frame=0, end_frame=FRAMES + 1)}, "not within"),
        ({"what": "mix", "format": "aiff"}, "not a format"),
        ({"what": "mix", "format": "mp3", "subtype": "pcm24"}, "compressed"),
        ({"what": "stems", "name": "{song}"}, "all stems get one file"),
        ({"what": "stems", "name": "{tempo} {stem}"}, "unknown token"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(song, options, told):
    with pytest.raises(UserError, match=told):
        song.export(**options)
    assert song.left() == []


def test_names_come_from_the_template(song):
    track = changed(song.track, tempo=Tempo(bpm=127.5))
    name = "{artist}/{song} {bpm} {project} {title} {stem}"
    delivery = song.export("mix", track=track, name=name, project="Mine: 2")
    where = delivery.files[0].path.relative_to(song.out).as_posix()
    assert where == "Me/Song 127.5 Mine_ 2 Blue mix.wav"
    untitled = song.export("mix", tags={"title": " ", "artist": ""}, name="{title} by {artist}")
    assert untitled.files[0].path.name == "Song by Unknown artist.wav"


def test_files_that_are_there_are_asked_about_once_kept_renamed_or_replaced(song):
    song.export("stems")
    before = {path.name: path.read_bytes() for path in song.out.iterdir()}
    asked = []
    kept = song.export("stems", ask=lambda path: asked.append(path))
    assert (len(asked), kept.files, set(kept.kept)) == (1, (), {"vocals", "drums", "bass", "other"})
    renamed = song.export("stems", overwrite=OverwritePolicy.RENAME)
    assert sorted(each.path.name for each in renamed.files)[0] == "Song - bass (2).wav"
    assert {n: (song.out / n).read_bytes() for n in before} == before
    (song.out / "Song - bass.wav").write_bytes(b"old")
    filled = song.export("stems", overwrite=OverwritePolicy.YES)
    assert filled.null.verdict == "exact"
    assert (song.out / "Song - bass.wav").read_bytes() == before["Song - bass.wav"]


def test_the_song_and_its_stems_are_never_replaced(song):
    for policy in (OverwritePolicy.YES, OverwritePolicy.ASK):
        with pytest.raises(UserError, match="made from"):
            song.export("stems", folder=song.folder / "media", name="{stem}", overwrite=policy)
    other = song.export(
        "stems", folder=song.folder / "media", name="{stem}", overwrite=OverwritePolicy.RENAME
    )
    assert other.files[0].path.name == "vocals (2).wav"


@pytest.mark.parametrize("stage", ["reading", "rendering", "checking", "proving the null"])
def test_a_stop_leaves_nothing_whenever_it_comes(song, stage):
    def report(_fraction, now):
        if now == stage:
            raise Cancelled

    with pytest.raises(Cancelled):
        song.export("stems", report=report, name="new/{stem}")
    assert not song.out.exists()


def test_a_file_that_comes_into_being_meanwhile_stays(song):
    def report(_fraction, stage):
        if stage == "checking":
            (song.out / "Song - mix.wav").write_bytes(b"another's")

    with pytest.raises(UserError, match="has come into being"):
        song.export("mix", report=report)
    assert song.left() == ["Song - mix.wav"]
    assert (song.out / "Song - mix.wav").read_bytes() == b"another's"


def test_progress_only_rises_and_ends_at_its_end(tmp_path):
    song = SongOnDisk(tmp_path, loudness=2.2)  # its stems are written twice: they would clip
    seen = []
    song.export("stems", report=lambda done, _: seen.append(done))
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_a_disk_without_room_is_refused_before_anything_is_written(song, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10**6}))
    with pytest.raises(UserError, match="MB needed"):
        song.export("stems", subtype="float")
    assert song.left() == []


def test_a_file_that_reads_otherwise_than_it_was_written_is_not_delivered(song, monkeypatch):
    class Damaging(export_file.AudioWriter):
        def _finish(self):
            super()._finish()
            data = bytearray(self._path.read_bytes())
            data[len(data) // 2] ^= 1
            self._path.write_bytes(data)

    monkeypatch.setattr(export_file, "AudioWriter", Damaging)
    with pytest.raises(UserError, match=r"out/Song - mix.wav was not read back as it was written"):
        song.export("mix")
    assert song.left() == []


def test_a_missing_stem_is_named(song):
    song.files["drums"].unlink()
    with pytest.raises(UserError, match=r"drums\.wav"):
        song.export("mix")
    assert song.left() == []


CASES = [
    ({"what": "mix"}, "exact"),
    ({"what": "mix", "format": "ogg"}, "open"),
    ({"what": "mix", "loudness_lufs": -14.0}, "open"),
    ({"what": "stems"}, "exact"),
    ({"what": "stems", "subtype": "pcm24", "format": "flac"}, "exact"),
    ({"what": "stems", "stems": ("bass",)}, "open"),
    ({"what": "stems_with_effects"}, "exact"),
    ({"what": "minus_one", "stem": "bass"}, "open"),
    ({"what": "minus_one", "stem": "bass", "is_exact": True}, "exact"),
    ({"what": "stems", "selection": Span(first_frame=9, end_frame=999)}, "exact"),
]


@pytest.mark.parametrize(("options", "state"), CASES)
def test_the_forecast_is_what_comes(song, options, state):
    request = ExportRequest(folder=song.out, **options)
    forecast = forecast_null(song.track, request, look_at(song.files))
    assert forecast.state == state
    assert bool(forecast.reasons) == (state == "open")
    delivery = song.export(**options)
    assert (delivery.verdict.state == "exact") == (state == "exact")


def test_without_a_look_at_the_files_it_is_unknown_but_never_wrongly_exact(tmp_path):
    song = SongOnDisk(tmp_path, bits=24)
    request = ExportRequest("stems", folder=song.out, subtype="pcm16")
    assert forecast_null(song.track, request, None).state == "unknown"
    known = forecast_null(song.track, request, look_at(song.files))
    assert (known.state, known.reasons) == (
        "open",
        ("16 bits cannot hold every value of this song.",),
    )
    delivery = song.export("stems", subtype="pcm16")
    assert delivery.null.verdict == "open"
    assert delivery.reasons[0] == known.reasons[0]
