// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// taxiTable reads the file of rides; %s is its path. The watermark's delay spans the whole month: nothing is late.
const taxiTable = `
CREATE TABLE rides (
  pickup TIMESTAMP(3), dropoff TIMESTAMP(3), passengers INT, distance DECIMAL(10, 2), fare DECIMAL(10, 2), tip DECIMAL(10, 2),
  tolls DECIMAL(10, 2), total DECIMAL(10, 2), color STRING, payment STRING, pickup_zone STRING, dropoff_zone STRING,
  pickup_borough STRING, dropoff_borough STRING,
  WATERMARK FOR pickup AS pickup - INTERVAL '31' DAY
) WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'csv', 'csv.header' = 'true', 'csv.null-literal' = '');`

// taxiQueries are the questions over the rides, by the name of their answer file.
var taxiQueries = map[string]string{
	"hourly": `SELECT window_start, pickup_borough, COUNT(*) AS rides, SUM(total) AS total, SUM(tip) AS tip
		FROM TABLE(TUMBLE(TABLE rides, DESCRIPTOR(pickup), INTERVAL '1' HOUR))
		GROUP BY window_start, window_end, pickup_borough`,
	"routes": `SELECT pickup_zone, dropoff_zone, rides, place FROM (
		  SELECT *, ROW_NUMBER() OVER (ORDER BY rides DESC, pickup_zone, dropoff_zone) AS place FROM (
		    SELECT pickup_zone, dropoff_zone, COUNT(*) AS rides FROM rides
		    WHERE pickup_zone IS NOT NULL AND dropoff_zone IS NOT NULL GROUP BY pickup_zone, dropoff_zone))
		WHERE place <= 10`,
	"payment": `SELECT payment, COUNT(*) AS rides, SUM(total) AS total, MAX(distance) AS longest FROM rides GROUP BY payment`,
}

// loadTaxi finds the answers over the taxi file.
func loadTaxi(o *options) ([]*testCase, error) {
	dir := filepath.Join(o.data, "taxi")
	if !exists(dir) {
		return nil, nil
	}
	file := os.Getenv("TAXI")
	if file == "" {
		file = filepath.Join(o.data, "..", "data", "nyc_taxis.csv")
	}
	file, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	if !exists(file) {
		return nil, fmt.Errorf("the file of rides %s does not exist; name it with TAXI=", file)
	}
	var cases []*testCase
	for _, name := range []string{"hourly", "routes", "payment"} {
		for _, b := range bundles {
			cases = append(cases, &testCase{class: name, id: name + "/" + b.name, limit: bigLimit, run: func(ctx context.Context) error {
				return checkQuery(ctx, b.miniBatch, nil, fmt.Sprintf(taxiTable, file), taxiQueries[name], filepath.Join(dir, name+".jsonl"))
			}})
		}
	}
	return cases, nil
}
