# Biovity's commands. `make run` and `make test` install what this machine lacks; when nothing is missing they need
# neither the network nor an administrator.

# The checkers, each by its exact version, built in about two minutes. Outside target/, so that `cargo clean` and a new
# clone keep them.
CHECKERS := cargo-deny@0.20.2 cargo-machete@0.9.2 typos-cli@1.52.0
CHECKERS_ROOT := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/biovity/checkers
SBOM_MAKER := cargo-cyclonedx@0.5.9
FIREFOX_DRIVER := geckodriver@0.37.1
install_checkers = CARGO_PROFILE_DEV_DEBUG=0 cargo install --quiet --locked --debug --root $(CHECKERS_ROOT)
export PATH := $(CHECKERS_ROOT)/bin:$(PATH):$(HOME)/.cargo/bin

# Packages: a C linker with libpq, PostgreSQL's server programs, a browser with its driver, Node.js for a log-in provider.
ifneq ($(wildcard /usr/bin/apt-get),)
  INSTALL := apt-get install -y --no-install-recommends
  LINKER := gcc libc6-dev libpq-dev
  SERVER := postgresql
  BROWSER := $(if $(shell grep -s '^ID=ubuntu' /etc/os-release),chromium-browser chromium-chromedriver,chromium chromium-driver)
  NODE := nodejs npm
else ifneq ($(wildcard /usr/bin/dnf),)
  INSTALL := dnf install -y
  LINKER := gcc libpq-devel
  SERVER := postgresql-server postgresql-contrib
  BROWSER := chromium chromedriver
  NODE := nodejs npm
else
  INSTALL := brew install
  LINKER := libpq
  SERVER := postgresql@17
  BROWSER := chromium chromedriver
  NODE := node
endif

# What of it is missing. Each looks for the thing itself, which may have come another way than by its package.
SERVER_FOLDERS := /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin
try = $(shell { $(1) ; } >/dev/null 2>&1 || echo $(2))
missing_linker = $(call try,echo 'int main(void) { return 0; }' | cc -x c - -o /dev/null -L"$$(pg_config --libdir || echo .)" -lpq,$(LINKER))
missing_server = $(if $(wildcard $(addsuffix /initdb,$(SERVER_FOLDERS))),,$(call try,command -v initdb || test -x "$$(pg_config --bindir)/initdb",$(SERVER)))
missing_browser = $(call try,command -v chromedriver,$(BROWSER))
missing_node = $(call try,command -v node && command -v npm,$(NODE))

# Runs as an administrator. apt's lists may be empty or old; Debian would start a cluster of its own, which is not wanted.
define install
set -eu
echo "Installing $$*"
$(if $(filter apt-get,$(INSTALL)),
export DEBIAN_FRONTEND=noninteractive
settings=/etc/postgresql-common/createcluster.d
mkdir -p $$settings
echo 'create_main_cluster = false' >$$settings/biovity.conf
trap 'rm -f $$settings/biovity.conf' EXIT
apt-get update)
$(INSTALL) "$$@"
endef
export install
administrator := $(if $(filter 0,$(shell id -u))$(filter brew,$(INSTALL)),,command -v sudo >/dev/null && sudo)

# $(call provide,packages): nothing at all when there are none.
provide = $(if $(strip $(1)),@$(administrator) sh -c "$$install" install $(1) \
  || { echo 'Still missing: $(strip $(1)). An administrator installs it with: $(INSTALL) $(strip $(1))' >&2; exit 1; })

.DEFAULT_GOAL := help
.PHONY: help run demo test torture proof pictures check audit sbom reproducible bench fmt to-build to-run to-test to-proof cargo

help: ## What can be done here
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s  %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: to-run ## Install what is missing, build, and serve on http://localhost:8080
	@# Not optimised, so that a first visit is two minutes away; a deployment builds with --release.
	@echo 'Building: two to five minutes the first time, seconds later.'
	cargo build --locked
	@echo 'Starting: the first time with a new database and an admin.'
	@exec cargo run --quiet --locked

demo: to-run ## Fill a new database with a made-up waitlist and serve it, as make run does again later
	@echo 'Building: two to five minutes the first time, seconds later.'
	cargo build --locked
	@cargo run --quiet --locked -- demo
	@exec cargo run --quiet --locked

test: to-test ## Install what is missing and run every test
	@# Not in one go: what the examples in the documentation sum up to would close the output.
	cargo test --locked --doc
	@# Twice as many at once as there are processors: a test waits for more than half of its time.
	RUST_TEST_THREADS=$$(( $$(getconf _NPROCESSORS_ONLN) * 2 )) cargo test --locked --tests

torture: to-test ## Run the proofs under faults, in half an hour: a table of promises, one line each
	@# One after the other, so that each has the machine to itself and its figures are its own.
	cargo test --locked --test it -- --ignored --nocapture --test-threads 1 --skip schemathesis

