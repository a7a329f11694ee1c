# Each target does all its own set-up: `make demo` on a fresh machine needs make and Python 3.11, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
DEMO := build/demo
PROXY := build/hub/node_modules/.bin/configurable-http-proxy
ASSIGNMENT := logistic-regression
CHEAT := oskar-lind
export OMP_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
.PHONY: help demo compare test trials lint wheel bench bench-course pins reference clean sandbox figures browser hub proxy database

help:  ## say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 14

demo: $(READY) sandbox  ## build an assignment, make a class, grade it, show the table
	$(BIN)/nbjudge build $(ASSIGNMENT)
	$(BIN)/python tools/demo_class.py $(DEMO)/submitted
	@# Status 1 says that something could not be judged: one of the demo's notebooks is broken on purpose.
	$(BIN)/nbjudge grade $(ASSIGNMENT) $(DEMO)/submitted --out $(DEMO)/grades --timeout 20 --yes || [ $$? -eq 1 ]
	@echo
	@echo "release, for students:  release/$(ASSIGNMENT)/$(ASSIGNMENT).ipynb"
	@echo "what the class sent:    $(DEMO)/submitted/"
	@echo "feedback, a page each:  $(DEMO)/grades/feedback/"
	@echo "results and receipts:   $(DEMO)/grades/results.csv, summary.csv, receipts/"
	@echo "nbgrader's gradebook:   gradebook.db"

# nbgrader works on a copy of the gradebook, so that the demo's own scores stay.
compare: demo  ## let stock nbgrader grade the demo's cheat, beside nbjudge's score
	@rm -rf $(DEMO)/stock && mkdir -p $(DEMO)/stock && cp gradebook.db $(DEMO)/stock/gradebook.db
	@PATH=$(CURDIR)/$(BIN):$$PATH; export PATH; set -e; \
	  stock="--CourseDirectory.db_url=sqlite:///$(DEMO)/stock/gradebook.db"; \
	  nbgrader autograde $(ASSIGNMENT) --student=$(CHEAT) $$stock --log-level=ERROR \
	    --Autograde.exporter_class=nbconvert.exporters.NotebookExporter \
	    --CourseDirectory.submitted_directory=$(DEMO)/submitted \
	    --CourseDirectory.autograded_directory=$(DEMO)/stock/autograded \
	    > $(DEMO)/stock/log 2>&1 || { cat $(DEMO)/stock/log; exit 1; }; \
	  nbgrader export $$stock --to $(DEMO)/stock/scores.csv --log-level=ERROR
	@echo "nbjudge:        $$(grep '^$(CHEAT),' $(DEMO)/grades/summary.csv | cut -d, -f2) points for $(CHEAT)"
	@echo "stock nbgrader: $$(grep ',$(CHEAT),' $(DEMO)/stock/scores.csv | cut -d, -f10) points for $(CHEAT)"

test: $(READY) sandbox browser proxy database  ## run the whole test suite
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

trials: $(READY) sandbox  ## kill, fuzz and load the grader by the thousand; takes hours
	NBJUDGE_KILLS=50 NBJUDGE_REAL_KILLS=50 NBJUDGE_FUZZ=10000 NBJUDGE_FORGED=10000 NBJUDGE_CLASS=4000 NBJUDGE_REAL_CLASS=4000 \
	  $(BIN)/python -m pytest -s tests/nbjudge/test_lost.py tests/nbjudge/test_large_class.py tests/nbjudge/test_fuzz_*.py

hub: $(READY) sandbox proxy  ## a class on JupyterHub on this machine, until Ctrl-C; needs root
	@$(BIN)/python tools/hub.py

lint: $(READY)  ## check style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY) sandbox browser  ## grade a class beside nbgrader and Otter; measure kernels, overhead, memory
	@for part in kernel_ready overhead memory peers; do \
	    echo "benchmarks/$$part.py"; $(BIN)/python benchmarks/$$part.py || exit 1; echo; done

wheel: $(READY)  ## make release/descent-….whl, which students install on Colab and on their own computers
	$(BIN)/python tools/student_wheel.py

bench-course: $(READY)  ## measure the course's own computations
	$(BIN)/python benchmarks/course

pins: $(READY)  ## write constraints.txt anew from what is installed here
	@echo '# Exact versions of all that the course and the grader install; `make pins` writes this file.' > constraints.txt
	$(BIN)/pip freeze --all --exclude pip --exclude-editable | sed -E '/^(#|-|[^=]* @ )/d; s/\+[a-z0-9.]+$$//' >> constraints.txt

reference: $(READY)  ## write docs/cli.md from the program's own help
	$(BIN)/python tools/cli_reference.py

figures: $(READY) browser  ## draw every figure of the solutions into build/figures
	$(BIN)/python tools/render_figures.py

clean:  ## remove what was built, tried and cached; not .venv, not the gradebook
	rm -rf build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

sandbox:
	@tools/system_part.sh bubblewrap bwrap --version

browser:
	@tools/system_part.sh chromium chromium --version
	@tools/system_part.sh chromium-driver chromedriver --version

database:
	@tools/system_part.sh postgresql sh -c 'ls /usr/lib/postgresql/*/bin/initdb'

proxy: $(PROXY)

# JupyterHub's proxy runs on Node.js.
$(PROXY): deploy/jupyterhub/package.json deploy/jupyterhub/package-lock.json
	@tools/system_part.sh nodejs node --version
	@tools/system_part.sh npm npm --version
	@echo "Installing JupyterHub's proxy into build/hub ..."
	@mkdir -p build/hub && cp $^ build/hub/
	@cd build/hub && npm ci --no-audit --no-fund --silent
	@touch $@

# The stamp is newer than all that the installation depends on, so the second run has nothing to do.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "Python 3.11 or newer is needed: name one with 'make PYTHON=python3.12', say." >&2; exit 1; }
	@[ -x $(BIN)/pip ] || tools/system_part.sh python3-venv $(PYTHON) -c 'import ensurepip, venv'
	@[ -x $(BIN)/pip ] || $(PYTHON) -m venv $(VENV)
	@echo "Installing Python packages into $(VENV); the first time this takes minutes and 6 GB of disk ..."
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet -c constraints.txt -e '.[grader,dev,hub]'
	@touch $@
