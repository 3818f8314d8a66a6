# Two commands do everything on Debian 12 with Swift 6.3: make demo, make test.

APT ?= apt-get
PREFIX ?= /usr/local
CAUCHY := .build/release/cauchy
DEMO ?= lorenz robertson arenstorf bouncing-ball
# The C libraries that are used, and what Swift needs to fetch and link packages.
PACKAGES ?= libgsl-dev libopenblas-dev libsuitesparse-dev libnlopt-dev git ca-certificates binutils \
  libc6-dev libstdc++-12-dev gnuplot-nox
# What only the tests need beside: a browser for the page.
TEST_PACKAGES ?= chromium

.PHONY: help setup build demo test format lint install clean

help:
	@echo "make demo             install what is missing, build, solve a few problems"
	@echo "make test             install what is missing, run all tests"
	@echo "make build            build in release: $(CAUCHY)"
	@echo "make install          install the command under PREFIX=$(PREFIX)"
	@echo "make format, lint     format the sources, check their format"
	@echo "make clean            remove what was built"

setup:
	@command -v swift >/dev/null || { \
	  echo "Swift 6.3 is missing: install it from https://www.swift.org/install/linux" >&2; exit 1; }
	@command -v dpkg-query >/dev/null || { \
	  echo "This is not Debian: install GSL, OpenBLAS, SuiteSparse and NLopt with their headers yourself." >&2; exit 0; }; \
	missing=""; \
	for package in $(PACKAGES); do \
	  dpkg-query -W -f '$${Status}\n' $$package 2>/dev/null | grep -q '^install ok installed' \
	    || missing="$$missing $$package"; \
	done; \
	[ -z "$$missing" ] && exit 0; \
	sudo=""; \
	if [ "$$(id -u)" != 0 ]; then \
	  command -v sudo >/dev/null || { echo "As root, run: apt-get install$$missing" >&2; exit 1; }; \
	  sudo=sudo; \
	fi; \
	echo "Installing with apt-get:$$missing"; \
	$$sudo $(APT) update -qq; \
	$$sudo env DEBIAN_FRONTEND=noninteractive $(APT) install -y -qq --no-install-recommends $$missing

build: setup
	swift build -c release --product cauchy

demo: build
	@for name in $(DEMO); do \
	  echo; echo "cauchy solve problems/$$name.yaml"; \
	  $(CAUCHY) solve problems/$$name.yaml || exit 1; \
	done; \
	echo; echo "The results:"; \
	for name in $(DEMO); do \
	  echo "  outputs/$$name/latest/trajectory.csv"; \
	done; \
	echo "More problems: $(CAUCHY) list"

test: PACKAGES += $(TEST_PACKAGES)
test: setup
	swift test -c release

format:
	swift format -r -i Sources Tests Package.swift

lint:
	swift format lint -r --strict Sources Tests Package.swift

install: build
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(CAUCHY) $(DESTDIR)$(PREFIX)/bin/cauchy

clean:
	rm -rf .build