# Certificates for the proxies to read; the files themselves name those of a real machine.
proof: to-proof ## Have deploy/, the API and every page checked by the programs they are for: half an hour
	@for it in promtool haproxy nginx openssl schemathesis firefox w3m lynx rspamd; do command -v $$it >/dev/null || { echo "$$it is missing; it comes with the program itself, whose service need not run" >&2; exit 1; }; done
	promtool check rules deploy/monitoring/alerts.yml
	promtool test rules deploy/monitoring/alerts_test.yml
	rm -rf target/proof && mkdir -p target/proof
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=biovity.example \
	  -keyout target/proof/key.pem -out target/proof/fullchain.pem 2>/dev/null
	cat target/proof/fullchain.pem target/proof/key.pem >target/proof/biovity.pem
	for file in proxy/haproxy.cfg cluster/haproxy-postgresql.cfg; do \
	  sed 's#/etc/ssl/biovity#target/proof#' deploy/$$file >target/proof/haproxy.cfg && \
	  haproxy -c -q -f target/proof/haproxy.cfg || exit 1; done
	{ echo 'events {} http {'; sed "s#/etc/ssl/biovity#$$PWD/target/proof#" deploy/proxy/nginx.conf; echo '}'; } >target/proof/nginx.conf
	nginx -t -q -c "$$PWD/target/proof/nginx.conf"
	for unit in biovity biovity-work; do \
	  sed 's#/usr/local/bin/biovity#/bin/true#; /^Documentation/d' deploy/systemd/$$unit.service >target/proof/$$unit.service; done
	cp deploy/systemd/biovity.socket target/proof/
	@# Where there is a systemd.
	if command -v systemd-analyze >/dev/null; then systemd-analyze verify target/proof/biovity.service target/proof/biovity-work.service target/proof/biovity.socket; fi
	@# Some hundreds of made-up requests against a site of its own; schemathesis comes by pip.
	cargo test --locked --test it -- --ignored schemathesis
	@# The demonstration in both languages: sources and accessibility, mails, forms in text browsers, Lighthouse, Firefox.
	node tests/proof/proof.mjs
	node tests/proof/rspamd.mjs
	node tests/proof/text_browsers.mjs
	node tests/proof/lighthouse.mjs
	$(install_checkers) $(FIREFOX_DRIVER)
	BROWSER=firefox cargo test --locked --test journeys

pictures: to-proof ## Take pictures of every page, into target/pictures, and those of docs/
	node tests/proof/pictures.mjs

check: to-build ## What CI checks besides the tests, cheapest first
	cargo fmt --check
	$(install_checkers) $(CHECKERS)
	typos
	cargo machete
	cargo deny --all-features check bans licenses sources
	cargo clippy --all-targets --locked -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --no-deps --document-private-items --locked

audit: cargo ## Known vulnerabilities of the dependencies (fetches the advisory database)
	$(install_checkers) $(CHECKERS)
	cargo deny check advisories

# Only what is linked into the program for the machine it runs on: no tests, no checkers.
sbom: cargo ## List what the program is made of, in CycloneDX: target/biovity.cdx.json
	$(install_checkers) $(SBOM_MAKER)
	cargo cyclonedx --format json --spec-version 1.5 --all --no-build-deps --target "$$(rustc -vV | sed -n 's/^host: //p')" --override-filename biovity.cdx
	mkdir -p target && sed "s#$$PWD#/source#g" biovity.cdx.json >target/biovity.cdx.json && rm biovity.cdx.json

# Paths of this machine that a program would hold: of the sources, of the dependencies, of the compiler.
remap = --remap-path-prefix=$$PWD=/source --remap-path-prefix=$${CARGO_HOME:-$$HOME/.cargo}=/cargo --remap-path-prefix=$$(rustc --print sysroot)=/rust

# Twice from nothing, in two folders of different names and lengths, each with its own path written out of the program.
reproducible: to-build ## Build the release twice, in two folders, and compare the programs: 20 minutes
	rm -rf target/reproducible
	for folder in one another; do \
	  mkdir -p target/reproducible/$$folder && git archive HEAD | tar -x -C target/reproducible/$$folder && \
	  (cd target/reproducible/$$folder && CARGO_INCREMENTAL=0 CARGO_TARGET_DIR="$$PWD/target" RUSTFLAGS="$(remap)" \
	    cargo build --quiet --release --locked) || exit 1; done
	cd target/reproducible && sha256sum one/target/release/biovity another/target/release/biovity
	cmp target/reproducible/one/target/release/biovity target/reproducible/another/target/release/biovity

bench: to-run ## Measure how fast it is, in some 20 minutes; QUICK=1 in five to nine
	cargo bench --locked --bench load

fmt: ## Format the sources
	cargo fmt

to-build: cargo
	$(call provide,$(missing_linker))

to-run: cargo
	@echo 'Looking for PostgreSQL and a C linker, to install what is missing.'
	$(call provide,$(missing_linker) $(missing_server))

to-proof: to-test
	@command -v npm >/dev/null || { echo 'npm is missing; it comes with Node.js 20 or later' >&2; exit 1; }
	cd tests/proof && npm ci --silent
	cargo build --locked

to-test: cargo
	$(call provide,$(missing_linker) $(missing_server) $(missing_browser) $(missing_node))
	@# The provider that the tests log in with. npm writes the first of these files when all the rest is there.
	@cd tests/oidc_provider && test node_modules/.package-lock.json -nt package-lock.json \
	  || npm ci --ignore-scripts --no-audit --no-fund

cargo:
	@command -v cargo >/dev/null || { echo 'Rust is missing: see https://www.rust-lang.org/tools/install' >&2; exit 1; }
