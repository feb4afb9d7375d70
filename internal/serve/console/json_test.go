// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package console_test

import (
	"encoding/json"
	"testing"

	"spate/internal/col/batchtest"
	"spate/internal/serve/console"
)

func TestAppendJSON(t *testing.T) {
	for _, c := range []struct{ types, row, want string }{
		{"BOOLEAN; BOOLEAN; BOOLEAN", "true false null", `{"a":true,"b":false,"c":null}`},
		{"BIGINT; DECIMAL(10, 2); DOUBLE", "-5 1.50 0.25", `{"a":-5,"b":1.50,"c":0.25}`},
		{"DOUBLE; FLOAT; STRING", "NaN Infinity 'NaN'", `{"a":"NaN","b":"Infinity","c":"NaN"}`},
		{
			"TIMESTAMP(3); DATE; TIMESTAMP(0)", "'2020-01-01 00:00:00' '2020-01-01' '2020-01-01 00:00:01'",
			`{"a":"2020-01-01 00:00:00.000","b":"2020-01-01","c":"2020-01-01 00:00:01"}`,
		},
		{"STRING; ARRAY<BOOLEAN>; ROW<x INT, y BOOLEAN>", `'a"b' [true, null] (1, false)`, `{"a":"a\"b","b":[true,null],"c":{"x":1,"y":false}}`},
	} {
		got := string(console.AppendJSON(nil, []string{"a", "b", "c"}, batchtest.Parse(batchtest.Types(c.types), c.row), 0))
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.types, got, c.want)
		}
		if !json.Valid([]byte(got)) {
			t.Errorf("%s is not JSON", got)
		}
	}
}
