"""No module names a place that only its author has."""

import re

import pytest


@pytest.mark.parametrize("folder", ["rtl", "tools", "sim", "driver", "boards", "cli"])
def test_no_module_names_a_place_on_somebodys_machine(house, folder):
    pattern = re.compile(r"[\"'\s(](/(?:home|root|work|tmp|Users)/\w+)")
    wrong = [
        f"{path.relative_to(house.root)}: {found}"
        for path in house.files(folder)
        for found in pattern.findall(path.read_text())
    ]
    assert not wrong, "\n".join(wrong)
