// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package datagen is the source of made-up rows: random values and sequences for every column of a table, with Flink's options.
//
// Every value is a pure function of the name of the table, the path of the field and the number of the row, so a run is the same every
// time, whatever the parallelism, and goes on after a failure as if nothing had happened; only times of the day come from the clock. Row r
// is made by split r modulo the number of splits. A table with sequences ends with the first of them.
//
// Columns are filled by loops of their own. Sources are used by one goroutine at a time; readers belong to their subtask.
package datagen

import (
	"hash/fnv"
	"math"
	"strings"
	"time"

	"spate/batch"
	"spate/connector"
	"spate/internal/sys/errs"
	"spate/internal/sys/suggest"
	"spate/schema"
)

// Identifier is the name of the connector.
const Identifier = "datagen"

// Option keys.
const (
	keyRate        = "rows-per-second"
	keyRows        = "number-of-rows"
	keyParallelism = "scan.parallelism"
	fieldsPrefix   = "fields."

	defaultRate = 10_000
	maxRate     = 1 << 40
	maxRows     = math.MaxInt64 / 2000
)

// Factory returns the connector.
func Factory() *connector.Factory {
	return &connector.Factory{
		Identifier: Identifier,
		Doc:        "Makes rows of random values and sequences.",
		Options: []connector.Option{
			{Key: keyRate, Kind: connector.LongOption, Default: "10000", Doc: "Rows a second, of all subtasks together."},
			{Key: keyRows, Kind: connector.LongOption, Doc: "Number of rows; without it the table has no end."},
			{Key: keyParallelism, Kind: connector.IntOption, Doc: "Number of subtasks; the job's when not set."},
			{Key: fieldsPrefix, Prefix: true, Doc: "fields.NAME.kind, min, max, max-past, length, var-len, null-rate, start, end."},
		},
		Source: newSource,
	}
}

// source is a table of made-up rows.
type source struct {
	columns     []*field
	rate        int64
	rows        int64 // -1: without end.
	parallelism int
}

