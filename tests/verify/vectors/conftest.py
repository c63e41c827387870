"""A small pack, made once a worker, and shims that are made wrong."""

import pytest

from isadma_sim.engines.native.compiler import missing
from isadma_verify.vectors.pack import read_pack, write_pack


@pytest.fixture(scope="session")
def pack(tmp_path_factory):
    if missing() is not None:
        pytest.skip(missing())
    return write_pack(tmp_path_factory.mktemp("pack"), 400, jobs=1)


@pytest.fixture(scope="session")
def vectors(pack):
    return list(read_pack(pack.folder))
