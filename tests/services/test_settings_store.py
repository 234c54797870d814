"""Settings survive restarts, damage, and a newer Sfumato."""

import json
from pathlib import Path

import pytest

from studio.domain.errors import UnwritablePlace
from studio.domain.settings import Settings
from studio.services.settings_store import SettingsStore


@pytest.fixture
def store(tmp_path: Path) -> SettingsStore:
    return SettingsStore(tmp_path / "config" / "settings.json")


def write(store: SettingsStore, content: str) -> None:
    store.path.parent.mkdir(parents=True, exist_ok=True)
    store.path.write_text(content, "utf-8")


def copies(store: SettingsStore) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in store.path.parent.iterdir() if path != store.path}


def test_a_new_user_has_the_defaults(store: SettingsStore) -> None:
    assert store.load() == Settings()


def test_what_is_saved_comes_back(store: SettingsStore) -> None:
    settings = Settings(prompt="a fox\nund ein Bär", steps=8, theme="light")
    store.save(settings)
    assert store.load() == settings
    assert copies(store) == {}


@pytest.mark.parametrize("content", ["", "{", "[1, 2]", '"settings"', "\0\0\0"])
def test_a_damaged_file_is_kept_beside_the_defaults(store: SettingsStore, content: str) -> None:
    write(store, content)
    assert store.load() == Settings()
    assert copies(store) == {"settings.damaged-1.json": content}


def test_a_second_damage_does_not_replace_the_first_copy(store: SettingsStore) -> None:
    for content in ("{one", "{two"):
        write(store, content)
        store.load()
    assert copies(store) == {"settings.damaged-1.json": "{one", "settings.damaged-2.json": "{two"}


def test_one_wrong_value_costs_only_itself(store: SettingsStore) -> None:
    content = json.dumps({"steps": -4, "prompt": "a fox", "splitter_sizes": [300, "wide"], "count": 3})
    write(store, content)
    assert store.load() == Settings(prompt="a fox", count=3)
    assert copies(store) == {"settings.damaged-1.json": content}


def test_an_older_file_keeps_what_it_has(store: SettingsStore) -> None:
    write(store, json.dumps({"prompt": "a fox"}))
    assert store.load() == Settings(prompt="a fox")
    assert copies(store) == {}


def test_a_newer_file_is_used_and_kept_whole(store: SettingsStore) -> None:
    content = json.dumps({"version": 7, "prompt": "a fox", "brush": {"size": 3}})
    write(store, content)
    settings = store.load()
    store.save(settings)
    assert copies(store) == {"settings.version-7-1.json": content}
    kept = json.loads(store.path.read_text("utf-8"))
    assert (kept["version"], kept["prompt"], kept["brush"]) == (1, "a fox", {"size": 3})


def test_a_place_that_cannot_be_written_is_said_and_keeps_the_old(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UnwritablePlace, match="Nothing can be written"):
        SettingsStore(tmp_path / "file" / "settings.json").save(Settings())
