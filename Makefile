# Copyright 2026 The Spate Authors
# SPDX-License-Identifier: Apache-2.0
#
# The one entrance: `make help` lists the verbs, and continuous integration (.ci/run) uses the same ones.

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS   += --no-builtin-rules

GO      ?= go
BIN     := $(CURDIR)/bin
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION)

# All that is shipped is built without C; only test-race turns it on, because the race detector needs it.
export CGO_ENABLED := 0
export TAXI

##@ Use

.PHONY: help
help: ## list the verbs
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/spate
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $(BIN)/spate ./cmd/spate

.PHONY: run
run: build ## run the main job: a live auction house
	examples/auctions/run.sh $(BIN)/spate

.PHONY: run-taxi
run-taxi: build ## run the taxi job over a file of rides (DATA=FILE)
	@test -n "$(DATA)" || { echo 'say which file: make run-taxi DATA=rides.csv' >&2; exit 2; }
	DATA='$(DATA)' examples/taxi/run.sh $(BIN)/spate

##@ Check

.PHONY: check
check: tidy-check vet lint arch ## fmt, vet, lint, arch: what every change must pass

.PHONY: fmt
fmt: $(BIN)/golangci-lint ## format all Go files
	$(BIN)/golangci-lint fmt

.PHONY: vet
vet: ## go vet, with and without invariants
	$(GO) vet ./...
	$(GO) vet -tags invariants ./...

.PHONY: lint
lint: $(BIN)/golangci-lint ## all linters and the formatting, without changing a file (P=./internal/sql/...)
	$(BIN)/golangci-lint fmt --diff $(or $(P),./...)
	$(BIN)/golangci-lint run $(or $(P),./...)

.PHONY: arch
arch: ## layers, package docs, licence headers, documents
	$(GO) test ./internal/arch/...

.PHONY: tidy-check
tidy-check:
	$(GO) mod tidy -diff

##@ Test

.PHONY: test
test: ## unit and SQL tests, with invariants
	$(GO) test -tags invariants -shuffle=on ./...

.PHONY: test-matrix
test-matrix: ## every SQL file in every cell: parallelism, batch size, hardship
	$(GO) test -tags invariants ./test/sql -args -matrix

.PHONY: accept
accept: $(BIN)/accept ## recorded cases of other engines (DATA=FOLDER, RATCHET=1, OUT=FILE, TAXI=FILE)
	@test -n "$(DATA)" || { echo 'say where the cases are: make accept DATA=FOLDER' >&2; exit 2; }
	$(BIN)/accept -data '$(DATA)' $(if $(RATCHET),-ratchet test/accept/ratchet.tsv) $(if $(OUT),-out '$(OUT)')

.PHONY: accept-rebase
accept-rebase: $(BIN)/accept ## write the counts of test/accept/ratchet.tsv anew (DATA=FOLDER)
	@test -n "$(DATA)" || { echo 'say where the cases are: make accept-rebase DATA=FOLDER' >&2; exit 2; }
	$(BIN)/accept -data '$(DATA)' -ratchet test/accept/ratchet.tsv -rebase

.PHONY: $(BIN)/accept
$(BIN)/accept:
	$(GO) build -trimpath -o $@ ./test/accept

.PHONY: test-race
test-race: ## the same under the race detector
	CGO_ENABLED=1 $(GO) test -tags invariants -race ./...

.PHONY: fuzz
fuzz: ## every fuzz target for a while (TIME=30s, P=./internal/sql/...)
	$(GO) list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' $(or $(P),./...) | while read -r pkg; do \
		$(GO) test -list '^Fuzz' "$$pkg" | { grep '^Fuzz' || true; } | while read -r target; do \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(or $(TIME),30s) "$$pkg"; \
		done; \
	done

.PHONY: rewrite
rewrite: ## refresh the golden files, then read the diff (P=./internal/sql/...)
	$(GO) test $(or $(P),$$(grep -rlE 'cockroachdb/datadriven|"rewrite"' --include='*_test.go' . | xargs -r -n1 dirname | sort -u)) -args -rewrite
	git diff --stat

.PHONY: cover
cover: ## coverage of all packages, as a page in bin/cover.html
	mkdir -p $(BIN)
	$(GO) test -tags invariants -coverpkg=./... -coverprofile=$(BIN)/cover.out ./...
	$(GO) tool cover -html=$(BIN)/cover.out -o $(BIN)/cover.html
	$(GO) tool cover -func=$(BIN)/cover.out | tail -1

##@ Measure

COUNT ?= 6

.PHONY: bench
bench: ## benchmarks of the packages whose path holds P (P=formats, COUNT=1, B=Name)
	$(GO) test -run '^$$' -bench '$(or $(B),.)' -benchmem -count $(if $(filter command line,$(origin COUNT)),$(COUNT),1) \
		$$($(GO) list ./... | grep -F '$(P)')

.PHONY: bench-cmp
bench-cmp: $(BIN)/benchstat ## compare benchmarks with another commit (BASE=main, P=col/kernel, COUNT=6)
	@test -n "$(BASE)" || { echo 'say which commit: make bench-cmp BASE=main P=col/kernel' >&2; exit 2; }
	rm -rf $(BIN)/base && git worktree prune && git worktree add --detach $(BIN)/base $(BASE)
	$(MAKE) --no-print-directory -C $(BIN)/base -f $(CURDIR)/Makefile bench P='$(P)' B='$(B)' COUNT=$(COUNT) > $(BIN)/bench.base.txt
	$(MAKE) --no-print-directory bench P='$(P)' B='$(B)' COUNT=$(COUNT) > $(BIN)/bench.head.txt
	git worktree remove --force $(BIN)/base
	$(BIN)/benchstat $(BIN)/bench.base.txt $(BIN)/bench.head.txt

# Tools are compiled once into bin/ from their own module, so that they never show in the engine's go.mod.
$(BIN)/golangci-lint: tools/go.mod tools/go.sum
	$(GO) build -C tools -trimpath -o $@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint

$(BIN)/benchstat: tools/go.mod tools/go.sum
	$(GO) build -C tools -trimpath -o $@ golang.org/x/perf/cmd/benchstat
