"""The promises of the repository itself: its README, its pins, its default model."""

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from stemdesk.separation.catalogue import DEFAULT_MODEL, find_model
from stemdesk.separation.checkpoint import load_network

ROOT = Path(__file__).resolve().parents[1]
# An absolute path into somebody's folders: nothing that a reader of the project has.
MACHINE_PATH = re.compile(r"(?<![\w.~])/(?:work|home|root|Users|mnt)/")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_default_model_is_shipped_and_loads():
    card, _ = load_network(find_model(None))
    assert card.id == DEFAULT_MODEL
    assert card.licence
    assert card.credits
    assert card.scores
    assert card.training["steps"] > 0


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", README))
def test_what_the_readme_links_to_is_there(link):
    assert (ROOT / link).exists()


def test_the_code_map_is_true_and_short():
    code_map = README.split("## Code map")[1].split("```")[1].strip().splitlines()
    assert len(code_map) <= 40
    folders: list[tuple[int, Path]] = []
    for line in code_map:
        indent = len(line) - len(line.lstrip())
        folders = [(depth, path) for depth, path in folders if depth < indent]
        parent = folders[-1][1] if folders else ROOT
        for name in re.findall(r"[\w/]+(?:\.py|/)", line.strip().split("  ")[0]):
            assert (parent / name).exists(), line
            if name.endswith("/"):
                folders.append((indent, parent / name))


def _needed(name, extras, seen):
    """Everything an installation of ``name`` pulls in here."""
    key = canonicalize_name(name)
    if key in seen:
        return
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return  # an extra that is not installed here
    seen.add(key)
    for text in found.requires or []:
        requirement = Requirement(text)
        wanted = [{"extra": extra} for extra in ("", *extras)]
        if requirement.marker is None or any(map(requirement.marker.evaluate, wanted)):
            _needed(requirement.name, tuple(requirement.extras), seen)


def test_every_dependency_is_pinned():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = {
        canonicalize_name(line.split("==")[0]) for line in lines if line and line[0] not in "#"
    }
    needed: set[str] = set()
    _needed("stemdesk", ("train", "dev", "corpus"), needed)
    cuda = {name for name in needed if name.startswith("nvidia-") or name == "triton"}
    assert needed - cuda - {"stemdesk"} <= pinned


def test_the_project_does_not_know_where_it_is_built():
    for path in ROOT.rglob("*.md"):
        if ".venv" not in path.parts:
            assert not MACHINE_PATH.search(path.read_text(encoding="utf-8")), path
