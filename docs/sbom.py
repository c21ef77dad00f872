"""`python -m docs.sbom`: write docs/sbom.cdx.json, the desk's parts in CycloneDX 1.6.

What comes in at run time, from requirements.lock. The same parts give the same file: no date, no
number of its own. Hashes are one a wheel and stay in the lock.
"""

import json
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from docs.licences import ROOT, Pinned, licence, pinned

FILE = Path(__file__).with_name("sbom.cdx.json")


def text() -> str:
    """docs/sbom.cdx.json."""
    desk = Component(name="mesa-cda", type=ComponentType.APPLICATION, bom_ref="mesa-cda")
    parts = [_part(one) for one in pinned(ROOT / "requirements.lock")]
    bom = Bom(components=parts)
    bom.metadata.component = desk
    bom.register_dependency(desk, parts)
    made = json.loads(JsonV1Dot6(bom).output_as_string())
    del made["serialNumber"], made["metadata"]["timestamp"]
    return json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _part(one: Pinned) -> Component:
    address = PackageURL("pypi", name=one.name, version=one.version)
    return Component(
        name=one.name,
        version=one.version,
        type=ComponentType.LIBRARY,
        purl=address,
        bom_ref=address.to_string(),
        licenses=[LicenseFactory().make_from_string(str(licence(one.name)))],
    )


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
