# Every command of PeerWorks. `make` alone lists them; `make run` and `make test` need nothing
# before them but Python 3.11 or later with venv (PYTHON=… names another than the one that is found).

.DEFAULT_GOAL := help
.PHONY: help run test test-fast test-one test-long test-clock browser check fix bench bench-long migrations \
	docs translations shell reset doctor lock
MAKEFLAGS += --no-print-directory

PY := .venv/bin/python
LOCAL := $(PY) -m peerworks.local
RUN_READY := .venv/ready-run
DEV_READY := .venv/ready-dev
PURE := $(wildcard tests/lib tests/rules tests/x12 tests/gates)
COMPILE := $(PY) -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	--python-version 3.11 --custom-compile-command "make lock" pyproject.toml --extra local
export PYTHON YES
unexport MAKEFLAGS MFLAGS MAKELEVEL
# A run starts a hundred Python processes: without compiled files each would compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: $(RUN_READY)  ## start everything and say where; Ctrl-C stops it. PEERWORKS_DEMO=0: your own data
	@exec $(LOCAL) run

test: $(DEV_READY)  ## run all tests, browser included; ARGS="-k name" narrows
	@exec $(LOCAL) test -n 2 --dist worksteal -m "not long" $(ARGS)

test-fast: $(DEV_READY)  ## run the pure tests: no database, no browser
	@exec $(LOCAL) test $(PURE) $(ARGS)

test-one: $(DEV_READY)  ## run one file or test: T=tests/lib/test_units.py::test_name
	@test -n "$(T)" || { echo "Say which:  make test-one T=tests/lib/test_units.py" >&2; exit 2; }
	@exec $(LOCAL) test $(T) $(ARGS)

test-long: $(DEV_READY)  ## run the long proofs, which a release needs and CI does not run
	@exec $(LOCAL) test -m long $(ARGS)

test-clock: $(DEV_READY)  ## run what meets a clock at other moments; AT="2027-03-14 07:40" at one (UTC)
	@exec $(PY) -m tests.clock "$(AT)"

browser: $(DEV_READY)  ## run the browser tests alone
	@exec $(LOCAL) test tests/browser $(ARGS)

check: $(DEV_READY)  ## run every check of the code, change nothing, say how many failed
	@exec $(LOCAL) check

fix: $(DEV_READY)  ## mend what a tool can: format, lint, templates
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format --quiet .
	@find templates -name '*.html' -exec .venv/bin/djade {} +

bench: $(DEV_READY)  ## measure against the floor at 10 thousand notes; JSON=1 for JSON lines
	@exec $(LOCAL) with --clones $(PY) -m tests.bench --notes 10000 $(if $(JSON),--json)

bench-long: $(DEV_READY)  ## the same at 100 thousand notes
	@exec $(LOCAL) with --clones $(PY) -m tests.bench --notes 100000 $(if $(JSON),--json)

migrations: $(DEV_READY)  ## write the migrations that the models ask for; ARGS="billing -n name"
	@exec $(LOCAL) with --tests manage.py makemigrations $(ARGS)

docs: $(DEV_READY)  ## write the pages of docs/ that are made from the code
	@exec $(LOCAL) with --tests $(PY) -m tests.checks.docs --write

translations: $(DEV_READY)  ## write the Spanish catalogue from the code; FROM=folder merges translations
	@exec $(PY) -m tests.checks.catalogue --write $(if $(FROM),--from $(FROM))

shell: $(RUN_READY)  ## open Django's shell on the local database, as the application's role
	@exec $(LOCAL) with manage.py shell

reset: $(RUN_READY)  ## remove the local databases, uploads, mail and keys; YES=1 asks nothing
	@$(LOCAL) reset

doctor:  ## name every part this machine needs, there or not, with the fix; changes nothing
	@sh peerworks/local/environment.sh doctor

lock: $(DEV_READY)  ## compile both locks from pyproject.toml (needs the network)
	@$(COMPILE) --output-file requirements.txt
	@$(COMPILE) --extra dev --constraint requirements.txt --output-file requirements-dev.txt

$(RUN_READY): requirements.txt
	@sh peerworks/local/environment.sh requirements.txt $@

$(DEV_READY): requirements-dev.txt
	@sh peerworks/local/environment.sh requirements-dev.txt $@
