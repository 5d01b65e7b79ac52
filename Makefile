# The two commands: `make run` and `make test`. Both set the machine up first (as root or with sudo) and say what they install.
PORT ?= 8080
DATA ?= ./data
LAN ?=
EDGE ?= 8443

# LAN=1 also answers phones in the same network, over https with a certificate of its own making.
LISTEN = $(if $(LAN),0.0.0.0,127.0.0.1):$(PORT)

.PHONY: help run test test-long bench bench-turn sim setup setup-test
.DEFAULT_GOAL := help

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20
	@echo "  PORT=$(PORT) EDGE=$(EDGE) DATA=$(DATA) LAN=1 (https for phones in the same network)"

run: setup ## Build everything and serve the demo
	cargo xtask web
	cargo run --package server -- demo --listen $(LISTEN) --data $(DATA) --edge $(EDGE) $(if $(LAN),--lan)

test: setup-test ## Run all checks and tests, browsers included
	@cargo xtask test

test-long: setup-test ## The same, and the journeys that take minutes
	@cargo xtask test --long

bench: setup-test ## Measure the release build beside floors of the same run (ROUNDS=5 tries it out)
	cargo xtask web
	@cargo xtask bench

bench-turn: setup-test ## What a relayed packet costs, beside coturn and a bare forwarder
	cargo bench --package server --bench turn

sim: ## Simulate evenings of the queue: waits by class, against other orders
	@cargo run --quiet --package signaling --example sim

setup: ## Install what building and serving needs
	@xtask/setup.sh run

setup-test: ## Install what the tests need as well
	@xtask/setup.sh test
