#!/usr/bin/env bash
# Copyright 2026 The Spate Authors
# SPDX-License-Identifier: Apache-2.0
#
# Runs the questions about a file of taxi rides, named by DATA. The first argument is the spate binary.
set -euo pipefail
here=$(dirname "$0")
spate=${1:-spate}
: "${DATA:?say which file: DATA=rides.csv}"
[ -f "$DATA" ] || { echo "no such file: $DATA" >&2; exit 2; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
path=$(realpath "$DATA")
tables=$(<"$here/tables.sql")
printf '%s\n' "${tables//'${DATA}'/"${path//\'/\'\'}"}" >"$scratch/tables.sql"

"$spate" run -i "$scratch/tables.sql" "$here/taxi.sql"

cat <<EOT

What to try next: change the INTERVAL of impatient_rides in $here/tables.sql and watch the late rows, or write the hours to files with
  INSERT INTO a table WITH ('connector' = 'filesystem', 'path' = '/tmp/hours', 'format' = 'json')
EOT
