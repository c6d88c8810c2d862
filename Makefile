# Two commands do everything: `make run` and `make test`. Both install what is missing, say what they do, and are quick
# the second time.

PACKAGES := libncurses-dev libsqlite3-dev zlib1g-dev
TEST_PACKAGES := $(PACKAGES) python3 tmux
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
SWIFT ?= swift
WORKSPACE ?= sample-data/subway
SOURCES := $(shell find Sources Tests Benchmarks -name '*.swift' -not -name '*.pb.swift' 2>/dev/null)

.PHONY: run test build deps lint format bench clean help

help:
	@echo "make run     install missing Debian packages, build a release, open the dashboard on $(WORKSPACE)"
	@echo "make test    install the same, python3 and tmux, build and run every test"
	@echo "make build   only the release binary, .build/release/streamtop"
	@echo "make lint    check the format, strictly"
	@echo "make format  format every source file"
	@echo "make bench   measure the release binary: dashboard, engine, broker, beside other systems (15 minutes)"

run: build
	@.build/release/streamtop $(WORKSPACE) $(ARGS)

build: deps
	@echo "== building streamtop (release); the first time takes about 10 minutes on 2 cores"
	@$(SWIFT) build -c release --product streamtop
	@echo "== built .build/release/streamtop"

test: PACKAGES := $(TEST_PACKAGES)
test: deps
	@echo "== building and running the tests; the first time takes about 9 minutes on 2 cores"
	@$(SWIFT) build --build-tests
	@$(SWIFT) test --skip-build
	@echo "== replaying the recordings through the real program, undisturbed, damaged, and killed twenty times"
	@for check in replay_recordings corrupt_recordings kill_and_restart; do \
	  python3 Tests/EndToEnd/$$check.py .build/debug/streamtop || exit 1; done

lint:
	@$(SWIFT) format lint --strict --parallel --configuration .swift-format $(SOURCES) Package.swift
	@echo "== format is right"

format:
	@$(SWIFT) format --in-place --parallel --configuration .swift-format $(SOURCES) Package.swift

bench: build
	@python3 Benchmarks/dashboard.py .build/release/streamtop
	@python3 Benchmarks/engine.py .build/release/streamtop --peers duckdb
	@python3 Benchmarks/nexmark.py .build/release/streamtop
	@python3 Benchmarks/transforms.py .build/release/streamtop
	@python3 Benchmarks/pubsub.py .build/release/streamtop
	@python3 Benchmarks/broker.py
	@python3 Benchmarks/latency.py .build/release/streamtop

deps:
	@command -v $(SWIFT) >/dev/null || { echo "streamtop needs Swift 6.1 or newer: https://www.swift.org/install/linux/"; exit 1; }
	@missing=""; for package in $(PACKAGES); do \
	  dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; done; \
	if [ -n "$$missing" ]; then echo "== installing Debian packages:$$missing"; \
	  $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y --no-install-recommends $$missing; \
	else echo "== Debian packages are there: $(PACKAGES)"; fi

clean:
	rm -rf .build
