import json

import numpy as np
import pytest
import soundfile

from stemdesk_training.corpus.waveform import RATE_HZ
from stemdesk_training.packing import main


@pytest.fixture
def pool(tmp_path):
    folder = tmp_path / "pool ö"
    time = np.arange(2 * RATE_HZ + 77) / RATE_HZ
    for split in ("train", "valid"):
        (folder / split).mkdir(parents=True)
        for number, hz in enumerate((220, 440, 1000)):
            tone = 9000 * np.sin(2 * np.pi * hz * time)
            np.save(
                folder / split / f"bass_{number:02d}.npy",
                np.stack([tone, 0.5 * tone], axis=1).astype(np.int16),
            )
    (folder / "pool.json").write_text(json.dumps({"seed": 4}))
    return folder


def pack(pool, folder, *more):
    return main(["pack", str(pool), str(folder), *more])


def test_a_pool_comes_back_with_its_names_lengths_and_sound(pool, tmp_path):
    assert pack(pool, tmp_path / "packed") == 0
    back = tmp_path / "back"
    assert main(["unpack", str(tmp_path / "packed" / "part_00"), str(back)]) == 0
    names = sorted(path.relative_to(pool) for path in pool.rglob("*.*"))
    assert sorted(path.relative_to(back) for path in back.rglob("*.*")) == names
    for name in names[1:]:
        before, after = np.load(pool / name).astype(float), np.load(back / name).astype(float)
        assert after.shape == before.shape
        error = (before - after)[2000:-2000]
        snr_db = 10 * np.log10((before[2000:-2000] ** 2).sum() / (error**2).sum())
        assert snr_db > 15, name


def test_parts_keep_to_their_size_and_hold_everything(pool, tmp_path):
    assert pack(pool, tmp_path / "packed", "--part-mib", "0.04") == 0
    parts = sorted((tmp_path / "packed").iterdir())
    assert len(parts) > 1
    for part in parts:
        assert sum(path.stat().st_size for path in part.glob("*.opus")) <= 0.04 * 2**20
    assert main(["unpack", *map(str, parts), str(tmp_path / "back")]) == 0
    assert len(list((tmp_path / "back").glob("*/*.npy"))) == 6


def test_the_bit_rate_is_about_the_one_asked_for(pool, tmp_path):
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 6000, (10 * RATE_HZ, 2)).clip(-32768, 32767).astype(np.int16)
    np.save(pool / "train" / "bass_00.npy", noise)
    pack(pool, tmp_path / "packed", "--kbits", "96")
    packed = next((tmp_path / "packed").glob("*/train_bass_00.opus"))
    assert soundfile.info(packed).subtype == "OPUS"
    assert packed.stat().st_size * 8 / 10_000 == pytest.approx(96, rel=0.25)


def test_nothing_is_packed_over_something_else(pool, tmp_path, capsys):
    (tmp_path / "packed").mkdir()
    (tmp_path / "packed" / "kept").write_text("mine")
    assert pack(pool, tmp_path / "packed") == 1
    assert "not empty" in capsys.readouterr().err
    assert (tmp_path / "packed" / "kept").read_text() == "mine"


@pytest.mark.parametrize("command", ["pack", "unpack"])
def test_a_folder_of_something_else_is_refused(tmp_path, capsys, command):
    (tmp_path / "other").mkdir()
    assert main([command, str(tmp_path / "other"), str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
