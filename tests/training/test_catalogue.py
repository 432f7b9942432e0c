"""A made-up catalogue: pairs known by name and by sound, copies, other takes, what is no pair."""

import json
import re
import shutil
import subprocess
import sys
import tomllib

import numpy as np
import pytest
import soundfile

from stemdesk.errors import Cancelled, UserError
from stemdesk_training.catalogue.__main__ import main
from stemdesk_training.catalogue.builder import build_catalogue
from stemdesk_training.catalogue.report import as_text, page
from stemdesk_training.catalogue.settings import Settings
from stemdesk_training.datasets.library import find_songs
from stemdesk_training.datasets.multitrack import read_sum
from tests.training import studio

RATE = 22_050
SECONDS = 20
LATE = 9_111
SETTINGS = Settings(margin_seconds=2.0)


def quiet(_done, _told):
    pass


def song(seed):
    """Mix, instrumental and vocals `[2, frames]`."""
    stems = studio.make_song(seed, SECONDS, RATE)
    vocals = 3 * stems.pop("vocals")
    instrumental = sum(stems.values())
    return instrumental + vocals, instrumental, vocals


def write(path, samples, rate=RATE, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples.T, rate, **options)


@pytest.fixture(scope="module")
def songs():
    return {seed: song(seed) for seed in (1, 2, 3, 4, 5)}


@pytest.fixture(scope="module")
def folders(tmp_path_factory, songs):
    """Mixes and instrumentals."""
    root = tmp_path_factory.mktemp("catalogue")
    mixes, bare = root / "mixes", root / "instrumentals"
    late = np.pad(songs[1][1], ((0, 0), (LATE, 0)))
    write(mixes / "Änn - Blue Sky.wav", songs[1][0])
    write(bare / "Ann" / "blue sky (Instrumental).flac", late * 10 ** (-3 / 20))
    write(mixes / "copies" / "Blue Sky HQ.ogg", songs[1][0])
    write(bare / "Blue Sky inst.ogg", songs[1][1])
    write(mixes / "untitled 7.wav", songs[2][0])
    write(bare / "take 12.wav", songs[2][1][:, 4000:])
    write(mixes / "02 Bob - Rain (Remastered 2011).wav", songs[3][0])
    write(bare / "Rain - Karaoke version.wav", songs[4][1])  # played by somebody else
    write(mixes / "Lonely.wav", songs[5][0])
    write(mixes / "Lonely (Instrumental).wav", songs[5][1])  # no mix, though it lies there
    write(mixes / "concert.wav", np.zeros((1, 8000 * 301)), 8000, subtype="PCM_U8")
    (mixes / "broken.wav").write_bytes(b"RIFF")
    return mixes, bare


@pytest.fixture(scope="module")
def few(tmp_path_factory, songs):
    """Mixes and instrumentals of two songs, a folder where they have been built, and its ledger."""
    root = tmp_path_factory.mktemp("few")
    for name, seed in (("A", 1), ("B", 2)):
        write(root / "mixes" / f"{name}.wav", songs[seed][0])
        write(root / "bare" / f"{name}.wav", songs[seed][1])
    places = root / "mixes", root / "bare"
    return *places, root / "out", build_catalogue(*places, root / "out", SETTINGS, quiet)


@pytest.fixture(scope="module")
def built(folders, tmp_path_factory):
    output = tmp_path_factory.mktemp("built") / "out"
    return build_catalogue(*folders, output, SETTINGS, quiet), output


def states(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def told(ledger):
    return {(pair.mix, pair.instrumental): pair for pair in ledger.pairs}


def test_every_pair_is_judged(built):
    ledger, _ = built
    verdicts = {key: pair.verdict for key, pair in told(ledger).items()}
    blue = {key: value for key, value in verdicts.items() if "Blue" in key[0]}
    assert sorted(blue.values()) == ["duplicate", "good"]
    assert verdicts["untitled 7.wav", "take 12.wav"] == "good"
    assert (
        verdicts["02 Bob - Rain (Remastered 2011).wav", "Rain - Karaoke version.wav"] == "dropped"
    )
    others = set(verdicts.values()) - {"good", "duplicate"}
    assert others == {"dropped"}


def test_what_is_in_no_pair_is_named_with_its_reason(built):
    ledger, _ = built
    mixes = {each.recording: each.why for each in ledger.mixes_left_out}
    assert mixes["concert.wav"] == "longer than 5 minutes"
    assert "broken.wav" in mixes["broken.wav"]
    assert mixes["Lonely.wav"] == "there is no instrumental of it"
    assert ledger.instrumentals_left_out == []


def test_offset_and_gain_are_those_that_were_made(built, folders, tmp_path):
    mixes, bare = folders
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "a.flac").write_bytes((bare / "Ann" / "blue sky (Instrumental).flac").read_bytes())
    ledger = build_catalogue(mixes, alone, tmp_path / "out", SETTINGS, quiet)
    (pair,) = [pair for pair in ledger.pairs if pair.is_taken]
    assert pair.measured.offset_seconds == pytest.approx(LATE / RATE, abs=0.2 / RATE)
    assert pair.measured.gain_db == pytest.approx(3.0, abs=0.3)
    assert pair.measured.drift_ppm == 0
    assert not pair.by_name
    early = told(built[0])["untitled 7.wav", "take 12.wav"].measured
    assert early.offset_seconds == pytest.approx(-4000 / RATE, abs=0.2 / RATE)
    assert early.residue_db < -10


