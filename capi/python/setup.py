"""What pyproject.toml cannot say: the version, which the project keeps in one place, and the wheel's platform."""

import re
from pathlib import Path

from setuptools import Distribution, setup

HERE = Path(__file__).resolve().parent
# In a source tree; in a folder that the build or the installation made; in an sdist.
VERSION_IN = {
    "../../CMakeLists.txt": r"VERSION (\d+\.\d+\.\d+)",
    "VERSION": r"(\S+)",
    "PKG-INFO": r"^Version: (\S+)",
}


def version():
    for place, pattern in VERSION_IN.items():
        file = HERE / place
        if file.is_file():
            return re.search(pattern, file.read_text(encoding="utf-8"), re.MULTILINE).group(1)
    raise SystemExit(f"{HERE}: no file tells FluentSync's version")


class WithLibrary(Distribution):
    """A copy of the C library in the package makes the wheel one for this platform."""

    def has_ext_modules(self):
        return any((HERE / "fluentsync").glob("libfluentsync_c.so.*"))


setup(version=version(), distclass=WithLibrary)
