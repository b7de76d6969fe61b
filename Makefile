# Everything here works on a machine with Python 3.11 or later and make; `make demo` and `make test` are all a newcomer needs.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all:

.PHONY: demo test test-all bench check judges postgresql ray score bench-archives bench-bulk fuzz lock clean

demo: .venv/.installed
	$(BIN)/scrapy demo

test: .venv/.installed-dev postgresql
	$(BIN)/python -m pytest -n auto --dist loadgroup -m "not drill"

test-all: .venv/.installed-dev postgresql judges ray
	$(BIN)/python -m pytest -n auto --dist loadgroup

bench: .venv/.installed-dev
	$(BIN)/python -m benchmarks.archive
	$(BIN)/python -m benchmarks.crawl
	$(BIN)/python -m benchmarks.extraction

check: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .

.venv/.installed: requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "pressmark needs Python 3.11 or later; name one with: make PYTHON=python3.11 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) -r requirements.lock
	touch $@

.venv/.installed-dev: requirements-dev.lock .venv/.installed
	$(PIP) -r requirements-dev.lock
	touch $@

# Many machines: Ray is an optional extra, and the core never imports it.
ray: .venv/.installed-ray
.venv/.installed-ray: requirements-ray.lock .venv/.installed
	$(PIP) -r requirements-ray.lock
	touch $@

# The server that the catalogue's tests start and end, where it is not there and may be installed. CI must have it.
postgresql:
	@{ ls /usr/lib/postgresql/*/bin/pg_ctl || command -v pg_ctl; } >/dev/null 2>&1 || test "$$(id -u)" != 0 || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends postgresql >/dev/null; } || true

# Outside judges of the archive, each in an environment of its own, so that none lends another its libraries; and tools
# that some drills need.
# Where no browser or npm is to be had, that is said, and the tests that need them are skipped (but not in CI).
JUDGES := warcio fastwarc cdxj-indexer wacz pywb
CHROMIUM := command -v chromium || command -v chromium-browser || command -v google-chrome
judges: $(JUDGES:%=.venv-judges/%/.installed) .venv-judges/replaywebpage/.installed .venv-judges/prometheus/.installed
	@{ command -v strace && command -v wget; } >/dev/null || test "$$(id -u)" != 0 || { apt-get update -qq && apt-get install -qq -y --no-install-recommends strace wget >/dev/null; } || true
	@{ $(CHROMIUM); } >/dev/null || test "$$(id -u)" != 0 || { apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium >/dev/null; } || true
	@{ $(CHROMIUM); } >/dev/null || echo "no Chromium here: install the package chromium, as root"

.venv-judges/%/.installed: tests/judges/%.lock
	rm -rf .venv-judges/$*
	$(PYTHON) -m venv .venv-judges/$*
	.venv-judges/$*/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

.venv-judges/replaywebpage/.installed: tests/judges/replaywebpage.lock
	rm -rf .venv-judges/replaywebpage
	mkdir -p .venv-judges/replaywebpage
	-$(PYTHON) tests/judges/fetch_replaywebpage.py .venv-judges/replaywebpage && touch $@

# Taken out of its package, which would begin a server where it is installed.
.venv-judges/prometheus/.installed:
	rm -rf $(@D)
	mkdir -p $(@D)
	-test "$$(id -u)" != 0 || apt-get update -qq
	-cd $(@D) && apt-get download -qq -o APT::Sandbox::User=root prometheus && dpkg -x *.deb . && rm *.deb && touch .installed

# Locks carry names, versions and hashes alone, and serve every Python from 3.11 on and every platform.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate
lock: .venv/.installed
	$(BIN)/python -m pip install --quiet uv
	$(LOCK) requirements.in -o requirements.lock
	$(LOCK) requirements-dev.in -o requirements-dev.lock
	$(LOCK) requirements-ray.in -o requirements-ray.lock
	for room in rivals rivals-archive rivals-bulk fuzz; do $(LOCK) requirements-$$room.in -o requirements-$$room.lock || exit 1; done
	for judge in $(JUDGES); do $(LOCK) tests/judges/$$judge.in -o tests/judges/$$judge.lock || exit 1; done

# Extraction beside other extractors, on the same pages in the same run; they have an environment of their own.
score: .venv/.installed .venv-rivals/.installed
	$(BIN)/python -m benchmarks.score --rivals .venv-rivals/bin/python

# Fetching and archiving beside the add-ons for Scrapy that write WARC, and beside wget.
bench-archives: .venv/.installed-dev .venv-rivals-archive/.installed
	$(BIN)/python -m benchmarks.rivals_archive --rivals .venv-rivals-archive/bin/python

# Reading the articles of a WARC file in bulk, beside datatrove and beside Spark, which needs Java.
bench-bulk: .venv/.installed-dev .venv-rivals-bulk/.installed
	$(BIN)/python -m benchmarks.bulk --rivals .venv-rivals-bulk/bin/python

# Every reader for SECONDS, by a coverage-guided fuzzer; what it finds it leaves in build/fuzz.
SECONDS ?= 720
READERS := warc message coding cdxj listing
fuzz: .venv-fuzz/.installed
	mkdir -p build/fuzz
	for reader in $(READERS); do .venv-fuzz/bin/python -m tests.fuzz_readers $$reader build/fuzz/$$reader -artifact_prefix=build/fuzz/$$reader- -max_len=8192 -timeout=20 -max_total_time=$(SECONDS) || exit 1; done

.venv-rivals/.installed .venv-rivals-archive/.installed .venv-rivals-bulk/.installed .venv-fuzz/.installed: .venv-%/.installed: requirements-%.lock
	rm -rf .venv-$*
	$(PYTHON) -m venv .venv-$*
	.venv-$*/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	touch $@

clean:
	rm -rf .venv .venv-judges .venv-rivals .venv-rivals-archive .venv-rivals-bulk .venv-fuzz build .mypy_cache .ruff_cache .pytest_cache
