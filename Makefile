# The commands of this project. `make` alone lists them. Everything sets up what it needs first, and can be repeated.
.DEFAULT_GOAL := help
.PHONY: help setup demo down test lint bench clean

NODE := $(shell command -v node)
ifeq ($(NODE),)
$(error Node.js 20.19 or newer is needed: https://nodejs.org, or your package manager)
endif

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

setup: ## everything a fresh machine needs: npm and Python packages, the Pulumi CLI and its Snowflake provider
	@node toolchain/setup.mjs

demo: ## deploy the stack to a local Snowflake and run its task graph on real data; THRESHOLD=0.99 lets the quality gate fail
	@node toolchain/demo.mjs $(if $(THRESHOLD),--threshold=$(THRESHOLD))

down: ## remove everything the demo has made, and stop the local Snowflake
	@node toolchain/down.mjs

test: ## every check and every test
	@node toolchain/test.mjs

lint: ## the checks alone
	@node toolchain/test.mjs --checks

bench: ## speed, as lines of JSON
	@node toolchain/setup.mjs >&2
	@npm run --silent bench

clean: ## delete what set-up has built and downloaded; the local stack (.local) stays
	@rm -rf .cache node_modules local-snowflake/dist pipeline/dist
