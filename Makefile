# Two commands do everything: `make atlas` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest

.PHONY: atlas test coverage test-all lint docs bench oracle fuzz torture lowest sbom audit rebuild-bundled clean system

atlas: $(VENV)/.installed
	$(BIN)/placeatlas build --out atlas-out/starter --force

# Two processes on two cores: threads of linear algebra would only wait for one another.
test: system $(VENV)/.dev lint
	$(PYTEST) -q --doctest-modules geo boundaries analysis maps placeatlas.py --ignore boundaries/bundled/build.py
	OPENBLAS_NUM_THREADS=1 $(PYTEST) -n 2 --dist worksteal -m "not oracle and not docs"

# The same tests with branch coverage, which doubles their time.
coverage: system $(VENV)/.dev
	OPENBLAS_NUM_THREADS=1 $(PYTEST) -n 2 --dist worksteal -m "not oracle and not docs" --cov --cov-report=term:skip-covered --cov-fail-under=90

test-all: coverage test oracle

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The notebooks are run as the pages are built; PLACEATLAS_DOCS_NOTEBOOKS=off leaves them unrun.
docs: $(VENV)/.dev
	$(BIN)/python -m sphinx -q -W --keep-going -b html docs docs/_build/html
	$(PYTEST) -q -m docs tests/meta/test_docs.py
	@echo docs/_build/html/index.html

bench: $(VENV)/.dev
	$(BIN)/python -m tests.benchmarks

# The attack: damaged files to every reader, kills of every verb that writes. Each prints its table and fails on a failure.
fuzz: $(VENV)/.dev
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.fuzz

torture: $(VENV)/.dev
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.torture

# The tests on the oldest versions that pyproject.toml allows, without what only pages and benchmarks need; ONLY=tests/geo for a part.
# Keys of minisign need a newer cryptography than other signatures do, and are left out.
# What old libraries use of newer ones beneath them is deprecated there: said, and no fault of ours.
lowest:
	$(PYTHON) -m venv $(VENV)-lowest
	$(VENV)-lowest/bin/python -m pip install --quiet --disable-pip-version-check uv
	$(VENV)-lowest/bin/uv pip install --quiet --python $(VENV)-lowest/bin/python --resolution lowest-direct \
	  --only-binary :all: --no-binary placeatlas --no-binary odfpy --editable '.[test,notebooks,browser,sign,packs,databases]'
	$(VENV)-lowest/bin/python -m pytest -n 2 --dist worksteal -W default::DeprecationWarning -m "not oracle and not docs and not browser" -k "not minisign" $(ONLY)

# What is installed, as CycloneDX.
sbom: $(VENV)/.installed
	$(PYTHON) -m venv $(VENV)-sbom
	$(VENV)-sbom/bin/python -m pip install --quiet --disable-pip-version-check cyclonedx-bom
	$(VENV)-sbom/bin/cyclonedx-py environment $(BIN)/python --output-reproducible --output-file sbom.json

# Known vulnerabilities of what is installed: asks the network (PyPI's advisories), and so runs only when asked for.
audit: $(VENV)/.installed
	$(PYTHON) -m venv $(VENV)-sbom
	$(VENV)-sbom/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	$(BIN)/python -m pip freeze --exclude-editable | $(VENV)-sbom/bin/pip-audit --strict --disable-pip --no-deps --requirement /dev/stdin

oracle: system $(VENV)/.dev
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get install -y -q r-cran-spdep r-cran-spdata r-cran-spatialreg r-cran-nlme r-cran-metafor >/dev/null; fi
	$(PYTEST) -m oracle

# The bundled data are built in an environment of their own, pinned by version and hash, so that they come out byte for byte.
rebuild-bundled:
	rm -rf $(VENV)-bundled
	$(PYTHON) -m venv $(VENV)-bundled
	$(VENV)-bundled/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r boundaries/bundled/environment.txt
	$(VENV)-bundled/bin/python -m boundaries.bundled.build

# System packages (Chromium for the browser tests) are installed where we may; elsewhere the tests that need them say so.
system:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  for name in $$(grep -v '^#' apt.txt); do dpkg -s $$name >/dev/null 2>&1 || missing="$$missing $$name"; done; \
	  if [ -n "$$missing" ]; then apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -q $$missing >/dev/null; fi; \
	else echo "system packages of apt.txt not installed: no root, or no apt-get"; fi

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/.dev: pyproject.toml $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	touch $@

clean:
	rm -rf docs/_build $(VENV) $(VENV)-bundled .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage dist build
