# The front door; the work itself is in scripts/. `make help` lists what there is.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PREFIX ?= /usr/local
DESTDIR ?=
# Which kernels `make test` uses: 6.1, any of 6.1 6.12 7.2, or all.
KERNELS ?=

aggctl := .build/release/aggctl
built_in := Sources/AggctlCommands/Generated/BuiltInProfiles.swift
share := $(DESTDIR)$(PREFIX)/share
bash_completion := $(share)/bash-completion/completions/aggctl
zsh_completion := $(share)/zsh/site-functions/_aggctl
fish_completion := $(share)/fish/vendor_completions.d/aggctl.fish

.PHONY: help
help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo '  KERNELS=all for test and verify-decisions (default 6.1); PREFIX=/usr/local and DESTDIR= for install and uninstall'

.PHONY: packages
packages: ## Install the Debian packages that building, the lab and the tests need
	@scripts/install-packages

.PHONY: demo
demo: build ## Show the whole path, from recommendation to failover drill, in the lab kernel
	@scripts/install-packages lab
	@scripts/demo $(aggctl)

.PHONY: test
test: packages ## Run the checks and every level of test
	@KERNELS='$(KERNELS)' scripts/run-tests

# The Swift runtime needs libstdc++; put first in the search, the static one is taken. Loading the shared one was a
# quarter of the start. Nobody links against a program, so it exports nothing, and a program that root runs does not look
# for libraries beside itself. -s strips while linking: stripping afterwards would make every build link again. -z now: the
# table of functions cannot be written once the program runs.
.PHONY: build
build: ## Build the release program, .build/release/aggctl
	@scripts/install-packages build
	@mkdir -p .build/static && ln -sf "$$(clang -print-file-name=libstdc++.a)" .build/static/libstdc++.a
	swift build -c release --static-swift-stdlib --disable-local-rpath --product aggctl \
		-Xlinker -L.build/static -Xlinker --no-export-dynamic -Xlinker -s -Xlinker -z -Xlinker now \
		-Xcc -fstack-protector-strong
	@if ldd $(aggctl) | grep -E 'swift|Foundation|not found'; then \
		echo 'build: the program needs more than the C libraries (above)' >&2; exit 1; fi

$(aggctl):
	$(MAKE) build

.PHONY: install
install: $(aggctl) ## Install program, manual pages, completions and profiles below PREFIX
	install -D -m 755 $(aggctl) $(DESTDIR)$(PREFIX)/bin/aggctl
	install -d $(share)/man/man1 $(share)/aggctl $(dir $(bash_completion) $(zsh_completion) $(fish_completion))
	install -m 644 docs/man/*.1 $(share)/man/man1/
	$(aggctl) --generate-completion-script bash >$(bash_completion)
	$(aggctl) --generate-completion-script zsh >$(zsh_completion)
	$(aggctl) --generate-completion-script fish >$(fish_completion)
	rm -rf $(share)/aggctl/profiles
	if [ -d profiles ]; then cp -R profiles $(share)/aggctl/profiles; fi

.PHONY: uninstall
uninstall: ## Remove what install put below PREFIX
	rm -f $(DESTDIR)$(PREFIX)/bin/aggctl $(addprefix $(share)/man/man1/,$(notdir $(wildcard docs/man/*.1)))
	rm -f $(bash_completion) $(zsh_completion) $(fish_completion)
	rm -rf $(share)/aggctl

.PHONY: bench
bench: build ## Measure against ip and write .build/bench.json
	@scripts/install-packages lab
	@scripts/bench $(aggctl)

.PHONY: verify-decisions
verify-decisions: ## Apply drawn plans of recommend and hold what it calls met to what is seen (CASES=, SEED=, CASE=)
	@scripts/install-packages
	@CASES='$(CASES)' SEED='$(SEED)' CASE='$(CASE)' KERNELS='$(KERNELS)' scripts/verify-decisions

.PHONY: mutants
mutants: ## Put mistakes into a copy of the code, one at a time, and print which tests notice (ONLY=, KERNEL=1)
	@scripts/install-packages test
	@ONLY='$(ONLY)' KERNEL='$(KERNEL)' scripts/mutants

.PHONY: fuzz
fuzz: ## Fuzz what reads bytes of others, SECONDS_EACH=60 a reader
	@scripts/install-packages build
	@scripts/fuzz

.PHONY: format
format: ## Format the Swift sources
	swift format --in-place --recursive --parallel Sources Tests Benchmarks Package.swift

.PHONY: lint
lint: ## Check format, imports and scripts
	@scripts/install-packages test
	@scripts/run-tests lint

.PHONY: docs
docs: ## Write the manual pages, the option reference and the feature matrix again from the program
	@scripts/install-packages build
	scripts/generate-docs docs

.PHONY: measure
measure: ## Measure every option in the lab kernel and write that part of the option reference again
	@scripts/install-packages test
	scripts/measure-options

.PHONY: generate
generate: ## Write profiles/ into the program again
	scripts/build-tests -q --product ProfileGenerator
	.build/tests/release/ProfileGenerator profiles >.build/BuiltInProfiles.swift
	mv .build/BuiltInProfiles.swift $(built_in)

.PHONY: clean
clean: ## Remove everything that was built; the fetched lab kernels stay
	find .build -mindepth 1 -maxdepth 1 ! -name lab-kernels -exec rm -rf {} +
