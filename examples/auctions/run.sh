#!/usr/bin/env bash
# Copyright 2026 The Spate Authors
# SPDX-License-Identifier: Apache-2.0
#
# Runs the auction house, and says what to try next. The first argument is the spate binary.
set -euo pipefail
here=$(dirname "$0")
spate=${1:-spate}

"$spate" run -i "$here/tables.sql" "$here/auctions.sql"

cat <<EOT

Each line "finished" says how many events a query read, and how fast. What to try next:
  $spate sql -i $here/tables.sql
      a prompt with these tables: ask for anything, HELP lists what there is
  $spate run $here/live.sql
      the house in real time, bids of every second; Ctrl-C stops it
  $spate explain -i $here/tables.sql $here/auctions.sql
      how the queries run
  $spate bench nexmark --query q5
      the benchmark that these events come from
EOT
