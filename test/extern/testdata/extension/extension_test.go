// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package extension

import (
	"context"
	"slices"
	"strings"
	"testing"

	"spate/connector"
	"spate/testkit"
	"spate/udf"
)

const tables = `
CREATE TABLE people (id BIGINT, name STRING, city STRING) WITH (
  'connector' = 'lines', 'format' = 'pipe', 'pipe.separator' = ';', 'text' = '1;Ada Lovelace;London
2;Grace Hopper;New York
3;;Paris

4;Edsger Wybe Dijkstra;Rotterdam
5;Barbara Liskov;Los Angeles');

CREATE TABLE badges (id BIGINT, initials STRING) WITH ('connector' = 'board', 'format' = 'pipe');
`

func environment(t *testing.T, board *Board, settings map[string]string) *testkit.Env {
	t.Helper()
	env, err := testkit.New(testkit.Config{
		Connectors: []*connector.Factory{LinesSource(), BoardSink(board)},
		Formats:    []*connector.Format{PipeFormat()},
		Functions:  []udf.Scalar{Initials()},
		Settings:   settings,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(env.Close)
	return env
}

// TestPipeline runs the source, the format both ways, the function and the sink in one job, alone and in parallel.
func TestPipeline(t *testing.T) {
	for _, parallelism := range []string{"1", "3"} {
		var board Board
		env := environment(t, &board, map[string]string{"parallelism.default": parallelism})
		script := tables + "INSERT INTO badges SELECT id, INITIALS(name) FROM people WHERE city <> 'London';"
		if err := env.Exec(context.Background(), script); err != nil {
			t.Fatalf("parallelism %s: %v", parallelism, err)
		}
		want := []string{"2|GH", "3|", "4|EWD", "5|BL"}
		if got := board.Lines(); !slices.Equal(got, want) {
			t.Errorf("parallelism %s: the board holds %q, want %q", parallelism, got, want)
		}
	}
}

// TestErrors shows that what extensions declare is checked and that their data errors reach the user.
func TestErrors(t *testing.T) {
	for _, c := range []struct{ name, script, want string }{
		{"unknown option", "CREATE TABLE t (id BIGINT) WITH ('connector' = 'lines', 'format' = 'pipe', 'txt' = ''); SELECT * FROM t;", "text"},
		{"unknown format", "CREATE TABLE t (id BIGINT) WITH ('connector' = 'lines', 'format' = 'pip', 'text' = ''); SELECT * FROM t;", "pipe"},
		{"malformed row", "CREATE TABLE t (id BIGINT) WITH ('connector' = 'lines', 'format' = 'pipe', 'text' = 'x');" +
			"CREATE TABLE b (id BIGINT) WITH ('connector' = 'board', 'format' = 'pipe'); INSERT INTO b SELECT id FROM t;", "not a whole number"},
		{"data error of a function", tables + "INSERT INTO badges SELECT id, INITIALS(SUBSTRING(city, 1, 0)) FROM people;", "no initials"},
		{"budget", strings.Replace(tables, "'board',", "'board', 'board.limit' = '3 bytes',", 1) + "INSERT INTO badges SELECT id, city FROM people;", "memory budget of board"},
		{"wrong argument", tables + "INSERT INTO badges SELECT id, INITIALS(ARRAY[1]) FROM people;", "INITIALS"},
	} {
		err := environment(t, &Board{}, nil).Exec(context.Background(), c.script)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want a message with %q", c.name, err, c.want)
		}
	}
}

// TestMemoryLimit shows that what readers and writers hold is charged to the job.
func TestMemoryLimit(t *testing.T) {
	env := environment(t, &Board{}, map[string]string{"spate.memory.limit": "1 bytes"})
	err := env.Exec(context.Background(), tables+"INSERT INTO badges SELECT id, city FROM people;")
	if err == nil || !strings.Contains(err.Error(), "memory budget of process/") {
		t.Errorf("%v; want a message that names the budget", err)
	}
}