def test_triplets_are_songs_that_can_be_read_and_hold_the_vocals(built, songs):
    ledger, output = built
    (pair,) = [pair for pair in ledger.pairs if pair.mix == "untitled 7.wav"]
    read = {song.name: song for song in find_songs(output)}
    assert set(read) == {name for pair in ledger.pairs for name in pair.folders}
    found = read[pair.folders[0]]
    assert set(found.stems) == {"vocals", "other"}
    mix, instrumental, vocals = songs[2]
    excerpt = read_sum(found.mixture)
    assert excerpt.sample_rate == RATE
    assert excerpt.frames == round(11.88 * RATE)
    begin = int(re.search(r"\(0m(\d\d)s\)$", found.name)[1])
    assert 2 <= begin <= SECONDS - 2 - 11.88
    part = slice(begin * RATE, begin * RATE + excerpt.frames)
    assert np.abs(excerpt.samples - mix[:, part]).max() < 1e-4
    accompaniment = read_sum(found.stems["other"]).samples
    error = np.square(accompaniment - instrumental[:, part]).sum()
    assert error < 1e-3 * np.square(instrumental[:, part]).sum()
    weak = read_sum(found.stems["vocals"]).samples
    error = np.square(weak - vocals[:, part]).sum() / np.square(vocals[:, part]).sum()
    assert -10 * np.log10(error) > 6


def test_a_second_run_makes_nothing_again_and_touches_no_original(built, folders):
    _, output = built
    originals = [states(folder) for folder in folders]
    before = {path: path.stat().st_mtime_ns for path in output.rglob("*.wav")}
    again = build_catalogue(*folders, output, SETTINGS, quiet)
    assert again == built[0]
    assert {path: path.stat().st_mtime_ns for path in output.rglob("*.wav")} == before
    assert [states(folder) for folder in folders] == originals
    with pytest.raises(UserError, match="other settings"):
        build_catalogue(*folders, output, Settings(excerpts=2), quiet)


def test_stopped_anywhere_it_goes_on_to_the_same_end(few, tmp_path):
    mixes, bare, whole, ledger = few
    output = tmp_path / "out"
    calls = []
    build_catalogue(mixes, bare, whole, SETTINGS, lambda *told: calls.append(told))
    for stop in range(1, len(calls)):
        left = iter(range(stop))

        def until(_done, _told, left=left):
            if next(left, None) is None:
                raise Cancelled

        with pytest.raises(Cancelled):
            build_catalogue(mixes, bare, output, SETTINGS, until)
        assert find_all(output) <= find_all(whole)
    assert build_catalogue(mixes, bare, output, SETTINGS, quiet) == ledger
    assert find_all(output) == find_all(whole)


def find_all(output):
    if not any(output.glob("*/*.wav")):
        return set()
    return {song.name for song in find_songs(output)}


def test_folders_of_others_keep_their_names(few, tmp_path):
    mixes, bare, _, ledger = few
    name = ledger.pairs[0].folders[0]
    theirs = tmp_path / "out" / name / "notes.txt"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("mine")
    made = build_catalogue(mixes, bare, tmp_path / "out", SETTINGS, quiet)
    assert f"{name} (2)" in [folder for pair in made.pairs for folder in pair.folders]
    assert [path.name for path in theirs.parent.iterdir()] == ["notes.txt"]


