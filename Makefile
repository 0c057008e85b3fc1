# `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

VENV := .venv
PYTHON := $(VENV)/bin/python
APPS := loyalty_project customers rewards campaigns redemptions reporting
# Two is right for the smallest machine; more only where there is more.
WORKERS ?= 2

# Candidates are tried by running them: a shim may be there and still not run.
define find_python
for candidate in $(WAFA_PYTHON) python3.13 python3.12 python3.11 python3 \
    /usr/bin/python3 /usr/local/bin/python3 /opt/homebrew/bin/python3; do \
  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
    if "$$candidate" -c 'import ensurepip, venv' >/dev/null 2>&1; then echo "$$candidate"; exit 0; fi; \
    lacks=$$candidate; \
  fi; \
done; \
if [ -n "$${lacks:-}" ]; then \
  echo "$$lacks cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
else \
  echo "Python 3.11 or newer was not found. On Debian and Ubuntu: apt-get install python3 python3-venv" >&2; \
fi; \
exit 1
endef

# $(1): the lock to install. The stamp holds its hash, so that only a changed lock installs again.
define install
set -eu; hash=$$(cksum $(1) | cut -d' ' -f1,2 | tr ' ' '-'); \
stamp=$(VENV)/.installed-$(1)-$$hash; \
if [ ! -e "$$stamp" ] || ! $(PYTHON) -c '' 2>/dev/null; then \
  if ! $(PYTHON) -c '' 2>/dev/null; then \
    found=$$($(find_python)); \
    rm -rf $(VENV); \
    echo "Making $(VENV) with $$found"; \
    "$$found" -m venv $(VENV); \
  fi; \
  echo "Installing $(1)"; \
  rm -f $(VENV)/.installed-*; \
  if uv --version >/dev/null 2>&1; then \
    uv pip install --quiet --python $(PYTHON) --no-deps --require-hashes -r $(1); \
  else \
    $(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(1); \
  fi; \
  touch "$$stamp"; \
  case $(1) in *-dev.lock) touch "$(VENV)/.installed-requirements-embedded.lock-$$(cksum requirements-embedded.lock | cut -d' ' -f1,2 | tr ' ' '-')";; esac; \
fi
endef

.PHONY: help
help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name text; do printf '  make %-14s %s\n' "$$name" "$$text"; done

.PHONY: install
install: ## Make .venv with what `make run` needs
	@$(call install,requirements-embedded.lock)

.PHONY: install-dev
install-dev: ## Make .venv with what `make test` needs
	@$(call install,requirements-dev.lock)

.PHONY: run
run: install ## Start Wafa with demo data (PORT, HOST, WAFA_DATA_DIR; Ctrl-C stops it)
	@exec $(PYTHON) manage.py up --with-parent

.PHONY: test
test: lint browser ## Lint, types, contracts and all tests but the nightly ones
	@$(PYTHON) -m pytest -n $(WORKERS) --dist worksteal -m "not nightly" -q

.PHONY: nightly
nightly: lint browser ## The long form of `make test`
	@WAFA_NIGHTLY=1 $(PYTHON) -m pytest -n $(WORKERS) --dist worksteal -q

.PHONY: lint
lint: install-dev ## Lint, format, types, import contracts, hosts in lock files
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@$(VENV)/bin/lint-imports --no-logo
	@set -eu; found=$$(git grep -nE 'https?://' -- '*.lock' 'requirements*' || true); \
	if [ -n "$$found" ]; then echo "$$found"; echo "A lock file names a host: run make lock" >&2; exit 1; fi

.PHONY: browser
browser: install-dev
	@if [ -n "$${CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
	    || command -v google-chrome >/dev/null || [ -d "/Applications/Google Chrome.app" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium for the browser tests"; \
	  { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null && exit 0; \
	fi; \
	if [ "$${REQUIRE_BROWSER:-}" = 1 ]; then echo "Chromium is missing and REQUIRE_BROWSER=1" >&2; exit 1; fi; \
	echo "*** Chromium is missing: THE BROWSER TESTS ARE LEFT OUT. apt-get install chromium ***" >&2

.PHONY: messages
messages: install-dev ## Extract the texts anew and compile the catalogues (needs gettext)
	@set -eu; for folder in loyalty_project/locale/*/LC_MESSAGES; do \
	  msggrep --force-po --no-wrap --extracted-comment -e '^from ' $$folder/django.po -o $$folder/packages.po; \
	done; \
	$(PYTHON) manage.py makemessages --all --no-location --no-wrap --no-obsolete --ignore tests --ignore var; \
	for folder in loyalty_project/locale/*/LC_MESSAGES; do \
	  msgcat --no-wrap --use-first $$folder/django.po $$folder/packages.po -o $$folder/django.po; \
	  rm $$folder/packages.po; \
	  msgfmt --check-format --statistics $$folder/django.po -o $$folder/django.mo; \
	done

.PHONY: requirements
requirements: install-dev ## Row of docs/requirements.md → tests → result
	@$(PYTHON) -m pytest -n $(WORKERS) -q --requirements

.PHONY: bench
bench: install-dev ## Measure the main paths (tests/benchmarks)
	@$(PYTHON) -m tests.benchmarks

.PHONY: mutants
mutants: install-dev ## Break the engine in one place at a time and see a test fail (tests/mutation)
	@$(PYTHON) -m tests.mutation --workers $(WORKERS)

.PHONY: shell
shell: install ## A Python shell with the models
	@exec $(PYTHON) manage.py shell

.PHONY: demo-reset
demo-reset: install ## Empty the database and load the demo again
	@exec $(PYTHON) manage.py reset_demo --yes

.PHONY: lock
lock: ## Write the lock files anew (needs uv)
	@set -eu; for wish in :requirements.lock "--extra embedded:requirements-embedded.lock" "--extra dev:requirements-dev.lock"; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url --no-emit-find-links $(LOCK_OPTIONS) $${wish%:*} pyproject.toml -o "$${wish#*:}"; \
	  echo "Wrote $${wish#*:}"; \
	done

.PHONY: clean
clean: ## Remove .venv and caches; data in var/ stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.*
