"""Models are found and described from their folders' small files."""

import json
import shutil
from pathlib import Path

import pytest

from studio.domain.errors import BrokenModel, UnknownModel
from studio.services.model_library import ModelLibrary, left_out, read_model
from studio.services.paths import Paths
from tests.tiny_models import TOKEN_LIMIT, Tiny, tiny_model


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """Return a folder of three models, one of them the starter."""
    for name, kind in (("zebra", Tiny.KL_F8), ("starter", Tiny.TINY_F16), ("Anna_v2", Tiny.TINY_F8)):
        shutil.copytree(tiny_model(kind), tmp_path / "models" / name)
    return tmp_path / "models"


def change(path: Path, **values: object) -> None:
    path.write_text(json.dumps((json.loads(path.read_text("utf-8")) if path.exists() else {}) | values), "utf-8")


@pytest.mark.parametrize("kind", Tiny)
def test_a_folder_says_what_its_model_can_paint(kind: Tiny) -> None:
    model = read_model(tiny_model(kind))
    assert model.ref.folder == tiny_model(kind)
    assert model.extent_multiple == kind.multiple
    assert model.native_side == kind.side
    assert model.token_limit == TOKEN_LIMIT
    assert (model.default_steps, model.default_guidance) == (20, 7.0)
    assert model.family.id == "stable-diffusion"


def test_the_starter_comes_first_and_the_rest_by_title(models: Path) -> None:
    library = ModelLibrary([models])
    assert [model.title for model in library.models()] == ["Starter", "Anna_v2", "Zebra"]
    assert library.broken() == ()


def test_a_folder_that_is_not_there_holds_no_models(tmp_path: Path) -> None:
    assert ModelLibrary([tmp_path / "nowhere"]).models() == ()


def test_of_two_models_with_one_name_the_first_folders_counts(models: Path, tmp_path: Path) -> None:
    shutil.copytree(models / "zebra", tmp_path / "own" / "starter")
    library = ModelLibrary([models, tmp_path / "own"])
    assert library.find("starter").ref.folder == models / "starter"
    assert len(library.models()) == 3


def test_the_users_models_are_looked_for_in_their_data(home: Path) -> None:
    shutil.copytree(tiny_model(Tiny.KL_F8), home / "data" / "models" / "mine")
    library = ModelLibrary.of(Paths.of_user({"SFUMATO_HOME": str(home)}))
    assert library.find("mine").ref.id == "mine"


def test_what_the_maker_suggests_is_used(models: Path) -> None:
    change(models / "zebra" / "examples.json", title="Zebras", prompts=["a zebra"], steps=4, guidance=1.5)
    model = read_model(models / "zebra")
    assert (model.title, model.examples, model.default_steps, model.default_guidance) == (
        "Zebras",
        ("a zebra",),
        4,
        1.5,
    )


@pytest.mark.parametrize("nonsense", [{"prompts": "no list"}, {"steps": -1}, {"guidance": "much"}, {"title": 3}])
def test_a_nonsensical_suggestion_is_left_out(models: Path, nonsense: dict[str, object]) -> None:
    plain = read_model(models / "zebra")
    change(models / "zebra" / "examples.json", **nonsense)
    assert read_model(models / "zebra") == plain


def test_a_tokenizer_without_a_limit_does_not_count(models: Path) -> None:
    change(models / "zebra" / "tokenizer" / "tokenizer_config.json", model_max_length=10**30)
    assert read_model(models / "zebra").token_limit == TOKEN_LIMIT


@pytest.mark.parametrize("name", ["zebra", "ZEBRA"])
def test_a_model_is_found_by_name(models: Path, name: str) -> None:
    assert ModelLibrary([models]).find(name).ref.id == "zebra"


def test_a_model_is_found_by_path(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(models)
    assert ModelLibrary([]).find(str(models / "zebra")).ref.id == "zebra"
    assert ModelLibrary([]).find("./zebra/").ref == read_model(models / "zebra").ref


def test_an_unknown_name_is_told_what_there_is(models: Path) -> None:
    with pytest.raises(UnknownModel) as unknown:
        ModelLibrary([models]).find("zebar")
    assert str(unknown.value) == (
        'There is no model "zebar". The models here are: starter, Anna_v2, zebra. Did you mean "zebra"?'
    )


def test_without_any_model_a_path_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(UnknownModel, match="No model is installed"):
        ModelLibrary([tmp_path]).find("starter")


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda folder: shutil.rmtree(folder / "unet"), "unet is missing"),
        (lambda folder: next((folder / "unet").glob("*.safetensors")).unlink(), "weights of its unet"),
        (lambda folder: (folder / "vae" / "config.json").write_text("{"), "vae/config.json cannot be read"),
        (lambda folder: (folder / "vae" / "config.json").write_text("[]"), "holds no JSON object"),
        (lambda folder: (folder / "vae" / "config.json").write_text("{}"), "say how much smaller a latent is"),
        (lambda folder: (folder / "unet" / "config.json").unlink(), "unet/config.json is missing"),
        (lambda folder: change(folder / "model_index.json", _class_name="FluxPipeline"), "run a FluxPipeline"),
        (lambda folder: (folder / "model_index.json").unlink(), "model_index.json is missing"),
    ],
)
def test_a_broken_model_is_left_out_and_says_why_when_asked_for(models: Path, damage: object, says: str) -> None:
    assert callable(damage)
    damage(models / "zebra")
    library = ModelLibrary([models])
    assert [model.ref.id for model in library.models()] == ["starter", "Anna_v2"]
    with pytest.raises(BrokenModel, match=says):
        library.find(str(models / "zebra"))


def test_broken_models_can_be_listed(models: Path) -> None:
    shutil.rmtree(models / "zebra" / "vae")
    assert [error.why for error in ModelLibrary([models]).broken()] == ["its vae is missing"]


def test_one_message_tells_of_all_that_are_left_out(models: Path) -> None:
    for name, part in (("Anna_v2", "vae"), ("starter", "unet"), ("zebra", "tokenizer")):
        shutil.rmtree(models / name / part)
    broken = ModelLibrary([models]).broken()
    assert left_out(broken[:1]) == broken[0]
    assert left_out(broken[:2]).what == f"The model {models / 'Anna_v2'} cannot be used, nor can another one"
    assert str(left_out(broken)) == (
        f"The model {models / 'Anna_v2'} cannot be used, nor can 2 others. Its vae is missing. "
        'Mend or remove them; "sfumato doctor" says what each one lacks.'
    )


def test_a_single_file_is_not_a_folder(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(BrokenModel, match="not a diffusers folder"):
        ModelLibrary([]).find(str(tmp_path / "model.safetensors"))
