"""What goes into an image from a lock file."""

from pathlib import Path

import pytest

from install_lock import main, name_of, requirements, wanted

LOCK = """# made by uv
numpy==2.4.6 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via timm
nvidia-cublas==13.2 ; sys_platform == 'linux' \\
    --hash=sha256:cc
torch==2.15.0 --hash=sha256:dd
torch-ema==1.0 --hash=sha256:ee
nvidia-modelopt==0.47.0 --hash=sha256:ff
nvidia-cuda-nvrtc-cu12==12.9 --hash=sha256:00
"""


def test_reads_requirements_with_their_hashes() -> None:
    found = requirements(LOCK)
    assert found[0] == "numpy==2.4.6 --hash=sha256:aa --hash=sha256:bb"
    assert len(found) == 6


def test_leaves_the_base_its_torch() -> None:
    assert [name_of(r) for r in wanted(LOCK, has_torch=True)] == ["numpy", "torch-ema", "nvidia-modelopt"]
    assert len(wanted(LOCK, has_torch=False)) == 6


def test_nothing_to_install_calls_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subprocess.call", lambda *_: pytest.fail("pip was called"))
    lock = tmp_path / "empty.lock"
    lock.write_text("# nothing\n")
    assert main(str(lock)) == 0
