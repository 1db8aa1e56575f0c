#!/usr/bin/env bash
# What Kilde does, on the documents of raw/samples. Run by `make demo`; a second run adds nothing.
set -euo pipefail

show() {
  printf '\n\033[1m$ kilde %s\033[0m\n' "$*"
  kilde "$@"
}

show ingest raw/samples
show search 'tilskud ELLER støtte' --facet kommune --facet region --facet publisher --facet kind --facet year --facet theme --limit 3
show mentions Aabenraa
show status
