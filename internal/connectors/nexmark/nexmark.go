// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package nexmark is the source of the Nexmark benchmark: people, auctions and bids of an online auction house.
//
// Every event is a pure function of (seed, event number), so that the source splits over any parallelism, replays from any
// position and makes only the fields that a query reads. A batch is made in two steps: collect chooses the rows (stretches of events
// of one kind, others are skipped by arithmetic), then every column is filled by its own loop over these stretches.
//
// Invariants:
//
//	N1. The value of a field depends on nothing but the options and the event number.
//	N2. Split i of n emits the blocks of 1,000 positions whose number is i modulo n, in order.
//	N3. A split's event time is that of the greatest event number that it has passed, whether the event was emitted or filtered out.
//
// A source is made while planning; readers belong to their subtask. The tables of letters and texts are shared by all readers of the
// process and made when first needed.
package nexmark

import (
	"fmt"
	"strings"

	"spate/batch"
	"spate/connector"
	"spate/internal/sys/errs"
	"spate/schema"
)

// Identifier is the name of the connector.
const Identifier = "nexmark"

// Factory returns the connector.
func Factory() *connector.Factory {
	return &connector.Factory{
		Identifier: Identifier,
		Doc:        "Events of the Nexmark benchmark, the same in every run.",
		Options:    options,
		Source:     newSource,
	}
}

// The columns of the table, in the order of the benchmark; a table may declare any of them, in any order.
const eventTypeColumn = "event_type"

var kindColumns = [kinds]string{person: "person", auction: "auction", bid: "bid"}

var kindFields = [kinds][]field{person: personFields, auction: auctionFields, bid: bidFields}

// timeField is the name of the field with the time of the event.
const timeField = "dateTime"

// source is a table of events.
type source struct {
	config config
	table  string
	// kindOf is the kind of each physical column, -1 for event_type; fieldOf maps its fields to those of the kind.
	kindOf  []int
	fieldOf [][]int
	columns schema.Schema
}

func newSource(t *connector.Table) (connector.Source, error) {
	c, err := newConfig(t.Options)
	if err != nil {
		return nil, err
	}
	s := &source{config: c, table: t.Name, columns: t.Columns}
	for _, column := range t.Columns {
		kind, fields, err := bindColumn(&column)
		if err != nil {
			return nil, errs.New(errs.InvalidOption, "connector 'nexmark', table %s: %w", t.Name, err)
		}
		s.kindOf = append(s.kindOf, kind)
		s.fieldOf = append(s.fieldOf, fields)
	}
	return s, nil
}

// bindColumn finds what a declared column stands for.
func bindColumn(column *schema.Field) (kind int, fields []int, err error) {
	if column.Name == eventTypeColumn {
		if column.Type.Root != schema.Int {
			return 0, nil, fmt.Errorf("column %s must be of type INT", eventTypeColumn)
		}
		return -1, nil, nil
	}
	for kind, name := range kindColumns {
		if name != column.Name {
			continue
		}
		if column.Type.Root != schema.Row {
			return 0, nil, fmt.Errorf("column %s must be of type ROW", name)
		}
		for _, declared := range column.Type.Fields {
			at, err := bindField(kind, &declared)
			if err != nil {
				return 0, nil, fmt.Errorf("column %s: %w", name, err)
			}
			fields = append(fields, at)
		}
		return kind, fields, nil
	}
	return 0, nil, fmt.Errorf("column %s is not one of event_type, person, auction, bid", column.Name)
}

func bindField(kind int, declared *schema.Field) (int, error) {
	names := make([]string, 0, len(kindFields[kind]))
	for i := range kindFields[kind] {
		f := &kindFields[kind][i]
		if f.name == declared.Name {
			if !declared.Type.WithNull(true).Equal(f.typ) {
				return 0, fmt.Errorf("field %s has another type than the generator's", f.name)
			}
			return i, nil
		}
		names = append(names, f.name)
	}
	return 0, fmt.Errorf("field %s is not one of %s", declared.Name, strings.Join(names, ", "))
}

