// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package values is the connector of tests: it reads rows that the test registered and keeps the rows that a sink receives.
//
// The option names are those of Flink's test connector of the same name, so that recorded programs run unchanged; options that only
// choose between implementations there are accepted and ignored. One subtask reads a data set, in its order.
package values

import (
	"fmt"
	"slices"
	"strings"

	"spate/batch"
	"spate/connector"
	"spate/internal/sys/errs"
	"spate/internal/sys/suggest"
	"spate/schema"
)

// Identifier is the name of the connector.
const Identifier = "values"

// Option keys that have an effect.
const (
	keyDataID        = "data-id"
	keyBounded       = "bounded"
	keyChangelog     = "changelog-mode"
	keyReadable      = "readable-metadata"
	keyWritable      = "writable-metadata"
	keyInsertOnly    = "sink-insert-only"
	keyEnforced      = "sink-changelog-mode-enforced"
	keyProjection    = "enable-projection-push-down"
	keySourceKeyOnly = "source.produces-delete-by-key"
	keySinkKeyOnly   = "sink.supports-delete-by-key"
)

// ignored are options of Flink's connector without a meaning here.
var ignored = []string{
	"async", "custom-shuffle-deterministic", "custom-shuffle-empty-partitioner", "disable-lookup", "enable-aggregate-push-down",
	"enable-custom-shuffle", "enable-vector-search", "enable-watermark-push-down", "failing-source", "filterable-fields",
	"lookup-function-class", "lookup.cache", "lookup.threshold", "nested-projection-supported", "partition-list",
	"runtime-sink", "runtime-source", "sink-expected-messages-num", "sink.drop-late-event", "start-lookup-threshold", "table-sink-class",
	"table-source-class", "terminating", "internal-data",
}

// Factory returns the connector over a collection of data.
func Factory(d *Data) *connector.Factory {
	options := []connector.Option{
		{Key: keyDataID, Doc: "Id of the registered data set; without it the table is empty."},
		{Key: keyBounded, Kind: connector.BoolOption, Default: "false", Doc: "true: planned as a bounded source. The rows end in any case."},
		{Key: keyChangelog, Default: "I", Doc: "Row kinds that the source may emit: I, UB, UA and D, parted by commas."},
		{Key: keyReadable, Doc: "Metadata columns of the source, 'key:TYPE' parted by commas or semicolons."},
		{Key: keyWritable, Doc: "Metadata columns of the sink, likewise."},
		{Key: keyInsertOnly, Kind: connector.BoolOption, Default: "false", Doc: "true: the sink takes +I only."},
		{Key: keyEnforced, Doc: "Row kinds that the sink takes. When not set: all, without UB when there is a primary key."},
		{Key: keyProjection, Kind: connector.BoolOption, Default: "true", Doc: "false: the source always makes all columns."},
		{Key: keySourceKeyOnly, Kind: connector.BoolOption, Default: "false", Doc: "true: deletes of the source have only the key."},
		{Key: keySinkKeyOnly, Kind: connector.BoolOption, Default: "false", Doc: "true: the sink is content with deletes by key."},
	}
	for _, key := range ignored {
		options = append(options, connector.Option{Key: key, Doc: "Accepted without effect."})
	}
	return &connector.Factory{
		Identifier: Identifier,
		Doc:        "Reads rows registered in the process and keeps the rows that it is given.",
		Options:    options,
		Source:     func(t *connector.Table) (connector.Source, error) { return newSource(d, t) },
		Sink:       func(t *connector.Table) (connector.Sink, error) { return newSink(d, t) },
	}
}

// parseKinds reads a set of row kinds.
func parseKinds(key, text string) (connector.Changelog, error) {
	var set connector.Changelog
	for word := range strings.SplitSeq(text, ",") {
		switch strings.TrimSpace(word) {
		case "I":
			set |= connector.KindInsert
		case "UB":
			set |= connector.KindUpdateBefore
		case "UA":
			set |= connector.KindUpdateAfter
		case "D":
			set |= connector.KindDelete
		default:
			return 0, connector.BadValue(key, text, "some of I, UB, UA, D parted by commas")
		}
	}
	return set, nil
}

