// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package connector_test

import (
	"errors"
	"strings"
	"testing"

	"spate/connector"
	"spate/internal/sys/errs"
)

func testRegistry() *connector.Registry {
	return connector.NewRegistry(
		[]*connector.Factory{
			{Identifier: "gauge", Options: []connector.Option{
				{Key: "rows", Kind: connector.LongOption, Required: true},
				{Key: "pause", Kind: connector.DurationOption},
				{Key: "room", Kind: connector.SizeOption},
				{Key: "mode", Kind: connector.EnumOption, Enum: []string{"fast", "slow"}},
				{Key: "loud", Kind: connector.BoolOption},
				{Key: "ratio", Kind: connector.DoubleOption},
				{Key: "fields.", Prefix: true},
			}},
			{Identifier: "files", UsesFormat: true, Options: []connector.Option{{Key: "path", Required: true}}},
		},
		[]*connector.Format{{Identifier: "lines", Options: []connector.Option{{Key: "limit", Kind: connector.IntOption}}}},
	)
}

func TestValidate(t *testing.T) {
	cases := []struct {
		name    string
		options connector.Options
		want    []string // Parts of the error; none: valid.
		not     string
	}{
		{name: "all good", options: connector.Options{
			"connector": "gauge", "rows": "7", "pause": "5 s", "room": "64 mb", "mode": "FAST",
			"loud": "True", "ratio": "0.5", "fields.a.kind": "x", "scan.watermark.emit.strategy": "on-event",
		}},
		{
			name: "typo", options: connector.Options{"connector": "gauge", "rows": "7", "puase": "1 s"},
			want: []string{"'puase'", "did you mean `pause`?", "known options are:", "fields.#"},
		},
		{name: "missing", options: connector.Options{"connector": "gauge"}, want: []string{"'rows' is required", "known options are:"}},
		{
			name: "two at once", options: connector.Options{"connector": "gauge", "rows": "x", "loud": "maybe"},
			want: []string{"option 'rows': value 'x' is not valid; expected a whole number", "option 'loud': value 'maybe'", "true or false"},
			not:  "known options",
		},
		{
			name: "enum", options: connector.Options{"connector": "gauge", "rows": "1", "mode": "fsat"},
			want: []string{"one of fast, slow; did you mean `fast`?"},
		},
		{name: "duration", options: connector.Options{"connector": "gauge", "rows": "1", "pause": "soon"}, want: []string{"'5 s'"}},
		{name: "bare prefix", options: connector.Options{"connector": "gauge", "rows": "1", "fields.": "x"}, want: []string{"'fields.'"}},
		{name: "format options", options: connector.Options{"connector": "files", "path": "/x", "format": "lines", "lines.limit": "3"}},
		{
			name: "format typo", options: connector.Options{"connector": "files", "path": "/x", "format": "line"},
			want: []string{"format 'line' is not known; did you mean `lines`?"},
		},
		{
			name: "format option typo", options: connector.Options{"connector": "files", "path": "/x", "format": "lines", "lines.limti": "3"},
			want: []string{"did you mean `lines.limit`?"},
		},
		{name: "no format", options: connector.Options{"connector": "files", "path": "/x"}, want: []string{"'format' is required"}},
		{
			name: "unknown connector", options: connector.Options{"connector": "filse"},
			want: []string{"connector 'filse' is not known; did you mean `files`?", "known connectors are: files, gauge"},
		},
		{name: "no connector", options: connector.Options{}, want: []string{"'connector' is required"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := testRegistry().Open(c.options)
			if len(c.want) == 0 {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if !errors.Is(err, errs.InvalidOption) {
				t.Fatalf("error %v has not the code of an invalid option", err)
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("error %q does not say %q", err, w)
				}
			}
			if c.not != "" && strings.Contains(err.Error(), c.not) {
				t.Errorf("error %q says %q", err, c.not)
			}
		})
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	err := connector.BadValue("password", "hunter2", "better")
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the error shows a secret: %v", err)
	}
}

func TestOneWayConnectors(t *testing.T) {
	f := &connector.Factory{Identifier: "x"}
	if _, err := f.NewSource(&connector.Table{Name: "t"}); err == nil || !strings.Contains(err.Error(), "only be written") {
		t.Errorf("source: %v", err)
	}
	if _, err := f.NewSink(&connector.Table{Name: "t"}); err == nil || !strings.Contains(err.Error(), "only be read") {
		t.Errorf("sink: %v", err)
	}
}
