# Everything that is needed is set up on the first run and kept in .bench/; see dev/ and the README.
#   FRAPPE_BENCH=DIR     use an existing bench        FRAPPE_BRANCH=version-16   the branch taken from GitHub
#   FRAPPE_SOURCE=...    force bench, github or registry
PYTHON ?= python3
DEV = $(PYTHON) -m dev $(if $(SITE),--site $(SITE))

.PHONY: help setup demo test benchmark lint stop clean

help:
	@echo "make demo              a demo site with made-up people, served on this machine"
	@echo "make demo UNTIL=2021-01-18   the same, on the day before the mayor decides"
	@echo "make demo CHECK=1      the demo's own check: exits with its status"
	@echo 'make test ARGS="-k x"  the tests; ARGS goes to pytest'
	@echo "make benchmark         the benchmarks"
	@echo "make lint              ruff"
	@echo "make setup             only set everything up and start MariaDB and Redis"
	@echo "make stop              end what was started here"
	@echo "make clean             stop, and remove all that was set up"

setup:
	@$(DEV) setup

demo:
	@$(DEV) demo $(if $(filter-out 0,$(CHECK)),--check) $(if $(UNTIL),--until $(UNTIL))

test:
	@$(DEV) test $(ARGS)

benchmark:
	@$(DEV) benchmark $(ARGS)

lint:
	@$(DEV) lint $(ARGS)

stop:
	@$(DEV) stop

clean:
	@$(DEV) clean
