"""The page's builder: modules in one script, in the order they need each other, and nothing it does not know."""

import re

import pytest

from isadma_sim.engines.base import EngineError
from isadma_sim.lab.page import ModuleError, bundle
from isadma_sim.lab.parts import parts_header


def test_modules_come_after_those_they_import_and_see_only_what_is_exported():
    script = bundle(
        {
            "app.js": 'import { two as deux } from "./b/two.js";\nglobalThis.seen = deux() + 1;\n',
            "b/two.js": 'import { ONE } from "../one.js";\nexport function two() {\n  return ONE + 1;\n}\n',
            "one.js": "export const ONE = 1;\nconst hidden = 5;\n",
        },
        "app.js",
    )
    assert re.findall(r"^// (\S+)", script, re.MULTILINE) == ["one.js", "b/two.js", "app.js"]
    assert 'const { two: deux } = modules["b/two.js"];' in script
    assert "return { ONE };" in script
    assert "hidden }" not in script


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ({"app.js": 'import { a } from "./a.js";\n'}, "there is no module 'a.js'"),
        (
            {"app.js": 'import { a } from "./a.js";\n', "a.js": 'import { b } from "./app.js";\n'},
            "app.js -> a.js -> app",
        ),
        ({"app.js": 'import a from "./a.js";\n', "a.js": ""}, "'import a from \"./a.js\";'"),
        ({"app.js": "export default 1;\n"}, "'export default 1;'"),
        ({"app.js": "const a = 1;\nexport { a };\n"}, "'export { a };'"),
    ],
    ids=["missing", "circle", "default", "export default", "list"],
)
def test_a_module_written_in_another_way_is_refused(sources, said):
    with pytest.raises(ModuleError, match=re.escape(said)):
        bundle(sources, "app.js")


def test_cpp_of_another_kind_is_refused():
    with pytest.raises(EngineError, match=re.escape("0 places end in 'chip.registers.memory'")):
        parts_header("struct p_board : public module {\n", ["chip"])
