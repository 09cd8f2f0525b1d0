"""Work in several processes: in order, and nobody waits for one that was killed."""

from __future__ import annotations

import os
import signal

import pytest

from sv72_train.parallel import each
from sv72_train.progress import TrainError


def double(number: int) -> int:
    return 2 * number


def dies_at_seven(number: int) -> int:
    if number == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.parametrize("workers", [0, 1, 2, 3])
def test_results_come_in_order(workers: int) -> None:
    assert list(each(double, range(50), workers)) == [2 * number for number in range(50)]


def test_a_helper_that_is_killed_ends_the_work() -> None:
    with pytest.raises(TrainError, match="memory runs out: give fewer --workers"):
        list(each(dies_at_seven, range(50), 2))


def test_work_that_is_broken_off_leaves_nothing_running() -> None:
    begun = each(double, range(10_000), 2)
    assert next(begun) == 0
    begun.close()
