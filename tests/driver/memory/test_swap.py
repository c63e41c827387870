"""The swap file: slots in a file, each freed once."""

import pytest

from isadma_driver.errors import DmaError, OutOfMemoryError
from isadma_driver.memory.swap import SwapFile


def test_pages_come_back_from_the_file_they_were_put_in(tmp_path, rng):
    path = tmp_path / "swap"
    pages = [rng.randbytes(4096) for _ in range(3)]
    with SwapFile(3, path) as swap:
        slots = [swap.store(page) for page in pages]
        assert slots == [1, 2, 3]  # 0 would be an empty page table entry
        assert [swap.load(slot) for slot in slots] == pages
        assert path.read_bytes() == b"".join(pages)
        with pytest.raises(OutOfMemoryError, match="the swap file's 3 pages are full"):
            swap.store(pages[0])
        swap.release(2)
        assert swap.used == 2
        assert swap.store(pages[0]) == 2


def test_a_slot_that_holds_nothing_is_an_error():
    with SwapFile(2) as swap:
        swap.release(swap.store(bytes(4096)))
        for call in (swap.load, swap.release):
            for slot in (1, 0, 3, -1):
                with pytest.raises(DmaError, match=f"swap slot {slot} holds no page"):
                    call(slot)


def test_what_is_no_page_is_refused():
    with SwapFile(1) as swap, pytest.raises(ValueError, match="100 bytes are no page: use 4096"):
        swap.store(bytes(100))
    with pytest.raises(ValueError, match="swap of 0 pages: use at least 1"):
        SwapFile(0)