// parseMetadata reads 'key:TYPE' pairs. Types may hold commas in brackets.
func parseMetadata(key, text string) (schema.Schema, error) {
	var out schema.Schema
	depth, start := 0, 0
	pair := func(s string) error {
		if s = strings.TrimSpace(s); s == "" {
			return nil
		}
		name, typ, ok := strings.Cut(s, ":")
		if !ok {
			return connector.BadValue(key, text, "pairs 'key:TYPE' parted by commas")
		}
		t, err := schema.ParseType(strings.TrimSpace(typ))
		if err != nil {
			return fmt.Errorf("option '%s': %w", key, err)
		}
		out = append(out, schema.Field{Name: strings.TrimSpace(name), Type: t})
		return nil
	}
	for i, c := range text {
		switch {
		case c == '(' || c == '<':
			depth++
		case c == ')' || c == '>':
			depth--
		case (c == ',' || c == ';') && depth == 0:
			if err := pair(text[start:i]); err != nil {
				return nil, err
			}
			start = i + 1
		}
	}
	return out, pair(text[start:])
}

type sink struct {
	data *Data
	name string
	caps connector.SinkCapabilities
}

func newSink(d *Data, t *connector.Table) (connector.Sink, error) {
	s := &sink{data: d, name: t.Name, caps: connector.SinkCapabilities{Accepts: connector.AllKinds, DeleteByKey: t.Options.Bool(keySinkKeyOnly, false)}}
	var err error
	switch text, enforced := t.Options[keyEnforced]; {
	case enforced:
		if s.caps.Accepts, err = parseKinds(keyEnforced, text); err != nil {
			return nil, err
		}
	case t.Options.Bool(keyInsertOnly, false):
		s.caps.Accepts = connector.InsertOnly
	case len(t.PrimaryKey) > 0: // A row with the same key stands for its -U.
		s.caps.Accepts = connector.Upsert
	}
	if s.caps.Metadata, err = parseMetadata(keyWritable, t.Options.Get(keyWritable, "")); err != nil {
		return nil, err
	}
	return s, nil
}

// Capabilities implements connector.Sink.
func (s *sink) Capabilities() connector.SinkCapabilities { return s.caps }

// Writer implements connector.Sink.
func (s *sink) Writer(*connector.WriterContext) (connector.Writer, error) {
	return &writer{sink: s}, nil
}

// Committer implements connector.Sink.
func (*sink) Committer() (connector.Committer, error) { return nil, nil } //nolint:nilnil // No second phase.

type writer struct{ sink *sink }

// Write implements connector.Writer.
func (w *writer) Write(b *batch.Batch) error {
	rows := make([]Row, 0, b.Rows())
	sel := b.Sel()
	for k := range b.Rows() {
		i := k
		if sel != nil {
			i = int(sel[k])
		}
		rows = append(rows, Row{Kind: b.Kind(i), Values: b.Row(i)})
	}
	w.sink.data.add(w.sink.name, rows)
	return nil
}

// Tick implements connector.Writer.
func (*writer) Tick(int64) error { return nil }

// Prepare implements connector.Writer.
func (*writer) Prepare(int64, bool) ([]connector.Committable, error) { return nil, nil }

// Close implements connector.Writer.
func (*writer) Close() error { return nil }

// unknownSet is the error of a data id that nobody registered.
func unknownSet(d *Data, t *connector.Table, id string) error {
	ids := d.ids()
	slices.Sort(ids)
	hint := suggest.Hint(id, ids)
	if hint != "" {
		hint = "; " + hint
	}
	return errs.New(errs.InvalidOption, "table %s: no data set '%s' is registered%s", t.Name, id, hint)
}
