"""Fetches ReplayWeb.page from npm, by name, version and hash, into a folder: `fetch_replaywebpage.py FOLDER`."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path


def fetch(folder: Path) -> str:
    """Put the two files that a page needs into `folder`; what went wrong, or nothing."""
    package, integrity = Path(__file__).with_name("replaywebpage.lock").read_text(encoding="utf-8").split()
    npm = shutil.which("npm")
    if not npm:
        return f"{package} is not installed: it comes by npm, which is not here"
    with tempfile.TemporaryDirectory() as place:
        packed = subprocess.run([npm, "pack", package], cwd=place, capture_output=True, text=True, check=False)
        if packed.returncode:
            return f"{package} is not installed: {packed.stderr}"
        (tarball,) = Path(place).glob("*.tgz")
        digest = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
        if f"sha512-{digest}" != integrity:
            return f"{package} is not what its lock says: sha512-{digest}"
        with tarfile.open(tarball) as files:
            for name in ("ui.js", "sw.js"):
                content = files.extractfile(f"package/{name}")
                assert content is not None
                (folder / name).write_bytes(content.read())
    return ""


if __name__ == "__main__":
    wrong = fetch(Path(sys.argv[1]))
    if wrong:
        sys.exit(wrong)
