"""Where and how to compute is chosen by measuring, once."""

import json
from pathlib import Path

import pytest
import torch

from studio.domain.errors import DeviceUnavailable, InvalidSetting
from studio.engine.device import DEVICES, DTYPES, choose


def test_the_probe_is_kept(tmp_path: Path) -> None:
    first = choose("cpu", "auto", tmp_path)
    assert first.dtype in DTYPES
    assert "ms" in first.reason
    file = tmp_path / "probe.json"
    kept = json.loads(file.read_text("utf-8"))
    (key,) = kept
    assert torch.__version__ in key
    for timing in kept[key]:
        timing["seconds"] = 0.001 if timing["dtype"] == "float32" else 1.0
    file.write_text(json.dumps(kept), "utf-8")
    assert choose("cpu", "auto", tmp_path).dtype == "float32"
    for timing in kept[key]:
        timing["seconds"] = 0.001 if timing["dtype"] == "bfloat16" and timing["channels_last"] else 1.0
    file.write_text(json.dumps(kept), "utf-8")
    chosen = choose("cpu", "auto", tmp_path)
    assert (chosen.dtype, chosen.channels_last) == ("bfloat16", True)


def test_a_damaged_probe_is_measured_again(tmp_path: Path) -> None:
    (tmp_path / "probe.json").write_text("[1, 2", "utf-8")
    assert choose("cpu", "auto", tmp_path).dtype in DTYPES
    assert json.loads((tmp_path / "probe.json").read_text("utf-8"))


def test_what_is_asked_for_is_done() -> None:
    chosen = choose("cpu", "float32", None)
    assert (chosen.device, chosen.dtype, chosen.channels_last) == ("cpu", "float32", False)
    assert choose("cpu", "bfloat16", None).torch_dtype is torch.bfloat16


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_a_device_that_is_not_there_is_said() -> None:
    with pytest.raises(DeviceUnavailable, match="Use cpu"):
        choose("cuda", "auto", None)


@pytest.mark.parametrize(("device", "dtype"), [("toaster", "auto"), ("cpu", "float8")])
def test_a_name_that_is_none_is_said(device: str, dtype: str) -> None:
    with pytest.raises(InvalidSetting):
        choose(device, dtype, None)


def test_the_cpu_is_the_last_resort() -> None:
    assert DEVICES[-1] == "cpu"
