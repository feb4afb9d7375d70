// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package print_test

import (
	"errors"
	"strings"
	"testing"

	"spate/batch"
	"spate/connector"
	printer "spate/internal/connectors/print"
	"spate/schema"
)

var types = []*schema.Type{schema.TypeInt, schema.TypeString}

func rows() *batch.Batch {
	b := batch.New(types)
	b.AppendRow(schema.Insert, schema.IntValue(1), schema.StringValue("abc"))
	b.AppendRow(schema.UpdateAfter, schema.IntValue(2), schema.NullValue)
	b.AppendRow(schema.Delete, schema.IntValue(3), schema.StringValue("x"))
	return b
}

func TestPrint(t *testing.T) {
	cases := []struct {
		options     connector.Options
		parallelism int
		sel         []int32
		stdout      string
		stderr      string
	}{
		{nil, 1, nil, "+I[1, abc]\n+U[2, null]\n-D[3, x]\n", ""},
		{nil, 1, []int32{0, 2}, "+I[1, abc]\n-D[3, x]\n", ""},
		{nil, 3, []int32{1}, "2> +U[2, null]\n", ""},
		{connector.Options{"print-identifier": "bids"}, 1, []int32{1}, "bids> +U[2, null]\n", ""},
		{connector.Options{"print-identifier": "bids"}, 3, []int32{1}, "bids:2> +U[2, null]\n", ""},
		{connector.Options{"standard-error": "true"}, 1, []int32{1}, "", "+U[2, null]\n"},
	}
	for _, c := range cases {
		var stdout, stderr strings.Builder
		f := printer.Factory(&stdout, &stderr)
		s, err := f.NewSink(&connector.Table{Options: c.options})
		if err != nil {
			t.Fatal(err)
		}
		w, err := s.Writer(&connector.WriterContext{Subtask: min(1, c.parallelism-1), Parallelism: c.parallelism})
		if err != nil {
			t.Fatal(err)
		}
		b := rows()
		b.SetSel(c.sel)
		if err := w.Write(b); err != nil {
			t.Fatal(err)
		}
		if stdout.String() != c.stdout || stderr.String() != c.stderr {
			t.Errorf("%v: printed %q and %q", c.options, stdout.String(), stderr.String())
		}
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestWriteError(t *testing.T) {
	s, err := printer.Factory(brokenPipe{}, nil).NewSink(&connector.Table{})
	if err != nil {
		t.Fatal(err)
	}
	w, err := s.Writer(&connector.WriterContext{Parallelism: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(rows()); err == nil || !strings.Contains(err.Error(), "broken pipe") {
		t.Errorf("error %v", err)
	}
}
