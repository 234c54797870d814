"""Everything a user has is in one place that can be moved."""

from pathlib import Path

import pytest

from studio.services.paths import Paths, resources


def test_one_variable_moves_everything(tmp_path: Path) -> None:
    paths = Paths.of_user({"SFUMATO_HOME": str(tmp_path)})
    assert paths == Paths(tmp_path / "data", tmp_path / "config", tmp_path / "cache", tmp_path / "pictures")
    places = (paths.models, paths.database, paths.log, paths.settings, paths.engine_cache, paths.thumbnails)
    assert all(place.is_relative_to(tmp_path) for place in places)
    assert len(set(places)) == len(places)


def test_a_relative_home_does_not_move_with_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Paths.of_user({"SFUMATO_HOME": "mine"}).data == tmp_path / "mine" / "data"


@pytest.mark.parametrize("environ", [{}, {"SFUMATO_HOME": ""}])
def test_without_the_variable_the_platforms_own_folders_are_used(environ: dict[str, str]) -> None:
    paths = Paths.of_user(environ)
    assert paths.data.is_absolute()
    assert "sfumato" in str(paths.data)
    assert paths.pictures.name == "Sfumato"


def test_asking_for_the_paths_makes_no_folder(tmp_path: Path) -> None:
    Paths.of_user({"SFUMATO_HOME": str(tmp_path / "home")})
    assert list(tmp_path.iterdir()) == []


def test_the_resources_are_the_checkouts() -> None:
    assert (resources() / "fonts" / "Inter-Regular.ttf").is_file()