func newSource(t *connector.Table) (connector.Source, error) {
	o := t.Options
	s := &source{rate: o.Long(keyRate, defaultRate), rows: o.Long(keyRows, -1), parallelism: o.Int(keyParallelism, 0)}
	switch {
	case s.rate < 1 || s.rate > maxRate:
		return nil, connector.BadValue(keyRate, o[keyRate], "a number of at least 1")
	case o.Has(keyRows) && (s.rows < 0 || s.rows > maxRows):
		return nil, connector.BadValue(keyRows, o[keyRows], "a number of at least 0")
	case o.Has(keyParallelism) && s.parallelism < 1:
		return nil, connector.BadValue(keyParallelism, o[keyParallelism], "a number of at least 1")
	}
	zone, err := time.LoadLocation(t.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	b := &builder{options: o, used: map[string]bool{}, table: t.Name, zone: zone}
	for _, c := range t.Columns {
		f, err := b.column(c.Name, c.Type)
		if err != nil {
			return nil, err
		}
		if f.sequence {
			if n := f.end - f.start + 1; s.rows < 0 || n < s.rows {
				s.rows = min(n, maxRows)
			}
		}
		s.columns = append(s.columns, f)
	}
	return s, b.unused()
}

// Capabilities implements connector.Source.
func (s *source) Capabilities() connector.SourceCapabilities {
	return connector.SourceCapabilities{Bounded: s.rows >= 0, Projection: true, Parallelism: s.parallelism}
}

// field makes the values of a column or of a part of one.
type field struct {
	sequence   bool
	start, end int64
	seed       uint64
	nullRate   float64
	// fill appends a value for every key. Keys are random and tell rows apart.
	fill func(v *batch.Vector, keys []uint64, e *env)
	// width is the number of bytes of a text, for the bound of a batch.
	width int
}

// env is what fields share while a reader fills them: the time, and room for the keys of nested values.
type env struct {
	now  int64
	room []uint64
	used int
}

// push returns room for n keys until pop.
func (e *env) push(n int) []uint64 {
	if e.used+n > len(e.room) {
		e.room = make([]uint64, 2*(e.used+n)) // Slices of the old one stay valid.
	}
	e.used += n
	return e.room[e.used-n : e.used]
}

func (e *env) pop(n int) { e.used -= n }

// builder makes fields from the options and notes which it has used.
type builder struct {
	options connector.Options
	used    map[string]bool
	known   []string // Keys that could be set.
	table   string
	zone    *time.Location
}

// option returns the text of an option of a field.
func (b *builder) option(path, attribute string) (key, text string, ok bool) {
	key = fieldsPrefix + path + "." + attribute
	b.known = append(b.known, key)
	text, ok = b.options[key]
	b.used[key] = b.used[key] || ok
	return key, text, ok
}

// check validates the text of an option of a field.
func (b *builder) check(path, attribute string, kind connector.OptionKind) (o connector.Options, key string, err error) {
	key, text, ok := b.option(path, attribute)
	if !ok {
		return nil, key, nil
	}
	opt := connector.Option{Key: key, Kind: kind}
	return connector.Options{key: text}, key, connector.CheckValue(&opt, text)
}

func (b *builder) long(path, attribute string, def int64) (int64, error) {
	o, key, err := b.check(path, attribute, connector.LongOption)
	if err != nil {
		return 0, err
	}
	return o.Long(key, def), nil
}

func (b *builder) double(path, attribute string, def float64) (float64, error) {
	o, key, err := b.check(path, attribute, connector.DoubleOption)
	if err != nil {
		return 0, err
	}
	return o.Double(key, def), nil
}

func (b *builder) boolean(path, attribute string) (bool, error) {
	o, key, err := b.check(path, attribute, connector.BoolOption)
	if err != nil {
		return false, err
	}
	return o.Bool(key, false), nil
}

func (b *builder) duration(path, attribute string) (time.Duration, error) {
	o, key, err := b.check(path, attribute, connector.DurationOption)
	if err != nil {
		return 0, err
	}
	return o.Duration(key, 0), nil
}

// longRange reads min and max.
func (b *builder) longRange(path string, low, high int64) (least, most int64, err error) {
	if least, err = b.long(path, "min", low); err != nil {
		return 0, 0, err
	}
	if most, err = b.long(path, "max", high); err != nil {
		return 0, 0, err
	}
	if least < low || most > high || least > most {
		return 0, 0, errs.New(errs.InvalidOption, "options '%s%s.min' and '.max': no range within %d and %d", fieldsPrefix, path, low, high)
	}
	return least, most, nil
}

// unused is the error of options that no field has.
func (b *builder) unused() error {
	for key := range b.options {
		if strings.HasPrefix(key, fieldsPrefix) && !b.used[key] {
			hint := suggest.Hint(key, b.known)
			if hint != "" {
				hint = "; " + hint
			}
			return errs.New(errs.InvalidOption, "option '%s' is not known to connector '%s'%s; known options of fields are: %s",
				key, Identifier, hint, suggest.Sorted(b.known))
		}
	}
	return nil
}

// column makes the field of a column.
func (b *builder) column(name string, t *schema.Type) (*field, error) {
	key, kind, ok := b.option(name, "kind")
	switch {
	case !ok || strings.EqualFold(kind, "random"):
		return b.random(name, t)
	case strings.EqualFold(kind, "sequence"):
		return b.sequence(name, t)
	}
	return nil, connector.BadValue(key, kind, "random or sequence")
}

// seedOf is the seed of a field.
func (b *builder) seedOf(path string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(b.table + "\x00" + path)) // Never fails.
	return h.Sum64()
}

// golden and mix are those of splitmix64.
const golden = 0x9E3779B97F4A7C15

func mix(z uint64) uint64 {
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9
	z = (z ^ (z >> 27)) * 0x94D049BB133111EB
	return z ^ (z >> 31)
}

// nulls makes some of the rows from first on NULL.
func (f *field) nulls(v *batch.Vector, keys []uint64, first int) {
	if f.nullRate <= 0 {
		return
	}
	const salt = 0x6E756C6C
	for i, k := range keys {
		if float64(mix(k^salt+golden)>>11)/(1<<53) < f.nullRate {
			v.SetNull(first + i)
		}
	}
}
