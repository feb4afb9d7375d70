// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package session_test

import (
	"maps"
	"slices"
	"testing"

	"spate/internal/graph"
	"spate/internal/sql/session"
)

const uidTables = `
CREATE TABLE t (a INT, b BIGINT, c STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'fake');
CREATE TABLE one (a INT, n BIGINT) WITH ('connector' = 'print');
CREATE TABLE two (c STRING, n BIGINT) WITH ('connector' = 'print');
`

const (
	insertOne = "INSERT INTO one SELECT a, COUNT(*) FROM t WHERE b > 1 GROUP BY a"
	insertTwo = "INSERT INTO two SELECT c, SUM(b) FROM t GROUP BY c"
)

// job plans a statement after the tables of uidTables.
func job(t *testing.T, statement string, settings ...string) *graph.Job {
	t.Helper()
	s := newSession()
	run(t, s, uidTables)
	for _, pair := range settings {
		if err := s.Settings().SetPair(pair); err != nil {
			t.Fatal(err)
		}
	}
	r, err := s.Execute(statement)
	if err != nil {
		t.Fatal(err)
	}
	return r.Job.Graph
}

// run executes a script.
func run(t *testing.T, s *session.Session, script string) {
	t.Helper()
	for _, text := range statements(t, script) {
		if _, err := s.Execute(text); err != nil {
			t.Fatal(err)
		}
	}
}

// uids returns the ids of the operators that a job runs, by the kind of each.
func uids(j *graph.Job) map[string]string {
	out := map[string]string{}
	for _, v := range j.Vertices {
		for _, n := range v.Nodes {
			out[n.UID] = graph.Kind(n.Spec)
		}
	}
	return out
}

// TestUIDsAreStable: an operator's id depends on its own query and sink only, not on other statements, nor on how the tables are
// read.
func TestUIDsAreStable(t *testing.T) {
	alone := uids(job(t, insertOne))
	if len(alone) < 4 {
		t.Fatalf("%d operators", len(alone))
	}
	both := uids(job(t, "EXECUTE STATEMENT SET BEGIN "+insertTwo+"; "+insertOne+"; END"))
	for uid, kind := range alone {
		if both[uid] != kind {
			t.Errorf("a second statement changed the id of the %s: %v", kind, slices.Sorted(maps.Keys(both)))
		}
	}
	if again := uids(job(t, insertOne, "parallelism.default=4", "table.exec.mini-batch.enabled=false")); !maps.Equal(alone, again) {
		t.Errorf("settings changed ids: %v, %v", alone, again)
	}
	if other := uids(job(t, "INSERT INTO one SELECT a, COUNT(*) FROM t WHERE b > 2 GROUP BY a")); sameAggregate(alone, other) {
		t.Error("two queries have the same ids")
	}
}

func sameAggregate(a, b map[string]string) bool {
	for uid, kind := range a {
		if kind == "group-agg" && b[uid] == kind {
			return true
		}
	}
	return false
}
