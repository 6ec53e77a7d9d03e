# The PCU suite. `make demo` shows it, `make test` proves it; both install what is missing.
#
# Settings from the environment: ODOO_HOME (a checkout of Odoo 19), DATABASE_URL (an
# existing PostgreSQL server), PYTHON, PCU_RUN_DIR (run-time state, default .run).

SHELL := /bin/bash
TOOLS := .venv/tools/bin/python

.PHONY: help setup demo demo-check test test-modules test-e2e lint bench \
        bench-register bench-exchange proof two-servers lock clean \
        distclean screenshots

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

setup:  ## bring what is missing (nothing the second time)
	@scripts/setup.sh

demo: setup  ## PostgreSQL, mail, platform, Odoo with a demo town hall; stays up
	@exec $(TOOLS) scripts/demo.py

demo-check: setup  ## the same headless, then the whole way of one request, step by step
	@$(TOOLS) scripts/demo.py --check

test: setup  ## everything: lint, module tests, platform, end to end
	@$(TOOLS) scripts/test.py

test-modules: setup  ## the modules' own tests in Odoo
	@$(TOOLS) scripts/test.py lower upper

test-e2e: setup  ## end to end over real processes
	@$(TOOLS) scripts/test.py e2e waiting

lint: setup  ## ruff, pylint-odoo, spelling, XML, translations, compose file
	@$(TOOLS) scripts/test.py lint

bench: setup  ## benchmarks, as ratios against a baseline of the same run
	@$(TOOLS) bench/numbering.py
	@$(TOOLS) bench/register_print.py
	@$(TOOLS) bench/stamping.py
	@$(TOOLS) bench/desk.py

proof: setup  ## floods, kills, long imports: nothing lost, nothing twice (PCU_PROOF=20: small)
	@PCU_PROOF=$${PCU_PROOF:-200} $(TOOLS) scripts/test.py proof

two-servers: setup  ## two Odoo servers on one database share the work; one is killed; stays up
	@exec $(TOOLS) scripts/two_servers.py

bench-register: setup  ## questions to a register of 1 M and 5 M entries (an hour, 40 GB)
	@$(TOOLS) bench/register_scale.py

bench-exchange: setup  ## the exchange with a platform: rate, idle tenants, a hanging one (an hour)
	@$(TOOLS) bench/exchange.py

screenshots: setup  ## the main screens, made by the browser test, into docs/screenshots
	@$(TOOLS) scripts/demo.py --check --screenshots docs/screenshots

lock:  ## renew the hash-locked Python dependencies (needs uv)
	uv pip compile requirements/odoo.in --override requirements/overrides.txt \
	  --generate-hashes --python-version 3.11 --no-header -o requirements/odoo.lock
	uv pip compile requirements/tools.in \
	  --generate-hashes --python-version 3.11 --no-header -o requirements/tools.lock

clean:  ## remove run-time state: database cluster, filestore, mail, logs
	@scripts/clean.sh

distclean: clean  ## remove the environments and Odoo too
	rm -rf .venv .odoo
