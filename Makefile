# make new DEST=../my-app [ARGS='--data ...']   generate an app, set it up and test it; --vcs-ref HEAD: of the last commit
# make adopt DEST=../old-app [ARGS=--apply]      bring an existing app under the template
# make test [ARGS='-k ...']                      test the template
# make fuzz [FUZZ=50]                            test it with that many times more answers, random ones
# make lint                                      check style and types
# make release VERSION=x.y.z                     make a release ready to be committed and tagged
# make data                                      write template/data.jinja, after a change of the template's YAML files
# make docs                                      write docs/catalogue.md with its pictures, and the index of docs/rules/
# make pyodide                                   run the kinds' tests on Python 3.14, for docs/catalogue.md
# make picture                                   draw docs/make-new.svg, the picture in the README
# make pyz                                       write template/project/tools/validate.pyz
# make bench                                     measure copies, updates, the validator and apps, beside a baseline
# make clean                                     remove what these made for themselves

ifeq ($(OS),Windows_NT)
# There, python3 can be a command that only opens the Store.
PYTHON ?= python
VENV_PYTHON := .venv/Scripts/python.exe
else
PYTHON ?= python3
VENV_PYTHON := .venv/bin/python
endif

# Compiled modules make the tools start in half the time.
unexport PYTHONDONTWRITEBYTECODE

# Handed on by the environment, where neither make nor a shell reads what is in them.
override DEST := $(value DEST)
export DEST VERSION

FUZZ ?= 10

.PHONY: new adopt test fuzz lint release data docs pyodide picture pyz bench clean

new: .venv/.new
	@$(VENV_PYTHON) -m hooks.new "$$DEST" $(ARGS)

adopt: .venv/.new
	@$(VENV_PYTHON) -m hooks.adopt "$$DEST" $(ARGS)

test: .venv/.test
	@$(VENV_PYTHON) -m pytest $(ARGS)

fuzz: .venv/.test
	@FUZZ=$(FUZZ) $(VENV_PYTHON) -m pytest tests/template/test_any_answers.py $(ARGS)

release: .venv/.test
	@$(VENV_PYTHON) hooks/release.py "$$VERSION"

lint: .venv/.test
	@$(VENV_PYTHON) -m ruff check
	@$(VENV_PYTHON) -m ruff format --check
	@$(VENV_PYTHON) -m mypy

data: .venv/.test
	@$(VENV_PYTHON) -m hooks.template_data

docs: .venv/.test
	@PYTHONPATH=src $(VENV_PYTHON) -m tests.support.documents

pyodide: .venv/.test
	@$(VENV_PYTHON) -m tests.support.webassembly

picture: .venv/.test
	@$(VENV_PYTHON) -m tests.support.picture

pyz: .venv/.test
	@$(VENV_PYTHON) hooks/pyz.py

bench: .venv/.test
	@$(VENV_PYTHON) -m benchmarks $(ARGS)

.venv/.new: pyproject.toml hooks/environments.py
	@$(PYTHON) -m hooks.environments .venv new project
	@touch $@

.venv/.test: pyproject.toml hooks/environments.py
	@$(PYTHON) -m hooks.environments .venv new project test
	@touch $@

clean:
	rm -rf .venv .cache .*_cache
