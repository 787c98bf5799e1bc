"""Open a report as its readers do, and say what would trouble them.

    python verification/report_page.py runs/NAME/report.html

The page is opened offline at 360 and at 1280 pixels, by day and in the dark,
without JavaScript: it must not scroll sideways and must ask for nothing. Then
axe looks at it, everything unfolded. Needs Chromium and two packages that
hailsham itself does not use: playwright and axe-playwright-python.
Ends with 1 if anything was found.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, sync_playwright

WIDTHS = (360, 1280)
SCHEMES = ("light", "dark")
HEIGHT = 800
QUIET = ["--disable-gpu", "--disable-quic", "--disable-background-networking"]
#: Letters smaller than this are not legible on a telephone.
SMALLEST_LETTERS = 11.0

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
UNFOLD = """
for (const part of document.querySelectorAll('details')) part.open = true
for (const part of document.querySelectorAll('.panel')) part.style.display = 'block'
"""
#: A drawing is scaled with its page, and its letters with it; one that is not shown has no width.
LETTERS = """
Math.min(...[...document.querySelectorAll('svg text')].map((text) => {
  const drawing = text.ownerSVGElement
  const scale = drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width
  return scale ? parseFloat(getComputedStyle(text).fontSize) * scale : 99
}), 99)
"""


def main() -> int:
    """Check the page of the command line; return 1 if anything was found, else 0."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("report", type=Path)
    parser.add_argument("--chromium", default=shutil.which("chromium"), help="where Chromium is")
    parser.add_argument("--pictures", type=Path, help="a folder for pictures of the page")
    asked = parser.parse_args()
    if not asked.report.is_file():
        parser.error(f"there is no page at {asked.report}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=asked.chromium, args=[*QUIET, "--no-sandbox"]
        )
        troubles = [
            f"{width} px, {scheme}: {trouble}"
            for width in WIDTHS
            for scheme in SCHEMES
            for trouble in look(browser, asked.report, width, scheme, asked.pictures)
        ]
        browser.close()
    print("\n".join(troubles) or "nothing found")
    return 1 if troubles else 0


def look(
    browser: Browser, report: Path, width: int, scheme: Any, pictures: Path | None
) -> list[str]:
    """Return what is wrong with a page at one width and in one colour scheme."""
    settings: dict[str, Any] = {
        "viewport": {"width": width, "height": HEIGHT},
        "color_scheme": scheme,
        "offline": True,
    }
    address = report.resolve().as_uri()
    plain = browser.new_context(java_script_enabled=False, **settings)
    page = plain.new_page()
    asked_for: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url))
    page.goto(address)
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=pictures / f"report-{width}-{scheme}.png", full_page=True)
    troubles = [*sideways(page, "folded"), *strangers(asked_for, address)]
    plain.close()

    # axe is itself a script, so it looks at the same page with scripts allowed.
    page = browser.new_context(**settings).new_page()
    page.goto(address)
    page.evaluate(UNFOLD)
    troubles += [*sideways(page, "unfolded"), *small_letters(page), *violations(page)]
    page.context.close()
    return troubles


def sideways(page: Page, state: str) -> list[str]:
    """Return by how much the page is wider than the screen, if it is."""
    excess = page.evaluate(SIDEWAYS)
    return [f"{state}, it scrolls sideways by {excess} px"] if excess > 0 else []


def strangers(asked_for: list[str], address: str) -> list[str]:
    """Return every address that was asked for but that of the page."""
    return [f"it asks for {other}" for other in asked_for if other != address]


def small_letters(page: Page) -> list[str]:
    """Return the size of the smallest letters in a drawing, if they are too small."""
    smallest = page.evaluate(LETTERS)
    return [f"letters of {smallest:.1f} px in a figure"] if smallest < SMALLEST_LETTERS else []


def violations(page: Page) -> list[str]:
    """Return what axe holds against the page."""
    found = Axe().run(page).response["violations"]
    return [
        f"axe {violation['id']}: {violation['help']}, at {node['target']}"
        for violation in found
        for node in violation["nodes"]
    ]


if __name__ == "__main__":
    sys.exit(main())
