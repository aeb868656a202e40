# A thin front of CMake and the scripts in tools/. `make` builds, `make demo`
# runs an example, `make test` runs what a commit needs; CONTRIBUTING.md lists
# the rest. Every target does the set-up it needs.

PRESET ?= release
PREFIX ?= /usr/local
DESTDIR ?=
JOBS ?=
ONLY ?=
TENON_ENGINE_DIR ?=

build = build/$(PRESET)
configure_args = -DCMAKE_INSTALL_PREFIX='$(PREFIX)' \
  $(if $(TENON_ENGINE_DIR),-DTENON_ENGINE_DIR='$(abspath \
  $(TENON_ENGINE_DIR))',-UTENON_ENGINE_DIR)
example = examples/native-functions
# The groups of tests that start threads.
threaded = loop threads async await cancel child graph permission pool progress \
  promise shared source stream watch whose

export TENON_ENGINE_DIR

.DEFAULT_GOAL := all

# Ninja runs in parallel by itself; the targets here follow one another.
.NOTPARALLEL:
.PHONY: all setup configure demo test check-all asan tsan bench format \
  install clean distclean

setup:
	@sh tools/setup.sh

# Configures again only when the arguments or the presets have changed.
configure: setup
	@args="$(configure_args)"; \
	if [ ! -f $(build)/build.ninja ] || \
	   [ CMakePresets.json -nt $(build)/configured ] || \
	   [ "$$(cat $(build)/configured 2>/dev/null)" != "$$args" ]; then \
	  cmake --preset $(PRESET) $(configure_args) && \
	  printf '%s\n' "$$args" >$(build)/configured; \
	fi

all: configure
	@cmake --build $(build) $(if $(JOBS),--parallel $(JOBS))

# Below, all is no prerequisite: one run may build several presets.
demo:
	@$(MAKE) --no-print-directory all PRESET=release
	@build/release/$(example)/native-functions $(example)/main.js

test:
	@$(MAKE) --no-print-directory all
	@sh tools/run-tests.sh $(build)

asan:
	@$(MAKE) --no-print-directory all PRESET=asan
	@sh tools/run-tests.sh build/asan --sanitize

tsan:
	@$(MAKE) --no-print-directory all PRESET=tsan
	@failed=0; for group in $(threaded); do \
	  sh tools/run-tests.sh build/tsan --sanitize --only $$group || failed=1; \
	done; exit $$failed

# Under the sanitizers every allocation fails once, in turn; 0 is no sample.
check-all:
	@$(MAKE) --no-print-directory test
	@TENON_OOM_SAMPLE=0 $(MAKE) --no-print-directory asan
	@$(MAKE) --no-print-directory tsan

bench:
	@$(MAKE) --no-print-directory all PRESET=release
	@cmake --build build/release --target bare-qjs
	@sh tools/fetch-peers.sh build/peers
	@sh tools/fetch-npm.sh build/bench-packages bench/packages || true
	@build/release/bench/tenon-bench --json build/bench.json \
	  $(if $(ONLY),--only '$(ONLY)') --peers build/peers \
	  $$(test ! -f build/bench-packages/stamp || echo --packages build/bench-packages) \
	  --commit "$$(git describe --always --dirty 2>/dev/null || echo unknown)" \
	  build/release

format: setup
	@sh tools/check-format.sh --fix

install:
	@$(MAKE) --no-print-directory all PRESET=release
	@DESTDIR='$(DESTDIR)' cmake --install build/release

# The fetched engine stays.
clean:
	@rm -rf build/dev build/release build/asan build/tsan

distclean:
	@rm -rf build