def test_what_an_ended_run_had_not_moved_in_is_made_under_its_name(few, tmp_path):
    """As if it had been killed between the ledger and the last folder."""
    mixes, bare, *_ = few
    output = tmp_path / "out"
    settings = Settings(excerpts=2, seconds=5.0, margin_seconds=2.0)
    ledger = build_catalogue(mixes, bare, output, settings, quiet)
    (stays, gone), others = (pair.folders for pair in ledger.pairs)
    assert len(others) == 2
    shutil.rmtree(output / gone)
    (output / ".unfinished" / "0").mkdir(parents=True)
    before = [(output / each / "vocals.wav").stat().st_mtime_ns for each in (stays, *others)]
    assert build_catalogue(mixes, bare, output, settings, quiet) == ledger
    assert find_all(output) == {stays, gone, *others}
    assert before == [
        (output / each / "vocals.wav").stat().st_mtime_ns for each in (stays, *others)
    ]


def test_whole_songs_whose_stems_sum_to_the_mix(few, tmp_path):
    settings = Settings(excerpts=0, accompaniment="rest")
    ledger = build_catalogue(*few[:2], tmp_path / "out", settings, quiet)
    songs = find_songs(tmp_path / "out")
    assert len(songs) == sum(pair.is_taken for pair in ledger.pairs) == 2
    for song in songs:
        mix = read_sum(song.mixture).samples
        assert mix.shape[1] > (SECONDS - 1) * RATE
        both = [read_sum(song.stems[name]).samples for name in ("vocals", "other")]
        assert np.abs(sum(both) - mix).max() < 1e-6


def test_one_folder_holds_both_if_names_tell_them(tmp_path, songs):
    write(tmp_path / "in" / "A.wav", songs[1][0])
    write(tmp_path / "in" / "A (Instrumental).wav", songs[1][1])
    ledger = build_catalogue(tmp_path / "in", tmp_path / "in", tmp_path / "out", SETTINGS, quiet)
    (pair,) = ledger.pairs
    assert (pair.mix, pair.instrumental, pair.verdict) == ("A.wav", "A (Instrumental).wav", "good")
    assert pair.by_name


def test_another_master_is_told_to_be_poor(tmp_path, songs):
    mix, instrumental, _ = songs[1]
    write(tmp_path / "mixes" / "A.wav", mix)
    write(tmp_path / "bare" / "A.wav", instrumental - 0.7 * studio.lowpass(instrumental, 600))
    out = tmp_path / "out"
    ledger = build_catalogue(tmp_path / "mixes", tmp_path / "bare", out, SETTINGS, quiet)
    assert [pair.verdict for pair in ledger.pairs] == ["poor"]


def test_what_cannot_be_built_is_refused(folders, tmp_path):
    mixes, bare = folders
    with pytest.raises(UserError, match="lies in"):
        build_catalogue(mixes, bare, mixes / "out", SETTINGS, quiet)
    assert not (mixes / "out").exists()
    with pytest.raises(UserError, match="not a folder"):
        build_catalogue(tmp_path / "gone", bare, tmp_path / "out", SETTINGS, quiet)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="no recordings"):
        build_catalogue(mixes, tmp_path / "empty", tmp_path / "out", SETTINGS, quiet)
    (tmp_path / "out" / "catalogue.toml").write_text("pairs = 3")
    with pytest.raises(UserError, match=r"catalogue\.toml"):
        build_catalogue(mixes, bare, tmp_path / "out", SETTINGS, quiet)


def test_reports_name_every_recording(built):
    ledger, output = built
    text, html = as_text(ledger), page("out <1>", ledger)
    for name in ("untitled 7.wav", "concert.wav", "broken.wav", "Rain - Karaoke version.wav"):
        assert name in text
        assert name in html
    assert "2 good, 0 poor, 1 duplicate" in text
    assert "; 2 song folders" in text
    assert "out &lt;1&gt;" in html
    kept = tomllib.loads((output / "catalogue.toml").read_text())
    assert len(kept["pairs"]) == len(ledger.pairs)


def test_the_command(folders, built, tmp_path):
    mixes, bare = folders
    command = [sys.executable, "-m", "stemdesk", "dataset", "catalogue", str(mixes), str(bare)]
    options = ["-o", str(built[1]), "--margin", "2", "--json", "--report", str(tmp_path / "r.html")]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=True)
    assert len(json.loads(done.stdout)["pairs"]) == len(built[0].pairs)
    assert (tmp_path / "r.html").exists()


def test_the_program_refuses_in_one_sentence(tmp_path, capsys):
    places = [str(tmp_path / name) for name in ("x", "y", "out")]
    assert main([*places[:2], "-o", places[2]]) == 1
    assert "is not a folder: name a folder of recordings." in capsys.readouterr().err