// Capabilities implements connector.Source.
func (s *source) Capabilities() connector.SourceCapabilities {
	c := connector.SourceCapabilities{
		Bounded: s.config.bounded(), Projection: true, NestedProjection: true, AcceptFilter: s.acceptFilter,
	}
	eventType := -1
	for i, kind := range s.kindOf {
		if kind < 0 {
			eventType = i
		}
	}
	if eventType < 0 {
		return c
	}
	for i, kind := range s.kindOf {
		if kind < 0 {
			continue
		}
		for at, f := range s.fieldOf[i] {
			if kindFields[kind][f].name == timeField {
				c.EventTime = append(c.EventTime, connector.GuardedTime{
					Guard: []connector.Filter{{Path: []int{eventType}, Op: connector.Eq, Value: schema.IntValue(int64(kind))}},
					Path:  []int{i, at},
				})
			}
		}
	}
	return c
}

// acceptFilter takes comparisons of event_type with a constant.
func (s *source) acceptFilter(f connector.Filter) bool {
	if len(f.Path) != 1 || f.Path[0] < 0 || f.Path[0] >= len(s.kindOf) || s.kindOf[f.Path[0]] >= 0 || f.Value.Null {
		return false
	}
	switch f.Op {
	case connector.Eq, connector.Ne, connector.Lt, connector.Le, connector.Gt, connector.Ge:
		return true
	}
	return false
}

// mask returns the kinds that pass all filters, a bit each.
func mask(filters []connector.Filter) uint {
	var m uint
	for kind := range kinds {
		pass := true
		for i := range filters {
			pass = pass && holds(int64(kind), filters[i].Op, filters[i].Value.I)
		}
		if pass {
			m |= 1 << uint(kind)
		}
	}
	return m
}

func holds(x int64, op connector.Op, y int64) bool {
	switch op {
	case connector.Eq:
		return x == y
	case connector.Ne:
		return x != y
	case connector.Lt:
		return x < y
	case connector.Le:
		return x <= y
	case connector.Gt:
		return x > y
	case connector.Ge:
		return x >= y
	}
	return false
}

// target is one vector to fill: an own vector of the batch, or child of it.
type target struct {
	own, child int // child is -1 for the vector itself.
	kind       int // -1 for event_type, which is never NULL.
	field      *field
}

func (t *target) vector(b *batch.Batch) *batch.Vector {
	v := b.Own(t.own)
	if t.child >= 0 {
		return v.Child(t.child)
	}
	return v
}

// layout is what a scan asks for, resolved.
type layout struct {
	targets []target
	// rows are the whole rows among the columns, by kind: own vectors that get their length and validity.
	rows []target
	need need
	mask uint
	// limit bounds the rows of a batch so that no column exceeds batch.MaxBytes.
	limit int
}

func (s *source) layout(scan *connector.Scan) (*layout, error) {
	l := &layout{mask: mask(scan.Filters), limit: batch.MaxRows}
	for own, column := range scan.Columns {
		p := column.Path
		switch {
		case len(p) == 0 || p[0] < 0 || p[0] >= len(s.kindOf):
			return nil, fmt.Errorf("scanning %s: column %d is not one of the table", s.table, own)
		case s.kindOf[p[0]] < 0:
			l.targets = append(l.targets, target{own: own, child: -1, kind: -1})
		case len(p) == 1:
			l.rows = append(l.rows, target{own: own, child: -1, kind: s.kindOf[p[0]]})
			for child, f := range s.fieldOf[p[0]] {
				l.add(&s.config, target{own: own, child: child, kind: s.kindOf[p[0]]}, f)
			}
		case len(p) == 2 && p[1] >= 0 && p[1] < len(s.fieldOf[p[0]]):
			l.add(&s.config, target{own: own, child: -1, kind: s.kindOf[p[0]]}, s.fieldOf[p[0]][p[1]])
		default:
			return nil, fmt.Errorf("scanning %s: column %d is not a field of %s", s.table, own, s.columns[p[0]].Name)
		}
	}
	return l, nil
}

func (l *layout) add(c *config, t target, at int) {
	t.field = &kindFields[t.kind][at]
	l.targets = append(l.targets, t)
	if l.mask>>uint(t.kind)&1 == 0 {
		return // Always NULL: nothing is made for it.
	}
	l.need |= t.field.need
	if t.field.width != nil {
		l.limit = min(l.limit, max(1, batch.MaxBytes/max(1, t.field.width(c))))
	}
}
